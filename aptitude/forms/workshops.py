"""Forms of anchor workshops: asking for one, and judging the anchors on one screen."""

from collections.abc import Sequence
from typing import Any, Self

from wtforms import DateField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from aptitude.forms.naming import lines_of
from aptitude.forms.sittings import OPTION_RATINGS
from aptitude.queries.judging import ToSort
from aptitude.rules.profiles import Named
from aptitude.rules.workshops import NOWHERE, Said
from core.web.forms import BaseForm
from core.words import plural
from curricula.rules.words import LEVELS_BOTTOM_UP
from people.rules.levels import LEVEL_LABELS, Level


class WorkshopForm(BaseForm):
    """Ask for an anchor workshop."""

    title = StringField("Name of the workshop", [DataRequired("Give it a name"), Length(max=120)])
    number = SelectField("Version of the framework", coerce=int)
    level = SelectField(
        "Level",
        choices=[
            *(SelectChoice(one.value, LEVEL_LABELS[one]) for one in LEVELS_BOTTOM_UP),
            SelectChoice("", "All levels"),
        ],
    )
    due_on = DateField("By", [DataRequired("Choose a day")])
    judges = TextAreaField(
        "Judges", [DataRequired("Name the judges, one a line"), Length(max=5000)]
    )

    def on_level(self) -> Level | None:
        """Return whose anchors are judged; None for all."""
        return Level(self.level.data) if self.level.data else None

    def lines(self) -> tuple[str, ...]:
        """Return the names, numbers and addresses that were written down."""
        return lines_of(self.judges.data)


class MoreJudgesForm(BaseForm):
    """Ask further judges of a workshop that is open."""

    judges = TextAreaField(
        "Further judges", [DataRequired("Name the judges, one a line"), Length(max=5000)]
    )

    def lines(self) -> tuple[str, ...]:
        """Return the names, numbers and addresses that were written down."""
        return lines_of(self.judges.data)


class PortionForm(BaseForm):
    """Judge the anchors on one screen: where each belongs, and how effective it is."""

    anchor_ids: tuple[int, ...] = ()

    @classmethod
    def asking(cls, anchors: Sequence[ToSort], dimensions: Sequence[Named]) -> Self:
        """Return the form for some anchors, with what was said of them before."""
        fields: dict[str, Any] = {"anchor_ids": tuple(one.id for one in anchors)}
        held: dict[str, str] = {}
        choices = [
            SelectChoice("", "Choose"),
            *(SelectChoice(one.code, one.name) for one in dimensions),
            SelectChoice(NOWHERE, "None of them"),
        ]
        for place, one in enumerate(anchors, start=1):
            fields[f"into-{one.id}"] = SelectField(
                f"Sentence {place} belongs to", choices=choices, validate_choice=False
            )
            fields[f"weight-{one.id}"] = RadioField(
                f"How effective sentence {place} is",
                [Optional()],
                choices=OPTION_RATINGS,
                validate_choice=False,
            )
            held[f"into-{one.id}"] = one.said.sorted_into or ""
            held[f"weight-{one.id}"] = str(one.said.effectiveness or "")
        made: type[Self] = type("PortionFormOfJudge", (cls,), fields)
        return made(data=held)

    def said(self) -> dict[int, Said]:
        """Return what was said, by anchor; anything but a small number counts as 0."""
        return {one: self._of(one) for one in self.anchor_ids}

    def _of(self, anchor_id: int) -> Said:
        into, weight = self[f"into-{anchor_id}"].data, self[f"weight-{anchor_id}"].data
        number = int(weight) if weight and len(weight) == 1 and weight.isdecimal() else 0
        return Said(into or None, number if weight else None)

    def ask_for_the_rest(self) -> None:
        """Mark what is not said yet; what was said is kept already."""
        for anchor_id, one in self.said().items():
            if one.sorted_into is None:
                self[f"into-{anchor_id}"].errors = ["Choose where it belongs."]
            if one.effectiveness is None:
                self[f"weight-{anchor_id}"].errors = ["Choose 1 to 7."]
        self.form_errors.append(
            "What you said is kept. "
            f"{plural(len(self.errors), 'answer is', 'answers are')} still missing here."
        )

"""Forms for those who write scenarios and ask experts about them."""

from typing import Any, Self

from wtforms import (
    DateField,
    FloatField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, Optional

from aptitude.forms.choices import CHANNEL_CHOICES
from aptitude.forms.naming import lines_of
from aptitude.queries.scenarios import ScenarioPage
from aptitude.rules.scenarios import (
    MOST_OPTIONS,
    OptionDraft,
    ScenarioDraft,
    in_order,
)
from aptitude.rules.starter import AREA_LABELS, LETTERS, Area
from core.web.forms import BaseForm, VersionedForm
from curricula.rules.words import DIMENSION_LABELS, LEVELS_BOTTOM_UP
from people.rules.levels import LEVEL_LABELS, Level

QUESTION = "How good is each answer?"


class PanelForm(BaseForm):
    """Ask experts to rate scenarios."""

    title = StringField("Name of the panel", [DataRequired("Give it a name"), Length(max=120)])
    due_on = DateField("By", [Optional()])
    scenarios = SelectMultipleField("Scenarios", coerce=int, validate_choice=False)
    experts = TextAreaField(
        "Experts", [DataRequired("Name the experts, one a line"), Length(max=5000)]
    )

    def lines(self) -> tuple[str, ...]:
        """Return the numbers and addresses that were written down."""
        return lines_of(self.experts.data)


class ScenarioForm(VersionedForm):
    """Write a scenario down: the situation, and four or five things one could do."""

    title = StringField("Title")
    area = SelectField(
        "Area", choices=[SelectChoice(one.value, label) for one, label in AREA_LABELS.items()]
    )
    channel = SelectField("Channel", choices=CHANNEL_CHOICES)
    levels = SelectMultipleField(
        "Levels",
        choices=[SelectChoice(one.value, LEVEL_LABELS[one]) for one in LEVELS_BOTTOM_UP],
    )
    dimensions = SelectMultipleField(
        "Dimensions", choices=[SelectChoice(*one) for one in DIMENSION_LABELS.items()]
    )
    situation = TextAreaField("Situation")
    question = StringField("Question", [Length(max=300)], default=QUESTION)

    @classmethod
    def of(cls, page: ScenarioPage | None) -> Self:
        """Return the form with what stands there now, if anything, and room for every option."""
        fields: dict[str, Any] = {}
        for place in range(1, MOST_OPTIONS + 1):
            letter = LETTERS[place - 1].upper()
            fields[f"text-{place}"] = TextAreaField(f"Answer {letter}")
            fields[f"reason-{place}"] = TextAreaField(
                f"What {letter} does to the customer or colleague"
            )
            fields[f"key-{place}"] = FloatField(f"How good {letter} is, 1 to 7", [Optional()])
        made: type[Self] = type("ScenarioFormWithOptions", (cls,), fields)
        return made(data=_written(page) if page else {"question": QUESTION})

    def draft(self) -> ScenarioDraft:
        """Return what was written as a plain value; empty options are left out."""
        options = [self._option(place) for place in range(1, MOST_OPTIONS + 1)]
        return ScenarioDraft(
            _trimmed(self.title.data),
            Area(self.area.data),
            self.channel.data,
            in_order([Level(one) for one in self.levels.data or []]),
            tuple(sorted(self.dimensions.data or [])),
            _trimmed(self.situation.data),
            _trimmed(self.question.data) or QUESTION,
            tuple(one for one in options if one.text or one.reason),
        )

    def _option(self, place: int) -> OptionDraft:
        text, reason = (_trimmed(self[f"{name}-{place}"].data) for name in ("text", "reason"))
        return OptionDraft(text, reason, self[f"key-{place}"].data or 0)


def _trimmed(text: str | None) -> str:
    return " ".join((text or "").split())


def _written(page: ScenarioPage) -> dict[str, object]:
    values = page.key.values if page.key else {}
    found: dict[str, object] = {
        "version": str(page.revision),
        "title": page.title,
        "area": page.area.value,
        "channel": page.channel,
        "levels": [one.value for one in page.levels],
        "dimensions": list(page.dimensions),
        "situation": page.situation,
        "question": page.question,
    }
    for place, option in enumerate(page.options, start=1):
        found[f"text-{place}"] = option.text
        found[f"reason-{place}"] = option.reason
        value = values.get(option.id)
        found[f"key-{place}"] = round(value.mean, 1) if value else None
    return found

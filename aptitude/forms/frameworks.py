"""Forms for those who write the framework and set targets."""

from collections.abc import Sequence
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from aptitude.forms.choices import SCORES
from aptitude.queries.frameworks import FrameworkView
from aptitude.rules.profiles import Target
from aptitude.rules.targets import TargetDraft
from aptitude.rules.texts import DimensionTexts, FrameworkTexts, anchor_label, anchor_name
from core.clock import today
from core.web.forms import BaseForm, VersionedForm
from curricula.rules.words import LEVELS_BOTTOM_UP
from people.rules.levels import LEVEL_LABELS, Level

OF_JOB = "job:"
"""What stands before a job title where levels and job titles are chosen from one list."""


class TargetChoiceForm(BaseForm):
    """Say which target of whom is to be looked at."""

    dimension = SelectField("Dimension", [InputRequired("Choose a dimension")])
    of = SelectField("Of whom", [InputRequired("Choose a level or a job title")])

    def offer(self, framework: FrameworkView, titles: Sequence[str]) -> None:
        """Let people choose from dimensions, levels and the job titles there are."""
        self.dimension.choices = [
            SelectChoice(code, name) for code, name in framework.names.items()
        ]
        self.of.choices = [
            *(SelectChoice(one.value, LEVEL_LABELS[one]) for one in LEVELS_BOTTOM_UP),
            *(SelectChoice(f"{OF_JOB}{one}", f"Job title: {one}") for one in titles),
        ]

    @property
    def level(self) -> Level | None:
        """Return the level that was chosen, if it was one."""
        return next((one for one in Level if one.value == self.of.data), None)

    @property
    def job_title(self) -> str | None:
        """Return the job title that was chosen, if it was one."""
        text = str(self.of.data or "")
        return text.removeprefix(OF_JOB) if text.startswith(OF_JOB) else None


class TargetForm(VersionedForm, TargetChoiceForm):
    """Say what is expected of a level or job title from a day on."""

    score = SelectField("Target", choices=SCORES)
    required = BooleanField("Required: it decides about the level")
    floor = SelectField(
        "Least score where required", choices=[SelectChoice("", "the target"), *SCORES]
    )
    from_on = DateField("From", [InputRequired("Choose a day")])
    why = StringField("Why", [Optional(), Length(max=500)])
    promised = HiddenField()

    @classmethod
    def beginning_with(
        cls, held: Target | None, dimension: str, of: str, last_id: int
    ) -> "TargetForm":
        """Return the form as it stands today: what holds now for what was chosen."""
        form = cls(
            dimension=dimension,
            of=of,
            version=str(last_id),
            from_on=today(),
            score=str(round(held.value * 10)) if held else "30",
            required=bool(held and held.required),
            floor=str(round(held.floor * 10)) if held and held.floor else "",
        )
        if form.job_title is not None:
            form.score.choices = [*SCORES, SelectChoice("", "none of its own: that of the level")]
        return form

    def draft(self) -> TargetDraft:
        """Return what was chosen as a plain value."""
        tenths = int(self.score.data) if self.score.data else None
        floor = int(self.floor.data) if self.floor.data and self.required.data else None
        return TargetDraft(
            self.dimension.data,
            self.level,
            self.job_title,
            tenths,
            floor if floor is not None or not self.required.data else tenths,
            bool(self.required.data) and tenths is not None,
            self.from_on.data,
            self.why.data or "",
        )


class FrameworkForm(VersionedForm):
    """Write a version of the framework: every text of it on one page."""

    title = StringField("Title", [Optional(), Length(max=300)])
    purpose = TextAreaField("Purpose", [Optional(), Length(max=10_000)])
    change_note = StringField("What is new", [Optional(), Length(max=500)])

    @classmethod
    def for_draft(cls, draft: FrameworkView) -> "FrameworkForm":
        """Return the form with all that the draft says."""
        fields: dict[str, Any] = {}
        for one in draft.dimensions:
            fields[f"name-{one.code}"] = StringField(
                f"Name of {one.code}", [Optional(), Length(max=300)], default=one.name
            )
            fields[f"definition-{one.code}"] = StringField(
                f"What {one.code} is", [Optional(), Length(max=500)], default=one.definition
            )
            for level, behaviours in one.anchors.items():
                for score, text in enumerate(behaviours, start=1):
                    fields[anchor_name(one.code, level, score)] = TextAreaField(
                        anchor_label(one.name, level, score),
                        [Optional(), Length(max=500)],
                        default=text,
                    )
        made: type[FrameworkForm] = type("FrameworkFormOfDraft", (cls,), fields)
        return made(
            title=draft.title,
            purpose=draft.purpose,
            change_note=draft.change_note or "",
            version=str(draft.revision),
        )

    def texts(self, draft: FrameworkView) -> FrameworkTexts:
        """Return what was written as plain values."""
        return FrameworkTexts(
            self.title.data or "",
            self.purpose.data or "",
            self.change_note.data or "",
            [
                DimensionTexts(
                    one.code,
                    self[f"name-{one.code}"].data or "",
                    self[f"definition-{one.code}"].data or "",
                    {
                        level: [
                            self[anchor_name(one.code, level, score)].data or ""
                            for score in range(1, len(behaviours) + 1)
                        ]
                        for level, behaviours in one.anchors.items()
                    },
                )
                for one in draft.dimensions
            ],
        )

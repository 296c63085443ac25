"""Forms for those who write the framework and set targets."""

from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from aptitude.forms.choices import SCORES
from aptitude.queries.frameworks import FrameworkView
from aptitude.rules.targets import TargetDraft
from aptitude.rules.texts import DimensionTexts, FrameworkTexts, anchor_label, anchor_name
from core.clock import today
from core.web.forms import VersionedForm
from curricula.rules.words import LEVELS_BOTTOM_UP
from people.rules.levels import LEVEL_LABELS, Level


class TargetForm(VersionedForm):
    """Say what is expected of a level or job title from a day on."""

    dimension = SelectField("Dimension")
    level = SelectField(
        "Level",
        choices=[
            SelectChoice("", "a job title, below"),
            *(SelectChoice(one.value, LEVEL_LABELS[one]) for one in LEVELS_BOTTOM_UP),
        ],
    )
    job_title = StringField("Job title", [Optional(), Length(max=300)])
    score = SelectField(
        "Target", choices=[*SCORES, SelectChoice("", "none of its own: that of the level")]
    )
    required = BooleanField("Required: it decides about the level")
    floor = SelectField(
        "Least score where required", choices=[SelectChoice("", "the target"), *SCORES]
    )
    from_on = DateField("From", [InputRequired("Choose a day")])
    why = StringField("Why", [Optional(), Length(max=500)])

    @classmethod
    def for_framework(
        cls, framework: FrameworkView, last_id: int, job_title: str = ""
    ) -> "TargetForm":
        """Return the form for the dimensions of a framework, for a job title if one is given."""
        form = cls(from_on=today(), version=str(last_id), score="30", job_title=job_title)
        form.dimension.choices = [
            SelectChoice(code, f"{code} {name}") for code, name in framework.names.items()
        ]
        return form

    def draft(self) -> TargetDraft:
        """Return what was chosen as a plain value."""
        tenths = int(self.score.data) if self.score.data else None
        floor = int(self.floor.data) if self.floor.data and self.required.data else None
        return TargetDraft(
            self.dimension.data,
            Level(self.level.data) if self.level.data else None,
            (self.job_title.data or "").strip() or None,
            tenths,
            floor if floor is not None or not self.required.data else tenths,
            bool(self.required.data),
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

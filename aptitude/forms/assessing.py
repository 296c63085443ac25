"""Forms for those who say where somebody stands."""

from typing import Any

from wtforms import (
    RadioField,
    SelectChoice,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from aptitude.forms.choices import SCORES
from aptitude.queries.frameworks import FrameworkView
from aptitude.rules.asking import (
    LONGEST_EXAMPLE,
    RatingDraft,
)
from core.web.forms import BaseForm

NOT_OBSERVED = "none"
CHOOSE = "Choose a level, or “not observed”"


class RateForm(BaseForm):
    """Say where somebody stands: one question for each dimension of the framework."""

    codes: tuple[str, ...] = ()

    @classmethod
    def for_framework(cls, framework: FrameworkView) -> "RateForm":
        """Return the form that asks for the dimensions of a framework."""
        fields: dict[str, Any] = {"codes": tuple(framework.names)}
        for code, name in framework.names.items():
            fields[f"score-{code}"] = RadioField(
                name,
                [InputRequired(CHOOSE)],
                choices=[*SCORES, SelectChoice(NOT_OBSERVED, "Not observed")],
            )
            fields[f"example-{code}"] = TextAreaField(
                f"What did you see? {name}", [Optional(), Length(max=LONGEST_EXAMPLE)]
            )
        made: type[RateForm] = type("RateFormOfVersion", (cls,), fields)
        return made()

    def drafts(self) -> list[RatingDraft]:
        """Return what was said as plain values."""
        found = []
        for code in self.codes:
            chosen = self[f"score-{code}"].data
            tenths = None if chosen == NOT_OBSERVED else int(chosen)
            found.append(RatingDraft(code, tenths, self[f"example-{code}"].data or ""))
        return found


class DeclineForm(BaseForm):
    """Say that one cannot tell."""

    reason = StringField("Why you cannot say it", [Optional(), Length(max=500)])

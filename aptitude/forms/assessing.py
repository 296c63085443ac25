"""Forms for those who say where somebody stands."""

from typing import Any

from wtforms import (
    HiddenField,
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
    Words,
)
from core.errors import ConflictError
from core.web.forms import BaseForm, Both, Conflict, VersionedForm
from people.rules.levels import LEVEL_LABELS, Level

NOT_OBSERVED = "none"
REMEDY = (
    "What you chose is still in the form. Read what is expected now, change it where you see it "
    "otherwise, and send it again."
)
CHOOSE = "Choose a level, or “not observed”"


class RateForm(VersionedForm):
    """Say where somebody stands: one question for each dimension of the framework.

    It carries the framework and the level whose words the rater reads.
    """

    codes: tuple[str, ...] = ()
    level = HiddenField()

    @classmethod
    def by_words(cls, framework: FrameworkView, level: Level) -> "RateForm":
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
        return made(version=str(framework.id), level=level.value)

    def words(self) -> Words | None:
        """Return the words the rater read; None where the form carries none.

        Raises:
            RefusedError: It has to carry them.
        """
        framework_id = self.seen()
        return None if framework_id is None else Words(framework_id, self._level())

    def _level(self) -> Level | None:
        return next((one for one in Level if one.value == self.level.data), None)

    def replace_words(self, error: ConflictError, framework: FrameworkView, level: Level) -> None:
        """Say by which words it is asked now, and carry those from now on."""
        read = self._level()
        is_same = self.version.data == str(framework.id)
        now = f"version {framework.number}"
        before = now if is_same else "an earlier version"
        before = f"{LEVEL_LABELS[read] if read else 'Another level'}, {before}"
        now = f"{LEVEL_LABELS[level]}, {now}"
        self.collide(error, Conflict([Both("The words of", before, now)], remedy=REMEDY))
        self.level.data = level.value

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

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
    RatingDraft,
    Words,
    rating_fault,
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
    def by_words(
        cls, framework: FrameworkView, level: Level, *, is_sent: bool = True
    ) -> "RateForm":
        """Return the form that asks for the dimensions of a framework.

        Args:
            framework: Whose words.
            level: Of which level.
            is_sent: Whether what was sent is for it; else it is empty.
        """
        fields: dict[str, Any] = {"codes": tuple(framework.names)}
        for code, name in framework.names.items():
            fields[f"score-{code}"] = RadioField(
                name,
                [InputRequired(f"{name} has no answer. {CHOOSE}.")],
                choices=[*SCORES, SelectChoice(NOT_OBSERVED, "Not observed")],
            )
            fields[f"example-{code}"] = TextAreaField(f"{name}: what did you see?", [Optional()])
        made: type[RateForm] = type("RateFormOfVersion", (cls,), fields)
        held = {"version": str(framework.id), "level": level.value}
        return made(data=held) if is_sent else made(formdata=None, data=held)

    def validate(self, extra_validators: Any = None) -> bool:
        """Look at every dimension, so that all that is wrong is told at once."""
        super().validate(extra_validators)
        for code in self.codes:
            score = self[f"score-{code}"]
            fault = None if score.errors else rating_fault(self._draft(code), score.label.text)
            if fault is not None:
                self.refuse(fault)
        return not self.errors

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
        return [self._draft(code) for code in self.codes]

    def _draft(self, code: str) -> RatingDraft:
        chosen = self[f"score-{code}"].data
        tenths = None if chosen == NOT_OBSERVED else int(chosen)
        return RatingDraft(code, tenths, self[f"example-{code}"].data or "")


class DeclineForm(BaseForm):
    """Say that one cannot tell."""

    reason = StringField("Why you cannot say it", [Optional(), Length(max=500)])

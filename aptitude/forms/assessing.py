"""Forms for those who say where somebody stands."""

import secrets
from collections.abc import Iterator
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
from aptitude.rules.begun import NOT_OBSERVED, Begun, BegunPart, part_words
from core.errors import ConflictError
from core.web.forms import LONGEST_VERSION, BaseForm, Both, Conflict, VersionedForm
from people.rules.levels import LEVEL_LABELS, Level

REMEDY = (
    "What you chose is still in the form. Read what is expected now, change it where you see it "
    "otherwise, and send it again."
)
BEGUN_ELSEWHERE = (
    "It was kept from another window or device. Choose “Keep for later” again to put what is in "
    "this form in its place, or leave this page and open it again to go on with the other."
)
PAGES = 10**15
"""Numbers that pages are told apart by; no two windows draw the same one."""

CHOOSE = "Choose a level, or “not observed”"


class RateForm(VersionedForm):
    """Say where somebody stands: one question for each dimension of the framework.

    It carries the framework and the level whose words the rater reads.
    """

    codes: tuple[str, ...] = ()
    level = HiddenField()
    page = HiddenField()
    seen_page = HiddenField()

    @classmethod
    def by_words(
        cls,
        framework: FrameworkView,
        level: Level,
        begun: Begun | None = None,
        *,
        is_sent: bool = True,
    ) -> "RateForm":
        """Return the form that asks for the dimensions of a framework.

        Args:
            framework: Whose words.
            level: Of which level.
            begun: What was kept of it, where it is opened and not sent.
            is_sent: Whether what was sent is for it; else it is as it is opened.
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
        held = {
            "version": str(framework.id),
            "level": level.value,
            "page": str(secrets.randbelow(PAGES)),
            "seen_page": str(begun.page) if begun else "",
        }
        form = made(data=held) if is_sent else made(formdata=None, data=held)
        if begun and not (is_sent and form.is_submitted()):
            form._fill(begun)
        return form

    def _fill(self, begun: Begun) -> None:
        for part in begun.parts:
            if part.code in self.codes:
                self[f"score-{part.code}"].data = part.choice or None
                self[f"example-{part.code}"].data = part.example

    def own_page(self) -> int:
        """Return the number of the page the form stands on."""
        return _number(self.page) or 0

    def seen_begun(self) -> int | None:
        """Return the page from which that was kept which this one began with."""
        return _number(self.seen_page)

    def parts(self) -> Iterator[BegunPart]:
        """Yield what the form holds, finished or not."""
        for code in self.codes:
            chosen, example = self[f"score-{code}"].data, self[f"example-{code}"].data
            yield BegunPart(code, chosen or "", (example or "").replace("\r\n", "\n"))

    def replace_begun(self, version: int, begun: Begun | None) -> None:
        """Say what was kept elsewhere beside what is here, and replace it from now on."""
        held = {part.code: part for part in begun.parts} if begun else {}
        values = [
            Both(self[f"score-{one.code}"].label.text, part_words(one), part_words(there))
            for one in self.parts()
            for there in [held.get(one.code)]
            if part_words(one) != part_words(there)
        ]
        at = begun.kept_at if begun else None
        self.conflict = Conflict(values, at=at, remedy=BEGUN_ELSEWHERE)
        self.seen_page.data = str(version)

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


def _number(field: HiddenField) -> int | None:
    text = field.data or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_VERSION else None


class DeclineForm(BaseForm):
    """Say that one cannot tell."""

    reason = StringField("Why you cannot say it", [Optional(), Length(max=500)])

"""The base of every form, and of those that change what somebody else may change meanwhile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField
from wtforms.widgets import CheckboxInput, HiddenInput, RadioInput

from core.errors import ConflictError, RefusedError
from core.web.form_words import PlainWords

LONGEST_VERSION = 18
"""Digits; more fit no database."""

LONG_FORM = 6
"""Fields; from here on what is wrong is listed above the form too, for it may be out of sight."""


@dataclass(frozen=True)
class Fault:
    """Something wrong in a form, for the list above it.

    Attributes:
        target: The id of what has to be mended.
        text: What is wrong there, with the name of the field.
    """

    target: str
    text: str


class BaseForm(FlaskForm):
    """A form that can show a refusal from the domain beside the right field."""

    class Meta(FlaskForm.Meta):
        """What holds for every form of the product."""

        def get_translations(self, _form: FlaskForm) -> PlainWords:
            """Return what the library's own sentences are called here."""
            return PlainWords()

    def refuse(self, refusal: RefusedError) -> None:
        """Attach `refusal` and what else was wrong, each to its field or to the form."""
        for one in (refusal, *refusal.also):
            self._attach(one)

    @property
    def faults(self) -> list[Fault]:
        """Return what is wrong in its fields, in their order; of a short form nothing.

        A short form shows its faults beside its fields, all in sight.
        """
        shown = [field for field in self if not isinstance(field.widget, HiddenInput)]
        return [_fault(field) for field in shown if field.errors] if len(shown) >= LONG_FORM else []

    def _attach(self, refusal: RefusedError) -> None:
        if refusal.field and refusal.field in self:
            field = self[refusal.field]
            field.errors = [*field.errors, refusal.message]
        else:
            self.form_errors.append(refusal.message)


def _fault(field: Field) -> Fault:
    """Return what is wrong in a field; a sentence that begins with its name is not named again."""
    name = str(field.label.text)
    words = " ".join(one for one in field.errors if isinstance(one, str))
    text = words if words.startswith(name.split(":")[0]) else f"{name}: {words}"
    is_many = isinstance(getattr(field, "option_widget", None), CheckboxInput | RadioInput)
    return Fault(f"{field.id}-0" if is_many else field.id, text)


@dataclass(frozen=True)
class Both:
    """One thing as the person sent it and as it is there now, both in words."""

    label: str
    sent: str
    held: str


@dataclass(frozen=True)
class Conflict:
    """What somebody else has changed after the form was made.

    Attributes:
        values: What was sent beside what is there.
        who: Who changed it; empty where several people did, or nobody knows.
        at: When, where it was one change.
        remedy: What the person can do now.
    """

    values: Sequence[Both]
    who: str = ""
    at: datetime | None = None
    remedy: str = (
        "What you wrote is still in the form. Send it again to put it in the place of what is "
        "there, or change it first."
    )


def differing(
    sent: Mapping[str, object], held: Mapping[str, object], words: Mapping[str, str]
) -> list[Both]:
    """Return what differs between two sets of choices, with those inside of choices.

    Args:
        sent: What the person chose.
        held: What is chosen now.
        words: Names of choices and of their values, as pages write them.
    """
    found: list[Both] = []
    for name in sorted({*sent, *held}):
        mine, theirs = (one.get(name) if one.get(name) != "" else None for one in (sent, held))
        if isinstance(mine, Mapping) or isinstance(theirs, Mapping):
            found += differing(_choices(mine), _choices(theirs), words)
        elif mine != theirs:
            pair = ("" if one is None else words.get(str(one), str(one)) for one in (mine, theirs))
            found.append(Both(words.get(name, name), *pair))
    return found


def _choices(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


class VersionedForm(BaseForm):
    """A form that carries the version of what it was made from; the later of two is shown both."""

    version = HiddenField()
    conflict: Conflict | None = None

    def seen(self) -> int | None:
        """Return the version the form was made from.

        Raises:
            RefusedError: The form carries none.
        """
        # What came, not the data: a field that did not come holds what a new form would.
        text = str((self.version.raw_data or [""])[0])
        if text.isascii() and text.isdigit() and len(text) <= LONGEST_VERSION:
            return int(text)
        if current_app.config["FORMS_CARRY_IDS"]:
            raise RefusedError("Load the page again and repeat what you did.")
        return None

    def refuse(self, refusal: RefusedError) -> None:
        """Attach `refusal` to its field or the form; a conflict is shown as both versions."""
        if not isinstance(refusal, ConflictError) or self.conflict is None:
            super().refuse(refusal)

    def collide(self, error: ConflictError, conflict: Conflict) -> None:
        """Show both versions, keep what was written, and carry the new version from now on."""
        self.version.data = str(error.version)
        self.conflict = conflict

    @property
    def status(self) -> int:
        """Return the number of the answer that shows this form."""
        return 409 if self.conflict else 200

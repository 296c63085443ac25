"""The base of every form, and of those that change what somebody else may change meanwhile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from flask_wtf import FlaskForm
from wtforms import HiddenField

from core.errors import ConflictError, RefusedError

LONGEST_VERSION = 18
"""Digits; more fit no database."""


class BaseForm(FlaskForm):
    """A form that can show a refusal from the domain beside the right field."""

    def refuse(self, refusal: RefusedError) -> None:
        """Attach `refusal` to its field, or to the form as a whole."""
        if refusal.field and refusal.field in self:
            field = self[refusal.field]
            field.errors = [*field.errors, refusal.message]
        else:
            self.form_errors.append(refusal.message)


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

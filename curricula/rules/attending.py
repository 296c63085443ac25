"""The attendance sheet: what is typed on it, when it is closed, and who completed the module."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.errors import RefusedError
from core.words import hours, plural

COMPLETES_FROM_PERCENT = 75
"""Who was there for this part of the planned minutes has completed the module."""

MOST_MINUTES = 1440
LONGEST_REASON = 500
CODE_DIGITS = 6
SIGN_IN_BEFORE = timedelta(minutes=30)
SIGN_IN_AFTER = timedelta(minutes=30)


@dataclass(frozen=True)
class Presence:
    """What the sheet says of one person on one day.

    Attributes:
        minutes: How long they were there; 0 is absent.
        reason: Why they were absent.
    """

    minutes: int
    reason: str = ""

    @property
    def is_present(self) -> bool:
        """Tell whether they were there at all."""
        return self.minutes > 0


def read_sheet(
    typed: Mapping[str, str], names: Mapping[int, str], planned: int
) -> dict[int, Presence]:
    """Return the marks of those people of whom the sheet says something.

    Args:
        typed: The fields: "is-7" is "present" or "absent", "minutes-7" and "reason-7" go with it.
        names: The people on the sheet by the id of their enrolment.
        planned: The minutes that stand for no number.

    Raises:
        RefusedError: A number of minutes is none, with the name of the person.
    """
    found = {}
    for key, name in names.items():
        said = typed.get(f"is-{key}", "")
        if said == "absent":
            found[key] = Presence(0, typed.get(f"reason-{key}", "").strip()[:LONGEST_REASON])
        elif said == "present":
            found[key] = Presence(_minutes(typed.get(f"minutes-{key}", ""), name, planned))
    return found


def _minutes(text: str, name: str, planned: int) -> int:
    plain = text.strip()
    if not plain:
        return planned
    if not re.fullmatch(r"[0-9]{1,4}", plain) or not 1 <= int(plain) <= MOST_MINUTES:
        raise RefusedError(
            f"The minutes of {name} are “{plain[:20]}”. Write a whole number from 1 to"
            f" {MOST_MINUTES}, or mark the person absent."
        )
    return int(plain)


def all_present(
    marks: Mapping[int, Presence], people: Iterable[int], planned: int
) -> dict[int, Presence]:
    """Mark everybody present of whom nothing is said yet."""
    return {**dict.fromkeys(people, Presence(planned)), **marks}


def completes(minutes: int, planned: int) -> bool:
    """Tell whether somebody was there long enough to have completed the module."""
    return minutes > 0 and minutes * 100 >= planned * COMPLETES_FROM_PERCENT


def check_closable(
    last_starts_at: datetime | None, now: datetime, unmarked: Mapping[str, int], people: int
) -> None:
    """Refuse to close a sheet too early, or with people of whom nothing is said.

    Args:
        last_starts_at: When the last day begins.
        now: This moment.
        unmarked: How many days are missing by person.
        people: How many are on the sheet.

    Raises:
        RefusedError: It cannot be closed yet.
    """
    if last_starts_at is None or last_starts_at > now:
        raise RefusedError("The session has not begun its last day yet; save the sheet for now.")
    if not people:
        raise RefusedError("Nobody is on the sheet. Enrol those who came, or cancel the session.")
    if unmarked:
        few = ", ".join(list(unmarked)[:5])
        more = len(unmarked) - 5
        rest = f" and {more} more" if more > 0 else ""
        raise RefusedError(
            f"{plural(len(unmarked), 'person is', 'people are')} not marked on every day yet:"
            f" {few}{rest}. Mark each of them present or absent."
        )


def dropped_after_marks(positions: Iterable[int], marked: Collection[int]) -> set[int]:
    """Return the dates that fall away when a session ends after the last one with marks.

    Args:
        positions: All its dates, counted from 1.
        marked: Those of which the sheet says something.

    Raises:
        RefusedError: Nothing is marked, or no date follows.
    """
    if not marked:
        raise RefusedError("Nobody is marked on any date yet. Cancel the session instead.")
    dropped = {one for one in positions if one > max(marked)}
    if not dropped:
        raise RefusedError("The last date has marks, so no date can fall away. Close the sheet.")
    return dropped


def check_no_minutes(minutes: int, what: str, instead: str) -> None:
    """Refuse what would lose minutes the sheet holds.

    Args:
        minutes: What the sheet holds.
        what: Whose they are, as the beginning of a sentence.
        instead: What to do, as a sentence.

    Raises:
        RefusedError: There are some.
    """
    if minutes:
        raise RefusedError(f"{what} {hours(minutes)} on the attendance sheet. {instead}")


def may_sign_in(starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """Tell whether people may sign themselves in: around the time of a day."""
    return starts_at - SIGN_IN_BEFORE <= now <= ends_at + SIGN_IN_AFTER


def plain_code(text: str) -> str:
    """Return a sign-in code without what people type between its digits."""
    return re.sub(r"[^0-9]", "", text)


def spoken_code(code: str) -> str:
    """Return a code as it is read aloud: "471 902"."""
    return f"{code[:3]}\u202f{code[3:]}"

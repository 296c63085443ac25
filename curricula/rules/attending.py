"""The attendance sheet: what is typed on it, when it is closed, and who completed the module."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from core.errors import RefusedError
from core.words import hours, plural
from curricula.rules.versions import version_of

COMPLETES_FROM_PERCENT = 75
"""Who was there for this part of the planned minutes has completed the module."""

MOST_MINUTES = 1440
LONGEST_REASON = 500
MOST_NAMED = 5
NOTHING: Mapping[str, str] = MappingProxyType({})
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


@dataclass(frozen=True)
class TypedSheet:
    """What was typed on a sheet: the marks that can be read, and what is wrong with the others."""

    marks: Mapping[int, Presence]
    problems: Mapping[int, str]


def read_sheet(typed: Mapping[str, str], names: Mapping[int, str], planned: int) -> TypedSheet:
    """Return the marks of those people of whom the sheet says something.

    Args:
        typed: The fields: "is-7" is "present" or "absent", "minutes-7" and "reason-7" go with it.
        names: The people on the sheet by the id of their enrolment.
        planned: The minutes that stand for no number.
    """
    marks: dict[int, Presence] = {}
    problems: dict[int, str] = {}
    for key, name in names.items():
        said = typed.get(f"is-{key}", "")
        if said not in {"absent", "present"}:
            continue
        minutes = 0 if said == "absent" else _minutes(typed.get(f"minutes-{key}", ""), planned)
        if minutes is None:
            problems[key] = (
                f"The minutes of {name} are “{typed[f'minutes-{key}'].strip()[:20]}”. Write a whole"
                f" number up to {MOST_MINUTES}, or mark the person absent."
            )
        else:
            reason = "" if minutes else typed.get(f"reason-{key}", "").strip()[:LONGEST_REASON]
            marks[key] = Presence(minutes, reason)
    return TypedSheet(marks, problems)


def _minutes(text: str, planned: int) -> int | None:
    """Return the minutes, the planned ones where nothing is typed, None for what is no number."""
    plain = text.strip()
    if not plain:
        return planned
    if not re.fullmatch(r"[0-9]{1,4}", plain) or int(plain) > MOST_MINUTES:
        return None
    return int(plain)


@dataclass(frozen=True)
class Written:
    """What stands in the fields of one person.

    Attributes:
        said: "present", "absent" or nothing.
        problem: What is wrong with the minutes, as a sentence.
    """

    said: str
    minutes: str
    reason: str
    problem: str = ""


def written(
    key: int,
    planned: int,
    saved: Presence | None,
    typed: Mapping[str, str] = NOTHING,
    sheet: TypedSheet | None = None,
) -> Written:
    """Return what to show of a person: what was typed just now, else what was saved.

    Args:
        key: The id of the enrolment.
        planned: The minutes that stand for no number.
        saved: What the sheet says of them.
        typed: The fields as they were sent.
        sheet: What was read from those.
    """
    minutes, reason = typed.get(f"minutes-{key}", ""), typed.get(f"reason-{key}", "")
    if sheet and key in sheet.problems:
        return Written("present", minutes, reason, sheet.problems[key])
    mark = sheet.marks.get(key, saved) if sheet else saved
    if mark is None:
        return Written("", minutes or str(planned), reason)
    if mark.is_present:
        return Written("present", str(mark.minutes), "")
    return Written("absent", "", mark.reason)


def all_present(
    people: Iterable[int], planned: int, *marks: Mapping[int, Presence]
) -> dict[int, Presence]:
    """Mark everybody present of whom nothing is said yet; of two marks the later one counts."""
    found = dict.fromkeys(people, Presence(planned))
    for some in marks:
        found |= some
    return found


def mark_version(mark: Presence | None) -> int:
    """Return a number that differs whenever somebody is marked otherwise on the sheet."""
    return version_of(mark)


def marked_otherwise(
    marks: Mapping[int, Presence], held: Mapping[int, Presence], seen: Mapping[int, int]
) -> list[int]:
    """Return of whom a sheet says something else than what somebody else has said meanwhile.

    Args:
        marks: What is to be kept, by the id of the enrolment.
        held: What is kept now.
        seen: The versions of what was kept when the sheet was shown.
    """
    return [
        key
        for key, mark in marks.items()
        if mark != held.get(key) and seen.get(key) != mark_version(held.get(key))
    ]


def spoken_mark(mark: Presence | None) -> str:
    """Return what the sheet says of somebody, in words."""
    if mark is None:
        return "nothing"
    if mark.is_present:
        return f"present, {mark.minutes} min"
    return f"absent: {mark.reason}" if mark.reason else "absent"


def completes(minutes: int, planned: int) -> bool:
    """Tell whether somebody was there long enough to have completed the module."""
    return minutes > 0 and minutes * 100 >= planned * COMPLETES_FROM_PERCENT


def check_closable(
    last_starts_at: datetime | None,
    now: datetime,
    unmarked: Sequence[str],
    unexplained: Sequence[str],
    people: int,
) -> None:
    """Refuse to close a sheet too early, or while it does not say enough of somebody.

    Args:
        last_starts_at: When the last day begins.
        now: This moment.
        unmarked: Who is not marked on some day.
        unexplained: Who was absent and nobody said why.
        people: How many are on the sheet.

    Raises:
        RefusedError: It cannot be closed yet.
    """
    if last_starts_at is None or last_starts_at > now:
        raise RefusedError("The session has not begun its last day yet; save the sheet for now.")
    if not people:
        raise RefusedError("Nobody is on the sheet. Enrol those who came, or cancel the session.")
    if unmarked:
        raise RefusedError(
            f"{plural(len(unmarked), 'person is', 'people are')} not marked on every day yet:"
            f" {_named(unmarked)}. Mark each of them present or absent."
        )
    if unexplained:
        raise RefusedError(
            f"Say why {_named(unexplained)} {'was' if len(unexplained) == 1 else 'were'} absent;"
            " a word such as “ill” is enough."
        )


def _named(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


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

"""Changing what the organisation has decided about itself."""

from sqlalchemy import select

from core.db import take_turn, transaction
from core.errors import RefusedError
from people.models import Setting
from people.rules.auditing import Details
from people.rules.retention import LONGEST, PERIOD_OF, SHORTEST
from people.services.auditing import record
from people.services.versions import check_unchanged

LONGEST_DAY_MINUTES = 24 * 60
LONGEST_NAME = 120


def set_organisation_name(name: str) -> None:
    """Record what the organisation calls itself.

    Raises:
        RefusedError: The name is empty or too long.
    """
    _set({"organisation": _checked_name(name)})


def set_day_minutes(minutes: int) -> None:
    """Record how long a working day is, for durations that are given in days.

    Raises:
        RefusedError: No day is that long.
    """
    _set({"day_minutes": _checked_minutes(minutes)})


def set_organisation(name: str, minutes: int, *, seen: int | None = None) -> None:
    """Record name and length of a day together, both or neither.

    Args:
        name: What the organisation calls itself.
        minutes: The length of its day.
        seen: The version both had when the person saw them; None where nobody looked.

    Raises:
        RefusedError: One of them cannot be.
        ConflictError: Somebody else changed one of them since.
    """
    _set({"organisation": _checked_name(name), "day_minutes": _checked_minutes(minutes)}, seen)


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise RefusedError(
            f"Give the organisation a name of at most {LONGEST_NAME} characters.", "organisation"
        )
    return name


def _checked_minutes(minutes: int) -> str:
    if not 1 <= minutes <= LONGEST_DAY_MINUTES:
        raise RefusedError("A working day has between 1 and 1440 minutes.", "day_minutes")
    return str(minutes)


def set_retention(kind: str, days: int) -> None:
    """Record for how many days one kind of data is kept.

    Raises:
        RefusedError: There is no such kind, or nothing is kept that long.
    """
    if kind not in PERIOD_OF:
        raise RefusedError(f"There is no kind of data called {kind}.", "kind")
    shortest = PERIOD_OF[kind].shortest
    if not shortest <= days <= LONGEST:
        raise RefusedError(
            f"{PERIOD_OF[kind].what}: kept for {shortest} to {LONGEST} days."
            + (" What is shown rests on the last three years." if shortest > SHORTEST else ""),
            "days",
        )
    _set({PERIOD_OF[kind].setting: str(days)})


def keep_setting(key: str, value: str, *, seen: int | None = None) -> None:
    """Record what a package above this one has checked and decided to keep.

    Raises:
        ConflictError: Somebody else changed it since the version that was seen.
    """
    _set({key: value}, seen)


def _set(values: dict[str, str], seen: int | None = None) -> None:
    with transaction() as session:
        take_turn(session, shifts=False)
        rows = session.scalars(select(Setting).where(Setting.key.in_(values)))
        held = {row.key: row for row in rows}
        check_unchanged(seen, sum(row.version for row in held.values()))
        for key, value in values.items():
            before = held[key].value if key in held else None
            if key in held:
                held[key].value = value
            else:
                session.add(Setting(key=key, value=value))
            details: Details = {"key": key, "before": before, "after": value}
            record(session, "setting.change", of=("setting", None), details=details)

"""Changing what the organisation has decided about itself."""

from sqlalchemy import delete, select

from core.db import transaction
from core.errors import RefusedError
from people.models import Setting
from people.rules.retention import LONGEST, PERIOD_OF, SHORTEST
from people.services.auditing import record
from people.services.versions import raise_data_version

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


def set_organisation(name: str, minutes: int) -> None:
    """Record name and length of a day together, both or neither.

    Raises:
        RefusedError: One of them cannot be.
    """
    _set({"organisation": _checked_name(name), "day_minutes": _checked_minutes(minutes)})


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
    if not SHORTEST <= days <= LONGEST:
        raise RefusedError("Data are kept for 1 to 36500 days.", "days")
    _set({PERIOD_OF[kind].setting: str(days)})


def keep_setting(key: str, value: str) -> None:
    """Record what a package above this one has checked and decided to keep."""
    _set({key: value})


def _set(values: dict[str, str]) -> None:
    with transaction() as session:
        raise_data_version(session)
        known = select(Setting.key, Setting.value).where(Setting.key.in_(values))
        before = dict(session.execute(known).all())
        session.execute(delete(Setting).where(Setting.key.in_(values)))
        session.add_all(Setting(key=key, value=value) for key, value in values.items())
        for key, value in values.items():
            record(
                session,
                "setting.change",
                of=("setting", None),
                details={"key": key, "before": before.get(key), "after": value},
            )

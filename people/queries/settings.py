"""What the organisation has decided about itself, and the counter of changes."""

from collections.abc import Mapping
from functools import cache

from sqlalchemy import Select, func, select
from sqlalchemy.orm import SessionTransaction

from core.db import db
from people.models import DataVersion, Setting

Held = tuple[SessionTransaction | None, Mapping[str, str]]

HELD = "settings"
"""Where a session keeps what `_settings` has read."""

DEFAULTS = {"organisation": "Your organisation", "day_minutes": "480"}


def data_version() -> int:
    """Return the number that rises with every change of data."""
    return db.session.scalar(select(DataVersion.version)) or 0


def ledger_version() -> tuple[int, int]:
    """Return the same number, and the one that stays where entries were only added."""
    row = db.session.execute(select(DataVersion.version, DataVersion.shifts)).first()
    return (row.version, row.shifts) if row else (0, 0)


def setting(key: str) -> str:
    """Return a setting, or its default."""
    return find_setting(key) or DEFAULTS[key]


def find_setting(key: str) -> str | None:
    """Return a setting, None when it was never made."""
    return _settings().get(key)


def _settings() -> Mapping[str, str]:
    """Return all settings, read once in a transaction: a page asks for several, some often."""
    session = db.session()
    held: Held = session.info.get(HELD, (None, {}))
    if held[0] is None or held[0] is not session.get_transaction():
        found = dict(session.execute(_all_settings()).all())
        held = session.info[HELD] = session.get_transaction(), found
    return held[1]


@cache
def _all_settings() -> Select[str, str]:
    """Return the question for all settings; every page asks it, so it is kept."""
    return select(Setting.key, Setting.value)


def organisation_version() -> int:
    """Return a number that rises whenever name or length of the day are changed."""
    own = Setting.key.in_(("organisation", "day_minutes"))
    return db.session.scalar(select(func.sum(Setting.version)).where(own)) or 0


def setting_version(key: str) -> int:
    """Return a number that rises whenever a setting is changed, 0 before it is made."""
    return db.session.scalar(select(Setting.version).where(Setting.key == key)) or 0


def organisation_name() -> str:
    """Return what the organisation calls itself."""
    return setting("organisation")


def day_minutes() -> int:
    """Return the minutes of a working day, for durations that are given in days."""
    return int(setting("day_minutes"))

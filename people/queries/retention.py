"""Which data have been kept long enough."""

from datetime import timedelta

from sqlalchemy import select

from core.db import db
from people.models import Setting
from people.rules.retention import PERIODS, Period


def kept_days() -> dict[str, int]:
    """Return for how many days each kind of data is kept."""
    names = [period.setting for period in PERIODS]
    found = db.session.execute(select(Setting.key, Setting.value).where(Setting.key.in_(names)))
    decided = {row.key: int(row.value) for row in found}
    return {
        period.kind: max(decided.get(period.setting, period.days), period.shortest)
        for period in PERIODS
    }


def kept_for(period: Period) -> timedelta:
    """Return how long one kind of data is kept."""
    return timedelta(days=kept_days()[period.kind])

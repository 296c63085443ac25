"""The version of what the forms of a session show, to notice what somebody else changed."""

from core.db import db
from curricula.models.sessions import TrainingSession
from curricula.queries.sessions import days_of
from curricula.rules.versions import version_of

SHOWN = (
    "zone",
    "place",
    "room",
    "link",
    "delivery",
    "trainer_account_id",
    "capacity",
    "minutes",
    "needs_approval",
    "hold_hours",
    "cost_cents",
    "note",
)
"""What the form of a session shows beside its days."""


def session_version(session_id: int) -> int:
    """Return a number that differs whenever somebody changed a session."""
    held = db.session.get_one(TrainingSession, session_id)
    days = [(day.starts_at, day.ends_at) for day in days_of(session_id)]
    return version_of(days, *(getattr(held, name) for name in SHOWN))

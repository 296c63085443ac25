"""The work of the curricula that is done later, and when each kind of it falls due."""

from core.jobs import register
from curricula.services.notifying import WEEKLY_LETTERS


def register_work() -> None:
    """Let workers know every kind of work there is here."""
    register(WEEKLY_LETTERS)

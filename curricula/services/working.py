"""The work of the curricula that is done later, and when each kind of it falls due."""

from core.jobs import register
from curricula.services import daily, removing
from curricula.services.daily import AUDIENCES, DAILY
from curricula.services.feedback import ASK_FOR_FEEDBACK
from curricula.services.notifying import WEEKLY_LETTERS, check_before_sending
from people.services.outbox import checks


def register_work() -> None:
    """Let workers know every kind of work there is here, and people files what they set off."""
    register(WEEKLY_LETTERS, DAILY, AUDIENCES, ASK_FOR_FEEDBACK)
    if check_before_sending not in checks:
        checks.append(check_before_sending)
    daily.register()
    removing.register()

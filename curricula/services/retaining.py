"""Letting go of what people were told, once it has been kept long enough."""

from curricula.models.notices import Notice
from people.services.retaining import step_of, steps

MESSAGES = step_of(Notice, lambda day: Notice.made_at < day)


def register() -> None:
    """Let messages go with everything else that is kept for a while only."""
    if ("messages", MESSAGES) not in steps:
        steps.insert(0, ("messages", MESSAGES))

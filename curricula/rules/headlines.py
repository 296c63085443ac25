"""The finding at the top of the pages of learning, as a sentence that is true for every value."""

from dataclasses import dataclass
from datetime import date

from core.words import day, plural


@dataclass(frozen=True)
class Open:
    """What somebody has to do.

    Attributes:
        count: How many curricula.
        overdue: How many of them are overdue.
        first_title: The one that is due first.
        first_due_on: When; None where nothing has a day.
    """

    count: int
    overdue: int
    first_title: str | None = None
    first_due_on: date | None = None


def own_headline(found: Open) -> str:
    """Return what is to be done first."""
    if found.overdue:
        verb = "is" if found.overdue == 1 else "are"
        return f"{plural(found.overdue, 'curriculum', 'curricula')} of yours {verb} overdue."
    if not found.count or found.first_title is None:
        return "Nothing is waiting for you."
    if found.first_due_on is None:
        return f"{found.first_title} is open, without a day."
    return f"{found.first_title} is due by {day(found.first_due_on)}."


def their_headline(name: str, found: Open) -> str:
    """Return what somebody else has to do first."""
    if found.overdue:
        verb = "is" if found.overdue == 1 else "are"
        return f"{plural(found.overdue, 'curriculum', 'curricula')} of {name} {verb} overdue."
    if not found.count:
        return f"Nothing is waiting for {name}."
    return f"{plural(found.count, 'curriculum is', 'curricula are')} open for {name}."


def team_headline(people: int, overdue: int, due_soon: int) -> str:
    """Return how a tree stands."""
    if not people:
        return "Nobody reports to you today."
    if overdue:
        return f"{plural(overdue, 'person is', 'people are')} overdue with a curriculum."
    if due_soon:
        return f"Nobody is overdue; {plural(due_soon, 'person has', 'people have')} something due."
    return "Nobody is overdue, and nothing is due in the next 30 days."


@dataclass(frozen=True)
class Question:
    """What is asked before something is taken off somebody: whom it concerns, and what follows."""

    title: str
    consequence: str
    button: str


def question_about(action: str, title: str, name: str, reason: str) -> Question | None:
    """Return what is asked before an assignment or exemption ends; None where nothing is.

    Without a reason nothing is asked yet: it is asked for first.
    """
    if action == "end" and reason.strip():
        return Question(
            f"Take “{title}” off {name}?",
            f"{name} need not do it any more and is told so, with your reason: {reason.strip()}"
            " What was completed stays.",
            f"Take it off {name}",
        )
    if action == "ask-again":
        return Question(
            f"Ask “{title}” of {name} after all?",
            f"The exemption of {name} ends: it is to be done again, and {name} is told so.",
            f"End the exemption of {name}",
        )
    return None

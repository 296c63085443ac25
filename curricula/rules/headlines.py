"""The finding at the top of the pages of learning, as a sentence that is true for every value."""

from dataclasses import dataclass
from datetime import date

from core.words import day, plural


@dataclass(frozen=True)
class Due:
    """Something to do, and by when; None where it has no day."""

    title: str
    due_on: date | None


@dataclass(frozen=True)
class Open:
    """What somebody has to do.

    Attributes:
        count: How many curricula.
        overdue: How many of them are overdue.
        refreshing: How many modules are to be completed again, by now or soon.
        refreshing_late: How many of them are overdue.
        first: What is due first; None where nothing is open.
    """

    count: int
    overdue: int
    refreshing: int = 0
    refreshing_late: int = 0
    first: Due | None = None


def own_headline(found: Open) -> str:
    """Return what is to be done first."""
    if found.overdue or found.refreshing_late:
        return f"{_late(found)} of yours {_are(found.overdue + found.refreshing_late)} overdue."
    if found.first is None:
        return "Nothing is waiting for you."
    if found.first.due_on is None:
        return f"{found.first.title} is open, without a day."
    return f"{found.first.title} is due by {day(found.first.due_on)}."


def their_headline(name: str, found: Open) -> str:
    """Return what somebody else has to do first."""
    if found.overdue or found.refreshing_late:
        return f"{_late(found)} of {name} {_are(found.overdue + found.refreshing_late)} overdue."
    if not found.count and not found.refreshing:
        return f"Nothing is waiting for {name}."
    what = _and(found.count, found.refreshing)
    return f"{what} {_are(found.count + found.refreshing)} open for {name}."


def _late(found: Open) -> str:
    return _and(found.overdue, found.refreshing_late)


def _and(curricula: int, refreshers: int) -> str:
    """Return "1 curriculum and 2 refreshers", without what there is none of."""
    told = [plural(curricula, "curriculum", "curricula")] if curricula else []
    told += [plural(refreshers, "refresher", "refreshers")] if refreshers else []
    return " and ".join(told)


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


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

"""Who is asked already, and what whoever asks is told of peers, direct reports and observers.

Nothing here hangs on whether one of them has answered while their time runs, so that nothing
follows from asking, asking again, taking back or counting. They are asked already where their time
runs, and were asked lately where it has just run out: whether they answered or not. How many did is
told when their day is over, once and for all, and only where it is about three who answered: whom
one has taken back at once surely did not, and the rest of four may be one. Of all others, whose
names stand beside what they said, it is known who answered.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from aptitude.rules.sources import ANONYMOUS_FROM, UNNAMED, Source
from aptitude.rules.words import RequestState
from core.words import number_word

QUIET_DAYS, LONGEST_QUIET_DAYS = 90, 365
"""For how long a round does not ask again who was asked or answered, unless said otherwise."""
FEWEST = number_word(ANONYMOUS_FROM)


@dataclass(frozen=True)
class Before:
    """What somebody was asked about a person before, or said unasked.

    Attributes:
        closed_on: When it was answered, declined or taken back; None while it is open.
        taken_back_on: When whoever asked took it back, whether it was answered by then or not.
    """

    source: Source
    state: RequestState
    due_on: date
    closed_on: date | None = None
    taken_back_on: date | None = None


def is_asked(before: Iterable[Before], source: Source, today: date) -> bool:
    """Tell whether somebody is asked about a person already, in whatever part.

    Args:
        before: What they were asked about this person.
        source: As whom they would be asked; a scenario test is apart from all others.
        today: The day.
    """
    is_test = source is Source.SCENARIO
    return any(_waits(one, today) for one in before if (one.source is Source.SCENARIO) is is_test)


def _waits(one: Before, today: date) -> bool:
    if one.source in UNNAMED:
        return one.due_on >= today and one.taken_back_on is None
    return one.state is RequestState.OPEN


def was_heard(before: Iterable[Before], source: Source, quiet_days: int, today: date) -> bool:
    """Tell whether a round leaves somebody out, because they were asked or answered lately.

    Of those without a name what counts is the end of their time, answered or not.
    """
    since = today - timedelta(days=quiet_days)
    return any(
        heard_on is not None and heard_on > since
        for heard_on in (_heard_on(one) for one in before if one.source is source)
    )


def _heard_on(one: Before) -> date | None:
    if one.source in UNNAMED:
        return min(one.due_on, one.taken_back_on or one.due_on)
    return one.closed_on if one.state is RequestState.ANSWERED else None


@dataclass(frozen=True)
class Asked:
    """One of the peers, reports or observers whose time to answer ends on one day."""

    rater_id: int
    state: RequestState
    due_on: date
    closed_on: date | None
    taken_back_on: date | None

    @property
    def is_in_time(self) -> bool:
        """Tell whether they answered by the day: what comes later changes no count."""
        if self.state is not RequestState.ANSWERED or self.closed_on is None:
            return False
        return self.closed_on <= self.due_on


def is_taken_back(asked: Iterable[Asked]) -> bool:
    """Tell whether all of them were taken back, whatever they had said by then."""
    return all(one.taken_back_on is not None for one in asked)


def may_be_taken_back(asked: Iterable[Asked], today: date) -> bool:
    """Tell whether they may still be taken back, whatever they said."""
    some = list(asked)
    return not is_taken_back(some) and all(one.due_on >= today for one in some)


@dataclass(frozen=True)
class Told:
    """What whoever asked is told of those of one source, and what is not told and why."""

    words: str
    note: str = ""


def told_of(asked: Iterable[Asked], today: date) -> Told:
    """Return how those answered whose time ends on one day: "3 of 4 answered in time".

    Their day alone makes a group: names of rounds do not part it, or one could be asked apart.
    """
    some = list(asked)
    people = len({one.rater_id for one in some})
    words = f"{people} asked"
    note = ""
    if people < ANONYMOUS_FROM:
        note = f"How many answered is not shown for fewer than {FEWEST}."
    elif any(one.due_on >= today for one in some):
        note = "How many answered is told after that day."
    else:
        words = _answered(len({one.rater_id for one in some if one.is_in_time}), people)
    return Told(words + (", taken back" if is_taken_back(some) else ""), note)


def _answered(answered: int, people: int) -> str:
    if answered < ANONYMOUS_FROM:
        return f"fewer than {FEWEST} of {people} answered in time"
    return f"{answered} of {people} answered in time"

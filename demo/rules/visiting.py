"""Between rounds observers visit people who lead, and note when one of them leads by example."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from demo.rules.organisation import CENTRE_MANAGER, FINANCE, HR_PARTNER, TRAINER, Post
from demo.rules.sayings import RoundHeld, Saying
from demo.rules.seeing import CODES, GROWTH, HIGHEST, Look, Truth, half_level
from demo.rules.staffing import Staff

LEADING = frozenset({"team_lead", "manager", "executive"})
DAYS_AGO = (300, 215, 140, 61, 24, 9)
RENEWED_SINCE = 30
"""What was noted before is worked out with the round that follows it."""
KNOWN_DAYS = 100
PART = 3
"""One in so many of those who lead under the same manager is seen: nobody can be everywhere."""
TIMES = (1, 2, 2, 3)
ALWAYS = (CENTRE_MANAGER, FINANCE)
LEAST_TENTHS = 30

SEEN = {
    "D1": (
        "Asked in the briefing what the customer had been afraid of, before anybody spoke of cost.",
        "Noticed that two new colleagues never ask, and sat between them for a morning.",
    ),
    "D2": (
        "Greeted every waiting customer by the door and stayed until the queue was gone.",
        "Called a customer who had praised somebody, and passed the thanks on in front of all.",
    ),
    "D3": (
        "Read a complaint aloud and asked what our promise would have had us do.",
        "Turned down a faster script, because it would have left out why we call.",
    ),
    "D4": (
        "Took over a claim that two teams had passed on, and closed it the same day.",
        "Said “this one was mine” in the meeting, and what changes because of it.",
    ),
    "D5": (
        "Let a shouting customer finish, thanked her, and found the parcel while she waited.",
        "Took the worst call of the shift and talked it through with the team afterwards.",
    ),
    "D6": (
        "Stopped a joke about a street whose customers always claim, kindly and at once.",
        "Asked the night shift for its view before deciding, and changed the plan.",
    ),
    "D7": (
        "Tried the new letter on ten customers before it went to all of them.",
        "Put the three complaints of the week on the wall with who mends which by Friday.",
    ),
}


@dataclass(frozen=True)
class Visits:
    """Tells which leaders were seen leading by example, from who works there.

    Attributes:
        holders_on: Who held which post on a day.
        truths: How those are of whom somebody said something in a round.
        besides: Whom nobody visits, because their story is another one.
    """

    staff: Staff
    today: date
    posts: Mapping[str, Post]
    holders_on: Callable[[date], Mapping[str, str]]
    truths: Mapping[str, Truth]
    rng: Random
    besides: frozenset[str]

    def steps(self) -> Iterator[RoundHeld]:
        """Yield what was noted, visit by visit."""
        seen: dict[int, list[str]] = {days: [] for days in DAYS_AGO}
        for number in self._leaders():
            for days in self.rng.sample(DAYS_AGO, self.rng.choice(TIMES)):
                seen[days].append(number)
        for days, numbers in seen.items():
            due = self.today - timedelta(days=days)
            found = tuple(one for number in numbers for one in self._noted(number, due))
            at = datetime.combine(due + timedelta(days=1), time(5, 10), UTC)
            asked, is_late = due - timedelta(days=7), days <= RENEWED_SINCE
            yield RoundHeld(at, "Visits", asked, due, found, (), is_wave=is_late)

    def _leaders(self) -> list[str]:
        """Return some of those who lead: as many under every manager as there is time for."""
        now = self.holders_on(self.today)
        bosses = {self.posts[key].boss for key in now}
        under: dict[str | None, list[str]] = {}
        for key in sorted(now, key=lambda one: (one not in ALWAYS, now[one])):
            is_seen = self.posts[key].level in LEADING and now[key] not in self.besides
            if is_seen and key in bosses and now[key] in self.truths:
                under.setdefault(self.posts[key].boss, []).append(now[key])
        return [one for some in under.values() for one in self._some_of(some)]

    def _some_of(self, numbers: Sequence[str]) -> Sequence[str]:
        return numbers[: max(round(len(numbers) / PART), len(numbers) > 1)]

    def _noted(self, number: str, due: date) -> Iterator[Saying]:
        """Return what an observer says of the one dimension they came for."""
        given = due - timedelta(days=self.rng.randrange(0, 5))
        then = self.holders_on(due)
        key = next((key for key, one in then.items() if one == number), None)
        rater = next(one for one in (then[TRAINER], then[HR_PARTNER]) if one != number)
        known = (given - self.staff.members[number].hired_on).days >= KNOWN_DAYS
        if key is not None and known and self.staff.members[rater].hired_on <= given:
            yield Saying(
                number, rater, "observer", self.posts[key].level, self._look(number), given
            )

    def _look(self, number: str) -> Look:
        values = self.truths[number].values
        code = max(sorted(CODES, key=values.__getitem__)[-2:], key=lambda _: self.rng.random())
        tenths = min(HIGHEST, max(LEAST_TENTHS, half_level(values[code] + 2 * GROWTH)))
        place = CODES.index(code)
        said = tuple(tenths if one == code else None for one in CODES)
        return Look(said, (place, self.rng.choice(SEEN[code])))

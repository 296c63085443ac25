"""The rounds in which people of Meridian Services were asked about one another."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from demo.rules.organisation import CENTRE_MANAGER, CHIEF, FINANCE, HR_PARTNER, TRAINER, Post
from demo.rules.programme import VOICE_NORTH
from demo.rules.sayings import (
    AnchorsJudged,
    Contested,
    DutiesLookedAfter,
    DutiesShared,
    FrameworkLoaded,
    PanelHeld,
    RoundHeld,
    Saying,
    TaughtSeen,
    TestsTaken,
)
from demo.rules.seeing import (
    GROWTH,
    LED_ASTRAY,
    OF_GOOD_TEAM,
    OF_LEARNER,
    Truth,
    look_at,
    truth_of,
)
from demo.rules.staffing import Staff
from demo.rules.steps import Step
from demo.rules.visiting import Visits
from demo.rules.waves import in_waves

INVERTED = "Contact centre / Voice south"
"""One senior adviser here stands below the whole team."""
UNSEEN = ("Shops / Capital / Linden Park 0", "Contact centre / Voice north 2.1")
"""Nobody has ever said where these leaders stand, but for themselves."""

LONG_OWED, TAUGHT = "Back office / Billing", "Shops / Coast"
"""Where duties were opened in the second round: in one unit nobody has looked after them since,
the other has taught its people, and it shows."""

TAUGHT_GROWTH = 1.0

ROUNDS = (
    # days since it ended, the units that took part
    (500, (VOICE_NORTH,)),
    (285, ("Contact centre", "Shops / C", "Back office / Billing", "Head office")),
    (78, ("",)),
)
OPEN_ASKED, OPEN_DUE = 6, 8
OWN_DAYS, SHARED_DAYS = (-9, 5, 12, 27), (6, 13, 20, 24, 31, 34, 38, 45, 52)
"""In how many days from today duties are to be met for which somebody has set a day."""
JUDGED = (16, 4711)
"""How many days the anchors were open to judges, and the seed of what they said."""
SENIOR_JUDGES = 6
FRAMEWORK_DAYS = 540
VISITS_SEED = 9077
KNOWN_DAYS = 100
"""Who came less than these days before a round is not in it."""

PANEL_DAYS = 45
PANEL_CODES = ("RCV-01", "RCV-02", "RCV-03", "RCV-04", "RCV-05", "RCV-06")
PANEL = ("hr", "trainer", "manager", "executive", "chief")

TAKES_PART, ANSWERS, RATES_SELF, ANSWERED_SO_FAR = 0.92, 0.86, 0.8, 0.35
MOST_PEERS, MOST_REPORTS, FEWEST_SHOWN = 4, 5, 3
LEADING = frozenset({"team_lead", "manager", "executive"})
SEASONS = ("Winter", "Spring", "Summer", "Autumn")


@dataclass
class Rounds:
    """Tells who said what of whom, from who works there."""

    staff: Staff
    months: Sequence[date]
    today: date
    rng: Random
    posts: dict[str, Post]
    learner: str
    truths: dict[str, Truth] = field(default_factory=dict)
    severities: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.inverted = self._inverted()
        self.team_of_inverted = self._below(self.inverted, self._holders(self.today))
        self.long_ago = self._long_ago()
        now = self._holders(self.today)
        self.chosen = {now[key] for key in now if self.posts[key].level == "senior"}

    def steps(self) -> Iterator[Step]:
        """Yield what happened; not in order."""
        yield FrameworkLoaded(self._at(FRAMEWORK_DAYS, time(9, 30)))
        for number, (days, units) in enumerate(ROUNDS):
            held = self._held(number, days, units)
            yield from in_waves(held, self.staff) if number == len(ROUNDS) - 1 else (held,)
        yield self._open()
        yield from self._looked_after()
        yield TaughtSeen(self._at(4, time(17, 0)))
        yield from self._contests()
        yield PanelHeld(
            self._at(PANEL_DAYS, time(11, 0)),
            "Service recovery",
            PANEL_CODES,
            PANEL,
            self.rng.randrange(1 << 30),
        )
        yield TestsTaken(self._at(3, time(18, 0)), self._testers(), self.rng.randrange(1 << 30))
        yield AnchorsJudged(self._at(20, time(15, 0)), self._judges(), *JUDGED)
        now = self._holders(self.today)
        besides = frozenset(now.get(key, "") for key in (*UNSEEN, self.inverted)) | {self.long_ago}
        rng = Random(VISITS_SEED)
        yield from Visits(
            self.staff, self.today, self.posts, self._holders, self.truths, rng, besides
        ).steps()

    def _at(self, days_ago: int, at: time) -> datetime:
        return datetime.combine(self.today - timedelta(days=days_ago), at, UTC)

    def _holders(self, on: date) -> dict[str, str]:
        """Return who held which post at the end of the month before a day."""
        known = [place for place, month in enumerate(self.months) if month < on.replace(day=1)]
        return self.staff.holders[known[-1]]

    def _now(self, key: str) -> str:
        return self._holders(self.today)[key]

    def _inverted(self) -> str:
        """Return the post of the leader who stands below the team: one who leads many by now."""
        keys = [
            key
            for key in self._holders(self.today)
            if self.posts[key].level == "senior" and self.posts[key].unit == INVERTED
        ]
        return max(keys, key=lambda key: (len(self._settled_below(key)), key))

    def _long_ago(self) -> str:
        """Return a senior of Voice north who was asked about in the first round only."""
        days, units = ROUNDS[0]
        asked = self.today - timedelta(days=days + 14)
        before = {
            number
            for key, number in self._holders(asked).items()
            if self.posts[key].unit.startswith(units) and self._settled(number, asked)
        }
        now = {
            number
            for key, number in self._holders(self.today).items()
            if (post := self.posts[key]).unit == VOICE_NORTH
            and post.level == "senior"
            and key not in UNSEEN
        }
        return min(before & now, default="")

    def _settled_below(self, key: str) -> list[str]:
        return [one for one in self._below(key, self._holders(self.today)) if self._settled(one)]

    def _settled(self, number: str, on: date | None = None) -> bool:
        """Tell whether somebody was here long enough; usually when the last round ended."""
        day = on or self.today - timedelta(days=ROUNDS[-1][0])
        return (day - self.staff.members[number].hired_on).days >= KNOWN_DAYS

    def _below(self, key: str, holders: dict[str, str]) -> list[str]:
        return sorted(holders[one] for one in holders if self.posts[one].boss == key)

    def _truth(self, number: str, post: Post) -> Truth:
        if number not in self.truths:
            middle = None
            if number == self._now(self.inverted):
                middle = LED_ASTRAY
            elif number in self.team_of_inverted:
                middle = OF_GOOD_TEAM
            level = "senior" if number in self.chosen else post.level
            self.truths[number] = truth_of(level, self.rng, middle)
            if number == self.learner:
                self.truths[number] = Truth(OF_LEARNER, 0.4)
        return self.truths[number]

    def _held(self, number: int, days: int, units: tuple[str, ...]) -> RoundHeld:
        due = self.today - timedelta(days=days)
        asked = due - timedelta(days=14)
        holders = self._holders(asked)
        found: list[Saying] = []
        for key, subject in sorted(holders.items(), key=lambda pair: pair[1]):
            post = self.posts[key]
            if self._is_in(subject, post, units, asked, number):
                found += self._about(subject, post, holders, asked, number)
        renewed = (("",), (LONG_OWED, TAUGHT))[number < len(ROUNDS) - 1]
        return RoundHeld(
            datetime.combine(due + timedelta(days=1), time(4, 30), UTC),
            _season(due), asked, due, tuple(found), renewed if number else (),
        )  # fmt: skip

    def _is_in(
        self, subject: str, post: Post, units: tuple[str, ...], asked: date, number: int
    ) -> bool:
        if not post.unit.startswith(units) or not self._settled(subject, asked):
            return False
        if subject == self.long_ago:
            return not number
        is_story = subject == self.learner or subject in self.team_of_inverted
        if post.level != "frontline" or is_story:
            return True
        # In the end some are left who were asked about in the first round only.
        is_left = number and int(subject[1:]) % 13 == 0
        return not is_left and self.rng.random() < TAKES_PART

    def _about(
        self, subject: str, post: Post, holders: dict[str, str], asked: date, number: int
    ) -> Iterator[Saying]:
        truth = self._truth(subject, post)
        growth = GROWTH * number
        if post.unit.startswith(TAUGHT) and number == len(ROUNDS) - 1:
            growth += TAUGHT_GROWTH
        days = [asked + timedelta(days=self.rng.randrange(1, 13)) for _ in range(12)]
        if self.rng.random() < RATES_SELF:
            look = look_at(truth, -truth.self_bias, growth, self.rng)
            yield Saying(subject, subject, "self", post.level, look, days[0])
        if post.key in UNSEEN:
            return
        sure = post.level in LEADING or subject in (self.learner, self._now(self.inverted))
        for place, (rater, source) in enumerate(self._raters(subject, post, holders, asked)):
            if self._settled(rater, asked) and (sure or self.rng.random() < ANSWERS):
                look = look_at(truth, self._severity(rater), growth, self.rng)
                yield Saying(subject, rater, source, post.level, look, days[place % 12])

    def _severity(self, rater: str) -> float:
        if rater not in self.severities:
            self.severities[rater] = self.rng.gauss(0, 0.16)
        return self.severities[rater]

    def _raters(
        self, subject: str, post: Post, holders: dict[str, str], on: date | None = None
    ) -> Iterator[tuple[str, str]]:
        boss = self.posts[post.boss] if post.boss else None
        beside = self._enough(self._peers(subject, post, holders), on)
        peers = self.rng.sample(beside, min(MOST_PEERS, len(beside)))
        reports = self._enough(self._below(post.key, holders), on)[:MOST_REPORTS]
        if boss is not None:
            yield holders[boss.key], "manager"
            if boss.boss and (post.level in LEADING or not peers + reports):
                yield holders[boss.boss], "manager"
        for source, raters in (("peer", peers), ("report", reports)):
            for rater in raters:
                yield rater, source
        watching = [holders[HR_PARTNER], holders[TRAINER]]
        if post.level in LEADING or post.level == "senior":
            yield next(one for one in watching if one != subject), "observer"

    def _peers(self, subject: str, post: Post, holders: dict[str, str]) -> list[str]:
        return sorted(
            number
            for key, number in holders.items()
            if self.posts[key].boss == post.boss
            and self.posts[key].level == post.level
            and number != subject
        )

    def _enough(self, numbers: list[str], on: date | None) -> list[str]:
        """Return those who know the work, where they are enough to be shown."""
        found = [one for one in numbers if self._settled(one, on)]
        return found if len(found) >= FEWEST_SHOWN else []

    def _open(self) -> RoundHeld:
        """Ask about Voice north and those with an account; some have answered already."""
        asked = self.today - timedelta(days=OPEN_ASKED)
        due = self.today + timedelta(days=OPEN_DUE)
        holders = self._holders(self.today)
        wanted = {CENTRE_MANAGER, FINANCE, HR_PARTNER, TRAINER}
        with_account = {holders[key] for key in (*wanted, CHIEF)} | {self.learner}
        found: list[Saying] = []
        for key, subject in sorted(holders.items(), key=lambda pair: pair[1]):
            post = self.posts[key]
            is_asked = key in wanted or (post.unit == VOICE_NORTH and key not in UNSEEN)
            if not is_asked or not self._settled(subject) or subject == self.long_ago:
                continue
            raters = [(subject, "self"), *self._raters(subject, post, holders)]
            for rater, source in raters:
                look = None
                is_known = self._settled(rater)
                if rater not in with_account and self.rng.random() < ANSWERED_SO_FAR:
                    truth = self._truth(subject, post)
                    severity = -truth.self_bias if source == "self" else self._severity(rater)
                    look = look_at(truth, severity, GROWTH * len(ROUNDS), self.rng)
                given = asked + timedelta(days=self.rng.randrange(1, OPEN_ASKED))
                if is_known:
                    found.append(Saying(subject, rater, source, post.level, look, given))
        moment = self._at(1, time(4, 30))
        return RoundHeld(moment, _season(due), asked, due, tuple(found), (VOICE_NORTH,))

    def _looked_after(self) -> Iterator[Step]:
        """Tell by when and with whom duties are met; the first of the manager is overdue."""
        manager, coach = self._now(CENTRE_MANAGER), self._now(TRAINER)
        yield DutiesLookedAfter(self._at(24, time(16, 20)), manager, coach, self._days(OWN_DAYS))
        now = self._holders(self.today)
        leading = tuple(
            sorted(
                number
                for key, number in now.items()
                if self.posts[key].level == "manager" and self._settled(number)
            )
        )
        seniors = tuple(sorted(one for one in self.chosen if self._settled(one)))
        yield DutiesShared(
            self._at(20, time(10, 30)), manager, seniors, leading, self._days(SHARED_DAYS)
        )

    def _days(self, ahead: Sequence[int]) -> tuple[date, ...]:
        return tuple(self.today + timedelta(days=one) for one in ahead)

    def _contests(self) -> Iterator[Contested]:
        beside = self.team_of_inverted[0]
        yield Contested(
            self._at(61, time(12, 10)), beside,
            "I was on the night shift for half of that time, and my manager did not see it.",
            "Both of you agree on what was seen. The next round asks the night shift lead too.",
        )  # fmt: skip
        yield Contested(
            self._at(2, time(12, 40)), self.learner,
            "For three weeks I was on the night line, where my manager saw none of my calls.",
        )  # fmt: skip

    def _judges(self) -> tuple[str, ...]:
        seniors = sorted(one for one in self.chosen if self._settled(one))
        return (self._now(CENTRE_MANAGER), self._now(TRAINER), *seniors[:SENIOR_JUDGES])

    def _testers(self) -> tuple[str, ...]:
        holders = self._holders(self.today)
        known = [CENTRE_MANAGER, FINANCE, HR_PARTNER, TRAINER]
        chosen = [self.learner, *(holders[key] for key in known)]
        desk = [
            number
            for key, number in holders.items()
            if self.posts[key].unit == VOICE_NORTH and self._settled(number)
        ]
        chosen += [one for one in sorted(desk) if one not in chosen][:9]
        return tuple(chosen)


def _season(on: date) -> str:
    """Return what a round is called that ends on a day: "Autumn 2026"."""
    return f"{SEASONS[on.month % 12 // 3]} {on.year}"

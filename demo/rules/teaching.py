"""What is taught at Meridian Services: sessions, who came, who has what to do, what they said."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from demo.rules import programme
from demo.rules.programme import Past, Planned
from demo.rules.staffing import Member, Staff
from demo.rules.steps import FileCame, Step
from people.rules.levels import Level

ZONE = "Europe/London"
OWN_CURRICULUM = "MER-1"
NEW_SINCE_DAYS = 600
"""For whom the own curriculum is: people of Voice north who came in the last twenty months."""

KEPT_BEFORE = "Meridian learning records"


@dataclass(frozen=True)
class LearnerCame(Step):
    """Somebody at the front line got an account."""

    number: str


@dataclass(frozen=True)
class CompletionsCame(FileCame):
    """A file told what people had completed before."""


@dataclass(frozen=True)
class CurriculumBuilt(Step):
    """The trainer built a curriculum of the library's modules and published it."""

    code: str
    title: str
    summary: str
    modules: tuple[str, ...]
    due_days: int


@dataclass(frozen=True)
class AudienceGiven(Step):
    """HR said for whom a curriculum is."""

    code: str
    level: Level
    unit: str
    hired_since: date | None = None


@dataclass(frozen=True)
class CurriculumAssigned(Step):
    """Somebody gave people a curriculum to do."""

    code: str
    by: str
    numbers: tuple[str, ...]
    due_on: date | None = None


@dataclass(frozen=True)
class Exempted(Step):
    """Somebody need not do a curriculum."""

    code: str
    number: str
    why: str


@dataclass(frozen=True)
class SessionAnnounced(Step):
    """The trainer put a module on days, and people got their seats.

    Attributes:
        key: What it is called here.
        numbers: Who is enrolled, in order; those too many wait.
        asked: Who asks for a seat or a date.
    """

    key: str
    plan: Past | Planned
    days: tuple[date, ...]
    numbers: tuple[str, ...]
    asked: tuple[str, ...] = ()


@dataclass(frozen=True)
class SheetKept(Step):
    """The trainer marked who was there, and closed the sheet or left it open.

    Attributes:
        absent: Why somebody was not there, by number.
        early: Who was there for fewer minutes.
        unmarked: How many of the last on the sheet are not marked yet.
    """

    key: str
    absent: dict[str, str]
    early: dict[str, int]
    unmarked: int = 0


@dataclass(frozen=True)
class FeedbackGiven(Step):
    """People were asked about a session, and some answered.

    Attributes:
        reaction: The ratings right after, in the order of the sheet.
        learners: What those who came say later, at work.
        managers: What their managers say.
    """

    key: str
    reaction: tuple[int, ...] = ()
    learners: tuple[int, ...] = ()
    managers: tuple[int, ...] = ()


@dataclass(frozen=True)
class StaffingSet(Step):
    """HR said how many people of a unit have to stay at work."""

    unit: str
    people: int


@dataclass(frozen=True)
class HeldGood(Step):
    """The trainer looked at a module and said until when it holds."""

    code: str
    until: date
    note: str


class Teaching:
    """Tells what was taught, from who works there."""

    def __init__(self, staff: Staff, today: date, known_since: date, rng: Random) -> None:
        """Look at who works there.

        Args:
            staff: Everybody.
            today: The day the demo is opened.
            known_since: Only who was hired before this day has come with a people file in time.
            rng: Decides who comes.
        """
        self.staff, self.today, self.rng = staff, today, rng
        here = set(staff.holders[-1].values())
        self.people = sorted(
            (one for one in staff.members.values() if one.number in here),
            key=lambda one: one.number,
        )
        self.people = [one for one in self.people if one.hired_on < known_since]
        self.new = [
            one.number
            for one in self.standing(programme.VOICE_NORTH, today)
            if one.hired_on >= today - timedelta(days=NEW_SINCE_DAYS)
        ]
        self.learner = self.new[0]

    def standing(
        self, unit: str, on: date, levels: tuple[str, ...] = ("frontline",)
    ) -> list[Member]:
        """Return who stands in a unit on a day and still does, by number."""

        def is_there(one: Member, day: date) -> bool:
            place = [each for each in self.staff.places[one.number] if each.from_on <= day][-1:]
            post = place[0].post if place else None
            return post is not None and post.unit.startswith(unit) and post.level in levels

        return [one for one in self.people if is_there(one, on) and is_there(one, self.today)]

    def steps(self) -> Iterator[Step]:
        """Yield what happened; not in order."""
        yield LearnerCame(self._at(80, time(8, 0)), self.learner)
        yield self._completions()
        yield from self._given()
        yield StaffingSet(self._at(70, time(9, 0)), programme.VOICE_NORTH, 24)
        for code, days, note in programme.LOOKED_AT:
            until = self.today + timedelta(days=days)
            yield HeldGood(self._at(60, time(16, 0)), code, until, note)
        for past in programme.PAST:
            yield from self._past(past)
        for planned in programme.PLANNED:
            yield self._planned(planned)
        for place, (module, count) in enumerate(programme.WANTED):
            people = self._some(programme.CUSTOMERS, self.today, count)
            plan = Planned(module, (), (time(9), time(12)), programme.CUSTOMERS, 12, count)
            moment = self._at(16 - 3 * place, time(11, 30))
            yield SessionAnnounced(moment, f"wanted {module}", plan, (), (), tuple(people))

    def _at(self, days_ago: int, at: time) -> datetime:
        return datetime.combine(self.today - timedelta(days=days_ago), at, UTC)

    def _completions(self) -> CompletionsCame:
        """People of Voice north learnt systems and privacy before, some of it long ago."""
        lines = ["employee_number,module,completed_on,status"]
        for one in self.standing(programme.VOICE_NORTH, self.today, ("frontline", "senior")):
            for code in programme.LEARNT_BEFORE:
                on = self.today - timedelta(days=self.rng.randrange(90, 460))
                if self.rng.random() < 0.75 and on > one.hired_on:
                    lines.append(f"{one.number},{code},{on.isoformat()},completed")
        text = "\n".join([*lines, ""])
        return CompletionsCame(self._at(79, time(10, 0)), "completed_before.csv", text)

    def _given(self) -> Iterator[Step]:
        yield CurriculumBuilt(
            self._at(79, time(14, 0)),
            OWN_CURRICULUM,
            "Calm on the phone",
            "Three sessions in the first months at the telephone: welcome, listen, put right.",
            programme.OWN_MODULES,
            60,
        )
        since = self.today - timedelta(days=NEW_SINCE_DAYS)
        unit = programme.VOICE_NORTH
        yield AudienceGiven(self._at(78, time(9, 0)), OWN_CURRICULUM, Level.FRONTLINE, unit, since)
        yield AudienceGiven(
            self._at(57, time(9, 5)), "PATH-1", Level.FRONTLINE, "Shops / Coast", since
        )
        yield AudienceGiven(self._at(45, time(9, 10)), "PATH-3", Level.TEAM_LEAD, "Contact centre")
        seniors = tuple(one.number for one in self.standing(unit, self.today, ("senior",)))
        yield CurriculumAssigned(
            self._at(50, time(15, 0)), "PATH-2", "manager", seniors[:5], self._day(120)
        )
        yield CurriculumAssigned(
            self._at(21, time(15, 0)), "PATH-1", "manager", tuple(self.new[:4]), self._day(13)
        )
        chiefs = tuple(
            one.number for one in self.standing("Head office", self.today, ("executive",))
        )
        yield CurriculumAssigned(self._at(40, time(15, 0)), "PATH-5", "hr", chiefs, self._day(20))
        manager = tuple(one.number for one in self.standing(unit, self.today, ("manager",)))
        yield CurriculumAssigned(self._at(40, time(15, 5)), "PATH-4", "hr", manager, self._day(90))
        why = "On parental leave until spring."
        yield Exempted(self._at(30, time(9, 0)), OWN_CURRICULUM, self.new[-1], why)

    def _day(self, ahead: int) -> date:
        return self.today + timedelta(days=ahead)

    def _some(self, unit: str, on: date, count: int) -> list[str]:
        numbers = [
            one.number
            for one in self.standing(unit, on, ("frontline", "senior"))
            if one.number != self.learner
        ]
        return sorted(self.rng.sample(numbers, min(count, len(numbers))))

    def _past(self, past: Past) -> Iterator[Step]:
        on = _working_day(self.today - timedelta(days=past.days_ago), -1)
        if past.is_for_new:
            numbers = list(self.new[: len(self.new) - past.missing])
        else:
            numbers = self._some(past.unit, on, past.people)
        key = f"{past.module} {past.days_ago}"
        yield SessionAnnounced(
            datetime.combine(on - timedelta(days=6), time(9, 30), UTC),
            key, past, (on,), tuple(numbers),
        )  # fmt: skip
        absent, early = self._marks(past, numbers)
        after = datetime.combine(on, past.hours[1], UTC) + timedelta(minutes=10)
        yield SheetKept(after, key, absent, early, past.unmarked)
        if past.reaction:
            asked = datetime.combine(on + timedelta(days=1), time(9, 0), UTC)
            yield FeedbackGiven(asked, key, reaction=past.reaction)
        if past.learners:
            asked = datetime.combine(on + timedelta(days=62), time(9, 0), UTC)
            yield FeedbackGiven(asked, key, learners=past.learners, managers=past.managers)

    def _marks(self, past: Past, numbers: Sequence[str]) -> tuple[dict[str, str], dict[str, int]]:
        others = [one for one in numbers if one != self.learner]
        absent = dict(zip(others[2:], past.absent, strict=False))
        early = {others[0]: past.left_after} if past.left_after else {}
        return absent, early

    def _planned(self, planned: Planned) -> SessionAnnounced:
        days = [self.today + timedelta(days=ahead) for ahead in planned.days_ahead]
        days = [on if on == self.today else _working_day(on, 1) for on in days]
        if len(days) > 1 and days[0] == days[1]:
            days[1] = _working_day(days[1] + timedelta(days=1), 1)
        numbers = self._some(planned.unit, self.today, planned.people)
        if planned.with_learner:
            numbers[0] = self.learner
        seated, asked = numbers, []
        if planned.asking:
            seated, asked = numbers[: -planned.asking], numbers[-planned.asking :]
        moment = self._at(9, time(13, planned.days_ahead[0]))
        key = f"{planned.module} in {planned.days_ahead[0]}"
        return SessionAnnounced(moment, key, planned, tuple(days), tuple(seated), tuple(asked))


def _working_day(on: date, step: int) -> date:
    """Return the day, or the nearest one from Monday to Friday in a direction."""
    while on.weekday() > 4:
        on += timedelta(days=step)
    return on

"""Sessions: their days in a zone, what they must be to be held, and how they are told in words."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from core.errors import RefusedError
from core.words import day, hours, plural
from people.rules.cells import folded

MOST_DAYS = 20
LONGEST_DAY_MINUTES = 1440
LONGEST_NIGHT_MINUTES = 12 * 60
LONGEST_MINUTES = 6000
MOST_SEATS = 10_000
USUAL_SEATS = 12
USUAL_HOLD_HOURS = 24
LONGEST_HOLD_HOURS = 720
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ZONES = tuple(sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC"))


@dataclass(frozen=True)
class TypedDay:
    """One date as people type it: a day and two times on the clock of the place."""

    on: date
    starts: time
    ends: time


@dataclass(frozen=True)
class Span:
    """From one moment until another."""

    starts_at: datetime
    ends_at: datetime

    def overlaps(self, other: "Span") -> bool:
        """Tell whether both go on at some moment; ending as the other begins is no overlap."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    @property
    def minutes(self) -> int:
        """Return the whole minutes between both moments."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60


@dataclass(frozen=True)
class SessionDraft:
    """What a session is to be. Without days it lists those who want the module.

    Attributes:
        minutes: Of training for each person over all days; breaks are not counted.
        room: Where in the place; two sessions cannot be in one room.
        hold_hours: How long an offered seat is held.
    """

    module_id: int
    zone: str
    days: tuple[TypedDay, ...] = ()
    place: str = ""
    link: str = ""
    room: str = ""
    delivery: str = "classroom"
    trainer_account_id: int | None = None
    capacity: int = USUAL_SEATS
    minutes: int | None = None
    needs_approval: bool = False
    hold_hours: int = USUAL_HOLD_HOURS
    cost_cents: int | None = None
    note: str = ""


@dataclass(frozen=True)
class PlannedDay:
    """A date of a session with its part of the minutes."""

    span: Span
    minutes: int


def check_zone(zone: str) -> ZoneInfo:
    """Return the zone with this name.

    Raises:
        RefusedError: There is none.
    """
    if zone not in ZONES:
        raise RefusedError(
            f"There is no time zone {zone}. Write it as Europe/Berlin or America/Toronto.",
            field="zone",
        )
    return ZoneInfo(zone)


def spans_of(days: Sequence[TypedDay], zone: str) -> list[Span]:
    """Return the moments of days on the clock of a zone, the earliest first.

    Who works at night trains over midnight: what ends at an earlier time than it begins ends on
    the next day, unless that is so long that somebody must have mistyped.

    Raises:
        RefusedError: A day ends before it begins, names a time the clock skips, or two overlap.
    """
    place = check_zone(zone)
    if len(days) > MOST_DAYS:
        raise RefusedError(f"A session has at most {MOST_DAYS} days.", field="days")
    spans = []
    for typed in days:
        ends_on = typed.on if typed.starts < typed.ends else typed.on + timedelta(days=1)
        span = Span(_moment(typed.on, typed.starts, place), _moment(ends_on, typed.ends, place))
        if ends_on > typed.on and span.minutes > LONGEST_NIGHT_MINUTES:
            raise RefusedError(
                f"On {day(typed.on)} it ends at {typed.ends:%H:%M}, before it begins at"
                f" {typed.starts:%H:%M}. Mend one of the two.",
                field="days",
            )
        spans.append(span)
    spans.sort(key=lambda span: span.starts_at)
    for one, other in itertools.pairwise(spans):
        if one.overlaps(other):
            raise RefusedError(
                f"Two of the dates overlap on {day(local(other.starts_at, zone))}.", field="days"
            )
    return spans


def _moment(on: date, at: time, zone: ZoneInfo) -> datetime:
    """Return the moment a clock shows; of the two in autumn the earlier one."""
    moment = datetime.combine(on, at, zone).astimezone(UTC)
    if moment.astimezone(zone).time() != at:
        raise RefusedError(
            f"There is no {at:%H:%M} on {day(on)} in {zone.key}: the clocks go forward then.",
            field="days",
        )
    return moment


def planned_days(spans: Sequence[Span], minutes: int) -> list[PlannedDay]:
    """Divide the minutes of training among the days, by how long each is.

    Raises:
        RefusedError: The days are shorter than the training.
    """
    lengths = [span.minutes for span in spans]
    whole = sum(lengths)
    if minutes > whole:
        raise RefusedError(
            f"The training takes {hours(minutes)}, the times give {hours(whole)}."
            " Make the times longer or the training shorter.",
            field="days",
        )
    parts = divided(minutes, lengths)
    return [PlannedDay(span, part) for span, part in zip(spans, parts, strict=True)]


def divided(amount: int, weights: Sequence[int]) -> list[int]:
    """Divide a whole amount by weights, by largest remainder: the parts sum to the whole."""
    whole = sum(weights)
    if not whole:
        return [0 for _ in weights]
    parts = [amount * weight // whole for weight in weights]
    remainders = [amount * weight % whole for weight in weights]
    left = amount - sum(parts)
    for place in sorted(range(len(parts)), key=lambda i: (-remainders[i], i))[:left]:
        parts[place] += 1
    return parts


def check_session(draft: SessionDraft) -> None:
    """Refuse a session that cannot be held as it stands.

    Raises:
        RefusedError: Nobody would know where to go, or a number is out of its range.
    """
    check_zone(draft.zone)
    if draft.days and not (draft.place or draft.link):
        raise RefusedError("Say where it is: a place, a link, or both.", field="place")
    if draft.link and not draft.link.startswith(("https://", "http://")):
        raise RefusedError("The link has to begin with https://.", field="link")
    if not 1 <= draft.capacity <= MOST_SEATS:
        raise RefusedError(f"Seats are 1 to {MOST_SEATS}.", field="capacity")
    if not 1 <= draft.hold_hours <= LONGEST_HOLD_HOURS:
        raise RefusedError(f"Hours are 1 to {LONGEST_HOLD_HOURS}.", field="hold_hours")


def room_key(place: str, room: str) -> str | None:
    """Return what tells rooms apart, None where no room is named."""
    return folded(f"{place} | {room}")[:300] if room.strip() else None


def local(moment: datetime, zone: str) -> datetime:
    """Return a moment on the clock of a zone."""
    return moment.astimezone(ZoneInfo(zone))


def when_words(span: Span, zone: str) -> str:
    """Return "Thursday 19 November 2026, 10:00 to 12:00"."""
    first, last = local(span.starts_at, zone), local(span.ends_at, zone)
    beginning = f"{WEEKDAYS[first.weekday()]} {day(first)}, {first:%H:%M} to "
    if first.date() == last.date():
        return f"{beginning}{last:%H:%M}"
    return f"{beginning}{WEEKDAYS[last.weekday()]} {day(last)}, {last:%H:%M}"


def where_words(place: str | None, room: str | None, link: str | None) -> str:
    """Return where a session is: "Room 2, Harbour", "Online"."""
    named = ", ".join(part for part in (room, place) if part)
    return named or ("Online" if link else "Place not said yet")


@dataclass(frozen=True)
class Clash:
    """Another session that needs the same person or room at the same time.

    Attributes:
        who: The person or room needed twice.
        title: What the other session teaches.
    """

    who: str
    title: str
    span: Span
    zone: str
    session_id: int

    @property
    def sentence(self) -> str:
        """Return what clashes with what."""
        return f"{self.who} is also in “{self.title}” on {when_words(self.span, self.zone)}."


def check_clashes(clashes: Iterable[Clash], *, confirmed: bool) -> None:
    """Refuse a session whose trainer or room is needed elsewhere, unless somebody said it is fine.

    Raises:
        RefusedError: With what clashes.
    """
    sentences = list(dict.fromkeys(clash.sentence for clash in clashes))
    if sentences and not confirmed:
        raise RefusedError(
            " ".join([*sentences, "Choose another time, or tick that it is meant so."]),
            field="confirmed",
        )


@dataclass(frozen=True)
class Staffing:
    """How a unit is staffed while a session goes on.

    Attributes:
        people: Everybody in the unit and below.
        away: Those in a session at that time.
        least: How many have to stay.
    """

    unit: str
    people: int
    away: int
    least: int
    on: date

    @property
    def is_short(self) -> bool:
        """Tell whether too few stay."""
        return self.people - self.away < self.least

    @property
    def sentence(self) -> str:
        """Return the warning."""
        left = self.people - self.away
        return (
            f"{self.unit} would have {plural(left, 'person', 'people')} at work on"
            f" {day(self.on)}: {self.away} of {self.people} are in training at the same time,"
            f" and {self.least} have to stay."
        )


def least_staff(text: str, people: int) -> int:
    """Return how many people have to stay, from a number or a percentage of the unit.

    Args:
        text: "6" or "80 %".
        people: Everybody in the unit today.

    Raises:
        RefusedError: It is neither.
    """
    plain = text.strip().replace("\u202f", "").replace(" ", "")
    number = plain.removesuffix("%")
    if not number.isascii() or not number.isdigit() or len(number) > len(str(MOST_SEATS)):
        raise RefusedError("Write a number of people, such as 6, or a part, such as 80 %.", "least")
    if not plain.endswith("%"):
        least = int(number)
    elif int(number) <= 100:
        least = -(-people * int(number) // 100)
    else:
        raise RefusedError("A part is at most 100 %.", field="least")
    if least < 1:
        raise RefusedError("At least one has to stay; leave it empty for no minimum.", "least")
    return least

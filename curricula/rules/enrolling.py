"""Seats: who gets one, who waits in which order, and for how long a seat is held."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.errors import RefusedError
from core.words import moment, plural
from curricula.rules.sessions import local
from curricula.rules.words import EnrolmentStatus, SessionStatus

SEATED = frozenset(
    {
        EnrolmentStatus.ENROLLED,
        EnrolmentStatus.OFFERED,
        EnrolmentStatus.ATTENDED,
        EnrolmentStatus.ABSENT,
    }
)
"""Who takes a seat."""

STANDING = SEATED | {EnrolmentStatus.REQUESTED, EnrolmentStatus.WAITLISTED}
"""Who has something to do with a session; the others once had."""

OFFERED_WITHIN = timedelta(hours=72)
"""A seat that becomes free later than this before the beginning is offered, not given."""

LONGEST_ASKED = timedelta(days=7)
"""So long a seat is held at most for somebody who is asked about a date far ahead; at most a
quarter of the time until then, so that the next one can be asked as well."""

MOST_AT_ONCE = 500
MOST_NAMED = 5
LONGEST_REASON = 500

STATUS_LABELS = {
    EnrolmentStatus.REQUESTED: "Asked for a seat",
    EnrolmentStatus.ENROLLED: "Has a seat",
    EnrolmentStatus.WAITLISTED: "Waiting",
    EnrolmentStatus.OFFERED: "Seat held",
    EnrolmentStatus.ATTENDED: "Attended",
    EnrolmentStatus.ABSENT: "Absent",
    EnrolmentStatus.WITHDRAWN: "Withdrawn",
    EnrolmentStatus.DECLINED: "Declined",
}


@dataclass(frozen=True)
class Seat:
    """What somebody gets who is next.

    Attributes:
        hold_until: Until when the seat is held for them; None where it is theirs.
        reason: Why they moved up, as a sentence.
    """

    status: EnrolmentStatus
    hold_until: datetime | None
    reason: str


def next_seat(
    now: datetime, starts_at: datetime, zone: str, hold_hours: int, why: str, *, must_ask: bool
) -> Seat:
    """Return what the first of those who wait gets when a seat is free.

    Long before the beginning the seat is theirs. Shortly before, or when they never agreed to the
    date, it is held for them until they say yes; who is asked about a date that is weeks away has
    days to answer.

    Args:
        now: This moment.
        starts_at: When the session begins.
        zone: The zone its times are told in.
        hold_hours: How long an offered seat is held.
        why: How the seat became free.
        must_ask: They waited without knowing the date.
    """
    if not must_ask and starts_at - now > OFFERED_WITHIN:
        return Seat(EnrolmentStatus.ENROLLED, None, f"{why} First on the waiting list.")
    hold = timedelta(hours=hold_hours)
    if starts_at - now > OFFERED_WITHIN:
        hold = max(hold, min(LONGEST_ASKED, (starts_at - now) / 4))
    until = max(now, min(now + hold, starts_at))
    told = f"{why} First on the waiting list; held until {moment(local(until, zone))}."
    return Seat(EnrolmentStatus.OFFERED, until, told)


MISSED = "The seat was held for a while and not taken."
WAITS_AGAIN = f"{MISSED} You wait again, behind those who wait already."


def after_missed_hold(
    *, knows_date: bool, others_wait: bool, has_begun: bool
) -> tuple[EnrolmentStatus, str]:
    """Return where somebody stands who did not take a held seat in time, and why.

    Who agreed to the date loses the place to nobody: they keep the seat held while nobody else
    wants it, and else wait again. Who was asked about a date and did not answer is out of it.

    Args:
        knows_date: They asked for a seat when the date was known.
        others_wait: Somebody else wants the seat.
        has_begun: The session has begun.
    """
    if has_begun or not knows_date:
        return EnrolmentStatus.WITHDRAWN, MISSED
    if others_wait:
        return EnrolmentStatus.WAITLISTED, WAITS_AGAIN
    return EnrolmentStatus.OFFERED, ""


def check_open(status: SessionStatus) -> None:
    """Refuse to change who is in a session that is over.

    Raises:
        RefusedError: It is closed or cancelled.
    """
    if status is SessionStatus.CLOSED:
        raise RefusedError("The sheet of this session is closed; undo the closing first.")
    if status is SessionStatus.CANCELLED:
        raise RefusedError("This session is cancelled.")


def check_not_begun(starts_at: datetime | None, now: datetime) -> None:
    """Refuse to let people ask for a seat in what has begun.

    Raises:
        RefusedError: It has begun.
    """
    if starts_at is not None and starts_at <= now:
        raise RefusedError("This session has begun; ask the trainer.")


def too_few_seats(coming: int, free: int) -> str:
    """Return why more people than seats cannot go on the sheet unasked; "" where all find one.

    Args:
        coming: Who is to get a seat.
        free: How many are free; below 0 where there are more people than seats.
    """
    if coming <= max(free, 0):
        return ""
    left = f"Only {plural(free, 'seat is', 'seats are')}" if free > 0 else "No seat is"
    return f"{left} free. If they were there all the same, tick that and enrol them again."


def check_capacity(capacity: int, taken: int, before: int) -> None:
    """Refuse to take seats away that people sit on.

    Args:
        capacity: How many seats there are to be.
        taken: How many are taken; more than there are where people came without a seat.
        before: How many seats there were.

    Raises:
        RefusedError: There are more people in the session.
    """
    if capacity < min(taken, before):
        raise RefusedError(
            f"{plural(taken, 'seat is', 'seats are')} taken. Withdraw people first, or keep"
            f" {plural(taken, 'seat', 'seats')}.",
            field="capacity",
        )


@dataclass(frozen=True)
class Missing:
    """What somebody has not completed that a module needs first: codes with titles."""

    name: str
    modules: tuple[str, ...]

    @property
    def listed(self) -> str:
        """Return the modules in words: "HOS-01 Welcome and HOS-02 Listening"."""
        *first, last = self.modules
        return f"{', '.join(first)} and {last}" if first else last


def check_own_needs(missing: Missing | None) -> None:
    """Refuse a seat to somebody who asks for it without what the module needs first.

    Raises:
        RefusedError: With the modules to complete.
    """
    if missing is not None:
        raise RefusedError(
            f"Complete {missing.listed} first; this module builds on it. A seat in an earlier"
            " session of it is enough, and the trainer may waive it with a reason."
        )


@dataclass(frozen=True)
class Elsewhere:
    """Somebody has a seat in another session of the same module, which begins then."""

    name: str
    begins: datetime


def check_not_elsewhere(elsewhere: Elsewhere | None) -> None:
    """Refuse a second seat in the same module: it would be empty in one of the sessions.

    Raises:
        RefusedError: With when the other one is, and what to do.
    """
    if elsewhere is not None:
        raise RefusedError(
            "You have a seat in another session of this module already, on"
            f" {moment(elsewhere.begins)}. Give that one back first, then ask here."
        )


def waived(missing: Missing, waiver: str) -> str:
    """Return what is kept of a waiver: "Without HOS-01 Welcome: did it elsewhere"."""
    return f"Without {missing.listed}: {waiver}"[:LONGEST_REASON]


def numbers_typed(text: str) -> list[str]:
    """Return employee numbers or addresses as people paste them: lines, commas, semicolons, tabs.

    Raises:
        RefusedError: There are too many for one form.
    """
    found = [part.strip() for part in re.split(r"[\n\r,;\t]+", text)]
    numbers = list(dict.fromkeys(part for part in found if part))
    if len(numbers) > MOST_AT_ONCE:
        raise RefusedError(f"At most {MOST_AT_ONCE} people at once.", field="numbers")
    return numbers


@dataclass(frozen=True)
class Outcome:
    """What became of people who were enrolled together.

    Attributes:
        left_out: Who cannot be enrolled and was left out on purpose, in a few words.
    """

    seated: int = 0
    waiting: int = 0
    known: int = 0
    left_out: str = ""

    @property
    def sentence(self) -> str:
        """Return it in words."""
        parts = []
        if self.seated:
            parts.append(f"{plural(self.seated, 'person has', 'people have')} a seat now")
        if self.waiting:
            parts.append(f"{plural(self.waiting, 'waits', 'wait')} because the seats are taken")
        if self.known:
            parts.append(f"{plural(self.known, 'was', 'were')} in it already")
        said = f"{', '.join(parts)}." if parts else "Nobody was enrolled."
        return f"{said} Left out: {self.left_out}." if self.left_out else said


def outcome_of(statuses: Iterable[EnrolmentStatus | None], left_out: str = "") -> Outcome:
    """Count what became of people; None stands for somebody who was in it already."""
    found = list(statuses)
    return Outcome(
        sum(status in SEATED for status in found),
        found.count(EnrolmentStatus.WAITLISTED),
        found.count(None),
        left_out,
    )

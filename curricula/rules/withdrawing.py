"""What is said before somebody is taken out of a session: who moves up, and who is told."""

from dataclasses import dataclass
from datetime import datetime

from core.words import moment
from curricula.rules.sessions import local

SOMEBODY = "the first on the waiting list"


@dataclass(frozen=True)
class Moving:
    """Somebody who gets a seat that becomes free.

    Attributes:
        name: Who; empty for those whom the viewer does not see.
        hold_until: Until when the seat is held for them; None where it is theirs.
        zone: The zone its times are told in.
    """

    name: str
    hold_until: datetime | None
    zone: str

    @property
    def sentence(self) -> str:
        """Return what they get: "Kofi Adu, first on the waiting list, gets the seat."."""
        who = f"{self.name}, first on the waiting list," if self.name else f"T{SOMEBODY[1:]}"
        if self.hold_until is None:
            return f"{who} gets the seat."
        until = moment(local(self.hold_until, self.zone))
        return f"{who} is asked: the seat is held until {until}."


@dataclass(frozen=True)
class Withdrawal:
    """What follows when somebody is taken out.

    Attributes:
        had_seat: They have a seat or one is held for them; the others only wait or asked.
        moving: Who gets a seat by it.
        is_told: They are told, and the session goes out of their calendar.
        has_begun: It goes on or is over, so nobody moves up and nobody is told.
    """

    name: str
    had_seat: bool
    moving: tuple[Moving, ...]
    is_told: bool
    has_begun: bool

    @property
    def seat_words(self) -> str:
        """Return who moves up, as sentences."""
        if self.moving:
            return " ".join(one.sentence for one in self.moving)
        if not self.had_seat:
            return "No seat becomes free by it; who waits behind moves one place forward."
        if self.has_begun:
            return "It has begun, so nobody moves up."
        return "Nobody moves up: nobody waits, or the seats stay taken."

    @property
    def told_words(self) -> str:
        """Return who is told, as a sentence."""
        if not self.is_told:
            return "Nobody is told."
        named = [self.name, *(one.name or SOMEBODY for one in self.moving)]
        *first, last = named
        who = f"{', '.join(first)} and {last}" if first else last
        return f"Told at once: {who}. The session goes out of the calendar of {self.name}."

    @property
    def done_words(self) -> str:
        """Return what was done, as sentences."""
        moved = [one.name or SOMEBODY for one in self.moving if one.hold_until is None]
        asked = [one.name or SOMEBODY for one in self.moving if one.hold_until is not None]
        said = [f"{self.name} is withdrawn."]
        said += [f"{name} moves up." for name in moved]
        said += [f"A seat is held for {name}." for name in asked]
        return " ".join(one[:1].upper() + one[1:] for one in said)

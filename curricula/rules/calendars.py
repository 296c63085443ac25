"""Calendar files: invitations, their cancelling, and a feed of somebody's sessions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vText

from curricula.rules.sessions import Span

PRODUCT = "-//Training Mix//Sessions//EN"
REFRESH = timedelta(hours=6)
AROUND = timedelta(days=400)


@dataclass(frozen=True)
class Party:
    """Somebody with an address."""

    name: str
    address: str


@dataclass(frozen=True)
class Meeting:
    """One date of a session as calendars keep it.

    Attributes:
        uid: Never changes, so that a later file replaces an earlier one.
        sequence: Rises with each change of time or place.
        changed_at: When this file was written.
        address: Of the page of the session.
    """

    uid: str
    sequence: int
    span: Span
    zone: str
    title: str
    place: str
    note: str
    address: str
    changed_at: datetime
    is_cancelled: bool = False
    is_held: bool = False


def day_uid(calendar_uid: str, position: int) -> str:
    """Return the id of one date of a session; the first date has that of the session."""
    return calendar_uid if position == 1 else f"{position}-{calendar_uid}"


def method_of(meeting: Meeting) -> str:
    """Return what a calendar is asked to do with an invitation."""
    return "CANCEL" if meeting.is_cancelled else "REQUEST"


def invitation(meeting: Meeting, organizer: Party, attendee: Party) -> bytes:
    """Return an invitation to one date, or its cancelling."""
    event = _event(meeting)
    event.add("organizer", _party(organizer))
    invited = _party(attendee)
    invited.params["ROLE"] = vText("REQ-PARTICIPANT")
    invited.params["PARTSTAT"] = vText("NEEDS-ACTION" if meeting.is_held else "ACCEPTED")
    event.add("attendee", invited, encode=False)
    return _calendar(method_of(meeting), [event], [meeting.span])


def feed(meetings: Iterable[Meeting], name: str) -> bytes:
    """Return a calendar to subscribe to."""
    kept = list(meetings)
    spans = [meeting.span for meeting in kept]
    return _calendar("PUBLISH", [_event(meeting) for meeting in kept], spans, name)


def _calendar(method: str, events: list[Event], spans: list[Span], name: str = "") -> bytes:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for event in events:
        calendar.add_component(event)
    if spans:  # the rules of the zones in these years, not since 1970
        first = min(span.starts_at for span in spans).date() - AROUND
        calendar.add_missing_timezones(first, max(span.ends_at for span in spans).date() + AROUND)
    return bytes(calendar.to_ical())


def _event(meeting: Meeting) -> Event:
    zone = ZoneInfo(meeting.zone)
    event = Event()
    event.add("uid", meeting.uid)
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", meeting.changed_at)
    event.add("dtstart", meeting.span.starts_at.astimezone(zone))
    event.add("dtend", meeting.span.ends_at.astimezone(zone))
    event.add("summary", meeting.title)
    event.add("location", meeting.place)
    described = [part for part in (meeting.note, meeting.address) if part]
    event.add("description", "\n\n".join(described))
    event.add("url", meeting.address)
    event.add("status", _status(meeting))
    return event


def _status(meeting: Meeting) -> str:
    if meeting.is_cancelled:
        return "CANCELLED"
    return "TENTATIVE" if meeting.is_held else "CONFIRMED"


def _party(party: Party) -> vCalAddress:
    found = vCalAddress(f"mailto:{party.address}")
    found.params["CN"] = vText(party.name)
    return found

"""Opening the files people take away in real programs, not with the code that wrote them."""

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pypdfium2
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar

DARK, LIGHT = 90, 240


def pages_drawn(path: Path) -> list[str]:
    """Let the PDF engine of Chrome draw every page; return what one reads on each."""
    texts = []
    with pypdfium2.PdfDocument(path) as document:
        for page in document:
            darkest, lightest = page.render(scale=1).to_pil().convert("L").getextrema()
            assert darkest < DARK < LIGHT < lightest, f"a page of {path} is blank"
            texts.append(" ".join(page.get_textpage().get_text_bounded().split()))
    return texts


def check_in_another_program(path: Path, sentences: Sequence[str]) -> None:
    """Let a second, unrelated program read the PDF, where the machine has it."""
    program = shutil.which("pdftotext")
    if program is None:
        return
    done = subprocess.run([program, path, "-"], capture_output=True, check=True)  # noqa: S603  # our own file, no shell
    read = " ".join(done.stdout.decode().split())
    assert [one for one in sentences if one not in read] == []


@dataclass(frozen=True)
class Entry:
    """A date as a calendar program keeps it."""

    uid: str
    title: str
    place: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    attendee: str


def entries_of(content: bytes) -> tuple[list[Entry], list[Entry]]:
    """Return the dates of a calendar file as two unrelated readers of calendars see them."""
    return _by_icalendar(content), _by_ical(content)


def _by_icalendar(content: bytes) -> list[Entry]:
    return [
        Entry(
            uid=str(one["UID"]),
            title=str(one["SUMMARY"]),
            place=str(one["LOCATION"]),
            starts_at=one["DTSTART"].dt,
            ends_at=one["DTEND"].dt,
            zone=str(one["DTSTART"].params["TZID"]),
            attendee=str(one.get("ATTENDEE", "")),
        )
        for one in Calendar.from_ical(content).walk("VEVENT")
    ]


def _by_ical(content: bytes) -> list[Entry]:
    return [
        Entry(
            uid=str(one.uid),
            title=str(one.summary),
            place=str(one.location),
            starts_at=one.dtstart,
            ends_at=one.dtend,
            zone=str(one.dtstart.tzinfo),
            attendee=str(one.attendees[0].uri) if one.attendees else "",
        )
        for one in IcsCalendarStream.calendar_from_ics(content.decode()).events
    ]

"""What the trainer of Meridian Services has held and planned, counted in days from today."""

from dataclasses import dataclass
from datetime import time

VOICE_NORTH = "Contact centre / Voice north"
VOICE_SOUTH = "Contact centre / Voice south"
CHAT = "Contact centre / Chat and e-mail"
COAST = "Shops / Coast"
FIELD = "Field service / North area"
CLAIMS = "Back office / Claims"
CUSTOMERS = "Contact centre / Voice"

OWN_MODULES = ("HOS-01", "REL-01", "REC-01")
LEARNT_BEFORE = ("TEC-01", "TEC-02", "TEC-03", "TEC-05", "TEC-09", "TEC-12")

CENTRE, SOUTH, SHORE, DEPOT = "Northgate House", "Southbank Campus", "Seabright", "Ironbridge depot"
MORNING, LONG_MORNING = (time(9, 30), time(11, 45)), (time(9, 0), time(12, 0))
AFTERNOON, LONG_AFTERNOON = (time(13, 30), time(15, 45)), (time(13, 0), time(16, 0))
ILL, SHIFT, CUSTOMER = "Ill", "Shift was short of people", "Called to a customer"


@dataclass(frozen=True)
class Past:
    """A session that was held.

    Attributes:
        people: How many were enrolled from the unit.
        absent: Why some did not come.
        left_after: The minutes of somebody who left early, 0 for nobody.
        reaction: Ratings right after; `learners` and `managers` those at work, weeks later.
        is_for_new: The seats went to those who have the own curriculum to do, but for the
            last `missing` of them.
        unmarked: So many are not marked, and the sheet is open; 0 for a closed sheet.
    """

    module: str
    days_ago: int
    hours: tuple[time, time]
    unit: str
    people: int
    place: str
    room: str
    absent: tuple[str, ...] = ()
    left_after: int = 0
    reaction: tuple[int, ...] = ()
    learners: tuple[int, ...] = ()
    managers: tuple[int, ...] = ()
    is_for_new: bool = False
    missing: int = 0
    unmarked: int = 0


@dataclass(frozen=True)
class Planned:
    """A session to come; without days a list of those who want the module.

    Attributes:
        people: How many of the unit are in it or want it; more than `seats` wait.
        asking: So many of them ask for a seat that needs approval.
    """

    module: str
    days_ahead: tuple[int, ...]
    hours: tuple[time, time]
    unit: str
    seats: int
    people: int
    place: str = ""
    room: str = ""
    link: str = ""
    asking: int = 0
    with_learner: bool = False


PAST = (
    Past("HOS-01", 72, MORNING, VOICE_NORTH, 0, CENTRE, "Room 2", (ILL,), 0,
         (5, 4, 4, 5, 3, 4), (4, 4, 3, 5, 4, 3), (4, 3, 4, 4, 5), True, 1),
    Past("REL-01", 65, AFTERNOON, VOICE_NORTH, 0, CENTRE, "Room 2", (), 0,
         (4, 5, 4, 4, 5), is_for_new=True, missing=2),
    Past("TEC-08", 58, LONG_MORNING, COAST, 9, SHORE, "Back room", (SHIFT,), 120),
    Past("TEC-09", 51, LONG_AFTERNOON, CHAT, 8, CENTRE, "Training desks", (ILL,)),
    Past("HOS-01", 44, MORNING, VOICE_SOUTH, 9, SOUTH, "Room A", (SHIFT, ILL), 0,
         (5, 5, 4, 4, 3)),
    Past("REC-01", 33, LONG_MORNING, VOICE_NORTH, 0, CENTRE, "Room 2", (SHIFT,), 0,
         (5, 5, 4, 5, 4, 4), is_for_new=True, missing=2),
    Past("REL-04", 19, AFTERNOON, CLAIMS, 7, SOUTH, "Room C", (), 60),
    Past("REC-01", 12, LONG_MORNING, FIELD, 8, DEPOT, "Canteen", (CUSTOMER,), 0,
         (4, 3, 4, 5, 4)),
    Past("TEC-05", 5, MORNING, VOICE_NORTH, 10, CENTRE, "Room 1", (ILL,)),
    Past("HOS-02", 1, LONG_AFTERNOON, VOICE_SOUTH, 9, SOUTH, "Room A", (ILL,), unmarked=4),
)  # fmt: skip

PLANNED = (
    Planned("REC-02", (0,), LONG_MORNING, VOICE_NORTH, 12, 11, CENTRE, "Room 2",
            with_learner=True),
    Planned("HOS-03", (2,), AFTERNOON, COAST, 8, 11, SHORE, "Back room"),
    Planned("HOS-02", (4,), LONG_MORNING, VOICE_NORTH, 10, 6, CENTRE, "Room 2"),
    Planned("REL-03", (9,), LONG_AFTERNOON, CHAT, 14, 8,
            link="https://meet.meridian.example/writing"),
    Planned("EXP-01", (16, 17), MORNING, CUSTOMERS, 10, 5, CENTRE, "Room 1"),
    Planned("EXP-05", (23,), LONG_MORNING, VOICE_NORTH, 8, 5, CENTRE, "Room 2", asking=2),
    Planned("TEC-06", (30,), (time(9), time(14)), FIELD, 12, 4, DEPOT, "Canteen"),
)  # fmt: skip

WANTED = (("REC-04", 5), ("EXP-04", 3))

LOOKED_AT = (
    ("TEC-01", -20, "The price list changes with the autumn range; look again then."),
    ("REL-04", 12, "Still right for claims; the letters are rewritten this year."),
)
"""Modules, until when they hold in days from today, and what was found."""

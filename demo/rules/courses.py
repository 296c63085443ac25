"""What Meridian Services trains: its catalogue, mixed courses, titles nobody has classified."""

from dataclasses import dataclass
from datetime import date

EVERYBODY = ("",)
VOICE = ("Contact centre", "Brightline")
SHOPS = ("Shops",)
FIELD = ("Field service",)
BACK = ("Back office",)
HEAD = ("Head office",)
TECHNOLOGY = ("Head office / Technology",)
DESKS = (*VOICE, *BACK, *HEAD)
CUSTOMERS = (*VOICE, *SHOPS)


@dataclass(frozen=True)
class DemoCourse:
    """A course of the demo organisation.

    Attributes:
        shares: Category code and percent, more than one for a mixed course; empty for none yet.
        lengths: The minutes it may take.
        units: Beginnings of the units whose people take it.
        weight: How often it is taken, compared with the others.
        month: The month of the year it is due in, 0 when there is none.
        cost: What a place costs, 0 when nothing is paid.
    """

    code: str
    title: str
    shares: tuple[tuple[str, int], ...]
    lengths: tuple[int, ...]
    delivery: str
    units: tuple[str, ...] = EVERYBODY
    weight: float = 1.0
    month: int = 0
    cost: int = 0

    def is_for(self, unit: str) -> bool:
        """Tell whether people of a unit take it."""
        return unit.startswith(self.units)


def _one(category: str, rows: tuple[tuple[object, ...], ...]) -> list[DemoCourse]:
    prefix = {"technical": "TEC", "operational": "OPS", "product_knowledge": "PRO"}.get(
        category, category[:3].upper()
    )
    found = []
    for number, (title, lengths, delivery, *rest) in enumerate(rows, start=1):
        code = f"{prefix}-{number:03}"
        found.append(
            DemoCourse(code, title, ((category, 100),), lengths, delivery, *rest)  # type: ignore[arg-type]  # a table of plain values
        )
    return found


TECHNICAL = _one("technical", (
    ("Customer desk: find and update a record", (60, 90), "online", DESKS, 2.0),
    ("Customer desk: advanced search", (45, 60), "online", DESKS),
    ("Telephony console", (60, 90), "on_the_job", VOICE, 1.6),
    ("Ticketing: from report to repair", (60,), "online", (*VOICE, *FIELD), 1.4),
    ("Till and payments", (90, 120), "on_the_job", SHOPS, 2.4),
    ("Line testing with the hand-held meter", (120, 180), "on_the_job", FIELD, 2.2),
    ("Fibre splicing", (240, 420), "classroom", FIELD, 0.9, 0, 180),
    ("Router configuration", (90, 120), "classroom", FIELD, 1.4),
    ("Spreadsheets for reporting", (90, 120), "online", (*BACK, *HEAD), 1.4),
    ("Billing system: month-end run", (90, 120), "online", BACK, 1.8),
    ("New booking system: hands on", (90, 120), "classroom", EVERYBODY, 1.2),
    ("Scripting for systems engineers", (180, 240), "online", TECHNOLOGY, 4.0, 0, 90),
    ("Knowledge base: search and write", (45, 60), "online", DESKS),
))  # fmt: skip
OPERATIONAL = _one("operational", (
    ("Welcome to Meridian: how we work", (360,), "classroom", EVERYBODY, 0.0),
    ("First weeks at the desk", (420,), "on_the_job", EVERYBODY, 0.0),
    ("Call handling step by step", (60, 90), "classroom", VOICE, 1.8),
    ("Verification of callers", (30, 45), "online", VOICE, 1.2),
    ("Opening and closing the shop", (60,), "on_the_job", SHOPS, 1.2),
    ("Returns and exchanges", (45, 60), "online", SHOPS, 1.4),
    ("Stock count", (60, 120), "on_the_job", SHOPS, 0.9),
    ("Route planning", (60,), "online", FIELD, 1.2),
    ("Vehicle and tool check", (45, 60), "on_the_job", FIELD, 1.4),
    ("Claims step by step", (90, 120), "classroom", BACK, 1.6),
    ("Contract changes: the four-eyes check", (60, 90), "online", BACK, 1.2),
    ("Shift planning", (60, 90), "online", (*VOICE, *SHOPS), 0.5),
    ("Budget and cost centres", (90, 120), "online", HEAD, 1.4),
    ("Purchasing rules", (45, 60), "online", HEAD, 0.8),
    ("Quality check of calls", (60,), "coaching", VOICE, 0.8),
))  # fmt: skip
PRODUCT = _one("product_knowledge", (
    ("Product update: spring", (60, 90), "online", (*VOICE, *SHOPS, *FIELD), 0.0, 4),
    ("Product update: autumn", (60, 90), "online", (*VOICE, *SHOPS, *FIELD), 0.0, 10),
    ("Tariffs and bundles", (60, 90), "online", CUSTOMERS, 2.0),
    ("Home network products", (90, 120), "classroom", (*CUSTOMERS, *FIELD), 1.4),
    ("Accessories and guarantees", (45, 60), "online", SHOPS, 1.6),
    ("Business customers: products", (90, 120), "classroom", CUSTOMERS, 0.8),
    ("Smart home devices", (60, 90), "online", (*SHOPS, *FIELD), 1.2),
))  # fmt: skip
COMPLIANCE = _one("compliance", (
    ("Data protection: every year", (45,), "online", EVERYBODY, 0.0, 3),
    ("Information security: every year", (40,), "online", EVERYBODY, 0.0, 11),
    ("Fire safety and first aid", (90,), "classroom", EVERYBODY, 0.0, 9),
    ("Code of conduct", (30,), "online", EVERYBODY, 0.0, 2),
    ("Payment card security", (30, 45), "online", CUSTOMERS, 0.0, 6),
    ("Working at height", (240,), "classroom", FIELD, 0.0, 5, 140),
    ("Electrical safety", (180,), "classroom", FIELD, 0.0, 9, 120),
    ("Fair treatment of vulnerable customers: the rules", (60,), "online", DESKS, 0.0, 1),
))  # fmt: skip
HARD = (*TECHNICAL, *OPERATIONAL, *PRODUCT, *COMPLIANCE)
INDUCTION = (OPERATIONAL[0], OPERATIONAL[1])
YEARLY = tuple(course for course in HARD if course.month)

OTHER_SOFT = tuple(_one("other_soft", (
    ("Leading a team: first steps", (240,), "classroom", EVERYBODY, 0.5, 0, 210),
    ("Feedback that helps", (90, 120), "classroom", EVERYBODY, 1.0),
    ("Writing clearly", (60, 90), "online", DESKS, 1.4),
    ("Working across teams", (90,), "classroom", EVERYBODY, 0.8),
    ("Staying well on shift", (45, 60), "online", EVERYBODY, 1.4),
    ("Coaching conversations", (60,), "coaching", EVERYBODY, 1.0),
    ("Presenting with confidence", (120, 180), "classroom", HEAD, 1.0, 0, 95),
)))  # fmt: skip

FAMILIES = (
    *_one("hospitality", (
        ("Welcoming every customer", (60, 90), "classroom", EVERYBODY, 1.6),
        ("The first thirty seconds", (45, 60), "classroom", VOICE, 1.4),
        ("Being a host in the shop", (90, 120), "on_the_job", SHOPS, 2.0),
        ("A guest in somebody’s home", (60, 90), "classroom", FIELD, 2.0),
    )),
    *_one("relationship", (
        ("Asking before offering", (60, 90), "classroom", (*CUSTOMERS, *FIELD), 1.4),
        ("Conversations that build trust", (90, 120), "classroom", EVERYBODY, 1.4),
        ("Remembering our regulars", (45, 60), "coaching", SHOPS, 1.4),
    )),
    *_one("service_recovery", (
        ("Making it right", (90, 120), "classroom", EVERYBODY, 1.8),
        ("Calm with upset customers", (60, 90), "classroom", (*CUSTOMERS, *BACK), 1.4),
        ("After the mistake: follow up", (45, 60), "coaching", EVERYBODY, 0.8),
    )),
    *_one("experiential", (
        ("Listening to real calls", (45, 60), "on_the_job", (*VOICE, *BACK, *HEAD), 1.2),
        ("A day in the customer’s shoes", (180, 240), "on_the_job", EVERYBODY, 0.5),
        ("Service walk", (45, 60), "walk", (*SHOPS, *FIELD, *HEAD), 1.2),
    )),
)  # fmt: skip
SERVICE_WALK = FAMILIES[-1]

MIXED = (
    DemoCourse("MIX-001", "New tariff: what it is and how to talk about it",
        (("product_knowledge", 60), ("relationship", 40)), (90, 120), "classroom", CUSTOMERS, 1.0),
    DemoCourse("MIX-002", "Claims and difficult conversations",
        (("operational", 60), ("service_recovery", 40)), (90, 120), "classroom",
        (*BACK, *VOICE), 0.8),
    DemoCourse("MIX-003", "Repair visit from door to door",
        (("technical", 60), ("hospitality", 40)), (120, 150), "on_the_job", FIELD, 0.8),
)  # fmt: skip

WELCOME_CALLS = DemoCourse(
    "OPS-040", "Welcome calls to new customers", (("operational", 100),), (60, 75), "classroom",
    CUSTOMERS, 0.8,
)  # fmt: skip
WELCOME_CALLS_LATER = "relationship"
"""What welcome calls count as since somebody looked at what is taught there."""

UNCLASSIFIED_TITLES = (
    "Team day", "External seminar", "Meridian forum", "Floor briefing", "Lunch and learn",
    "Supplier day", "Pilot group meeting", "Workshop (see invitation)", "Regional conference",
    "Special training K7", "Shadow week", "Kick-off", "Trade fair visit", "Study visit Valmere",
    "Peer exchange", "TRN-0042 refresh", "Evening school", "Project Lighthouse", "Book circle",
    "Guest speaker", "Training misc.", "Open door day", "Round table", "Improvement circle",
    "Refresher B", "Update session", "Town hall follow-up", "Community meeting", "Test group",
    "Film evening", "Course 118", "Course 204", "Online library", "Podcast hour", "Practice lab",
    "Master class", "Summer school", "Winter school", "Language tandem", "Hack day",
    "Briefing new year", "Briefing summer", "Site tour", "Partner visit", "Exchange Port Alder",
    "Seminar (external, paid)", "Webinar series", "Webinar, topic open", "Self-study day",
    "Preparation for audit", "Group A catch-up", "Group B catch-up", "Onboarding extra",
    "Returners’ morning", "Seniors’ table",
)  # fmt: skip
DECIDING_TITLES = 12
"""So many of the unclassified titles hold about four fifths of the unclassified hours."""


def unclassified() -> list[DemoCourse]:
    """Return the titles nobody has classified, the first dozen far ahead of the rest."""
    rest = len(UNCLASSIFIED_TITLES) - DECIDING_TITLES
    found = []
    for place, title in enumerate(UNCLASSIFIED_TITLES):
        if place < DECIDING_TITLES:
            weight = 80 * (DECIDING_TITLES + 8 - place) / sum(range(9, DECIDING_TITLES + 9))
        else:
            weight = 20 / rest
        found.append(DemoCourse("", title, (), (60, 90, 120), "", EVERYBODY, weight))
    return found


def classified() -> list[DemoCourse]:
    """Return every course of the catalogue that is classified."""
    return [*HARD, *OTHER_SOFT, *FAMILIES, *MIXED, WELCOME_CALLS]


def is_due(course: DemoCourse, month: date) -> bool:
    """Tell whether a yearly course is held in this month."""
    return course.month == month.month

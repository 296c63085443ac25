"""Meridian Services: its units and posts, seven levels from the top to the front line."""

from collections.abc import Iterator
from dataclasses import dataclass

COMPANY = "Meridian Services"
HEAD_OFFICE = "Head office"
PEOPLE_AND_CULTURE = "Head office / People and culture"
CHIEF, OPERATIONS, FINANCE = "chief", "operations", "finance"
HR_PARTNER, TRAINER, CENTRE_MANAGER = "hr partner", "trainer", "manager of Voice north"


@dataclass(frozen=True)
class Post:
    """One place in the organisation that somebody holds.

    Attributes:
        key: What the post is called here.
        unit: Path of its unit.
        level: One of the five level words.
        boss: Key of the post it reports to, None at the top.
        opens_in: Number of the month in which it is filled for the first time, 0 at the beginning.
        is_kept: Nobody leaves this post.
    """

    key: str
    unit: str
    site: str
    level: str
    title: str
    boss: str | None
    opens_in: int = 0
    is_kept: bool = False

    @property
    def is_partner(self) -> bool:
        """Whether the post belongs to the outsourcing partner."""
        return self.unit.startswith("Brightline")


@dataclass(frozen=True)
class Team:
    """A unit led by one team lead, whose seniors lead the front line.

    Attributes:
        titles: Of the team lead, the seniors and the front line.
        fronts: How many work at the front line under each senior, one number per senior.
        opens_in: Number of the month in which the team begins.
    """

    unit: str
    site: str
    titles: tuple[str, str, str]
    fronts: tuple[int, ...]
    opens_in: int = 0


VOICE = ("Team lead", "Senior adviser", "Adviser")
SHOP = ("Shop manager", "Deputy shop manager", "Sales adviser")
FIELD = ("Crew lead", "Senior technician", "Technician")
OFFICE = ("Team lead", "Senior clerk", "Clerk")
PARTNER = ("Partner team lead", "Partner senior adviser", "Partner adviser")

CENTRE, SOUTH, TOWER = "Northgate House", "Southbank Campus", "Meridian Tower"
PARTNER_SITE = "Brightline Valmere"

TOP = (
    Post(CHIEF, HEAD_OFFICE, TOWER, "executive", "Chief executive", None, is_kept=True),
    Post(OPERATIONS, HEAD_OFFICE, TOWER, "executive", "Chief operating officer", CHIEF, 0, True),
    Post(FINANCE, HEAD_OFFICE, TOWER, "executive", "Chief financial officer", CHIEF, 0, True),
    Post("people", HEAD_OFFICE, TOWER, "executive", "Chief people officer", CHIEF, 0, True),
    Post("technology", HEAD_OFFICE, TOWER, "executive", "Chief technology officer", CHIEF, 0, True),
    Post("customers", HEAD_OFFICE, TOWER, "executive", "Chief customer officer", CHIEF, 0, True),
)

HEADS = (
    ("Contact centre", CENTRE, "Head of contact centre", OPERATIONS),
    ("Shops", TOWER, "Head of shops", OPERATIONS),
    ("Field service", "Ironbridge depot", "Head of field service", OPERATIONS),
    ("Back office", SOUTH, "Head of back office", OPERATIONS),
)

PARTS = (
    # unit, site, title of its manager, the post it reports to, teams
    ("Contact centre / Voice north", CENTRE, "Centre manager", "Contact centre", (
        Team("Contact centre / Voice north", CENTRE, VOICE, (6, 6)),
        Team("Contact centre / Voice north", CENTRE, VOICE, (6, 5)),
        Team("Contact centre / Voice north", CENTRE, VOICE, (6, 6)),
    )),
    ("Contact centre / Voice south", SOUTH, "Centre manager", "Contact centre", (
        Team("Contact centre / Voice south", SOUTH, VOICE, (7, 6)),
        Team("Contact centre / Voice south", SOUTH, VOICE, (6, 7)),
    )),
    ("Contact centre / Chat and e-mail", CENTRE, "Digital service manager", "Contact centre", (
        Team("Contact centre / Chat and e-mail", CENTRE, VOICE, (6, 5)),
        Team("Contact centre / Chat and e-mail", CENTRE, VOICE, (6, 6), 9),
    )),
    ("Contact centre / Night line", CENTRE, "Night line manager", "Contact centre", (
        Team("Contact centre / Night line", CENTRE, VOICE, (6, 6)),
    )),
    ("Shops / Coast", "Seabright", "Regional manager", "Shops", (
        Team("Shops / Coast / Seabright", "Seabright", SHOP, (3, 3)),
        Team("Shops / Coast / Port Alder", "Port Alder", SHOP, (3, 2)),
        Team("Shops / Coast / Gullhaven", "Gullhaven", SHOP, (5,)),
        Team("Shops / Coast / Sandwick Bay", "Sandwick Bay", SHOP, (4,), 14),
    )),
    ("Shops / Capital", "Old Market", "Regional manager", "Shops", (
        Team("Shops / Capital / Old Market", "Old Market", SHOP, (4, 3)),
        Team("Shops / Capital / Riverside", "Riverside", SHOP, (3, 3)),
        Team("Shops / Capital / Central station", "Central station", SHOP, (3, 3)),
        Team("Shops / Capital / Linden Park", "Linden Park", SHOP, (4,)),
    )),
    ("Shops / Uplands", "Fellbridge", "Regional manager", "Shops", (
        Team("Shops / Uplands / Fellbridge", "Fellbridge", SHOP, (5,)),
        Team("Shops / Uplands / Hartsmoor", "Hartsmoor", SHOP, (4,)),
        Team("Shops / Uplands / Kestrel Cross", "Kestrel Cross", SHOP, (4,)),
    )),
    ("Field service / North area", "Ironbridge depot", "Area manager", "Field service", (
        Team("Field service / North area", "Ironbridge depot", FIELD, (5, 4)),
        Team("Field service / North area", "Ironbridge depot", FIELD, (5, 5)),
    )),
    ("Field service / South area", "Quayside depot", "Area manager", "Field service", (
        Team("Field service / South area", "Quayside depot", FIELD, (5, 5)),
        Team("Field service / South area", "Quayside depot", FIELD, (4, 5)),
    )),
    ("Field service / Installations", "Quayside depot", "Installations manager", "Field service", (
        Team("Field service / Installations", "Quayside depot", FIELD, (5, 5)),
    )),
    ("Back office / Billing", SOUTH, "Billing manager", "Back office", (
        Team("Back office / Billing", SOUTH, OFFICE, (6, 6)),
    )),
    ("Back office / Claims", SOUTH, "Claims manager", "Back office", (
        Team("Back office / Claims", SOUTH, OFFICE, (5, 5)),
    )),
    ("Back office / Contracts", SOUTH, "Contracts manager", "Back office", (
        Team("Back office / Contracts", SOUTH, OFFICE, (5, 4)),
    )),
    ("Brightline (partner)", PARTNER_SITE, "Partner operations manager", "Contact centre", (
        Team("Brightline (partner) / Voice overflow", PARTNER_SITE, PARTNER, (7, 7)),
        Team("Brightline (partner) / E-mail overflow", PARTNER_SITE, PARTNER, (6, 6)),
    )),
)  # fmt: skip

OFFICES = (
    # unit, chief it reports to, title of its manager, seniors, others
    (PEOPLE_AND_CULTURE, "people", "Head of people and culture", "HR specialist", (4, 3)),
    ("Head office / Finance", FINANCE, "Financial controller", "Accountant", (3, 6)),
    ("Head office / Technology", "technology", "Head of systems", "Systems engineer", (4, 8)),
    ("Head office / Marketing", "customers", "Head of marketing", "Marketing specialist", (2, 5)),
)


def posts() -> list[Post]:
    """Return every post there is at any time, bosses before the people below them."""
    found = list(TOP)
    for unit, site, title, boss in HEADS:
        found.append(Post(unit, unit, site, "manager", title, boss))
    for unit, site, title, boss, teams in PARTS:
        key = f"manager of {unit.rpartition(' / ')[2]}"
        kept = key == CENTRE_MANAGER
        found.append(Post(key, unit, site, "manager", title, boss, 0, kept))
        for number, team in enumerate(teams):
            found += _team(team, key, number)
    for office in OFFICES:
        found += _office(*office)
    return found


def _team(team: Team, boss: str, number: int) -> Iterator[Post]:
    lead_title, senior_title, front_title = team.titles
    lead = f"{team.unit} {number}"
    yield Post(lead, team.unit, team.site, "team_lead", lead_title, boss, team.opens_in)
    for group, size in enumerate(team.fronts):
        senior = f"{lead}.{group}"
        yield Post(senior, team.unit, team.site, "senior", senior_title, lead, team.opens_in)
        for place in range(size):
            # One in six came with the growth of the last years, spread over many months.
            later = (7 * (number + 3) + 11 * group + 5 * place) % 31 if place % 6 == 2 else 0
            opens_in = max(team.opens_in, later)
            key = f"{senior}.{place}"
            yield Post(key, team.unit, team.site, "frontline", front_title, senior, opens_in)


def _office(unit: str, boss: str, head: str, title: str, counts: tuple[int, int]) -> Iterator[Post]:
    yield Post(unit, unit, TOWER, "manager", head, boss)
    seniors, others = counts
    for place in range(seniors):
        key, own_title, kept = f"{unit} {place}", f"Senior {title}", False
        if unit == PEOPLE_AND_CULTURE and place < 2:
            key, own_title, kept = (
                (HR_PARTNER, "HR business partner", True),
                (TRAINER, "Learning lead", True),
            )[place]
        yield Post(key, unit, TOWER, "senior", _sentence(own_title), unit, 0, kept)
    for place in range(others):
        yield Post(
            f"{unit} staff {place}", unit, TOWER, "frontline", title, f"{unit} {seniors - 1}"
        )


def _sentence(title: str) -> str:
    """Return "Senior Accountant" as "Senior accountant", but leave "Senior HR specialist"."""
    first, _, rest = title.partition(" ")
    return title if rest[:2].isupper() or not rest else f"{first} {rest[0].lower()}{rest[1:]}"

"""The ladder of levels, front line to executive, and other words for where a person stands."""

from datetime import date
from enum import Enum

OPEN_END = date(9999, 12, 31)
"""The `until_on` of what has no end yet."""

BEGINNING = date(1900, 1, 1)
"""The `from_on` of what has always been so, as far as we know."""


class Level(Enum):
    """A rung of the ladder."""

    FRONTLINE = "frontline"
    SENIOR = "senior"
    TEAM_LEAD = "team_lead"
    MANAGER = "manager"
    EXECUTIVE = "executive"


LEVELS_TOP_DOWN = (
    Level.EXECUTIVE,
    Level.MANAGER,
    Level.TEAM_LEAD,
    Level.SENIOR,
    Level.FRONTLINE,
)

LEVEL_LABELS = {
    Level.EXECUTIVE: "Executive",
    Level.MANAGER: "Manager",
    Level.TEAM_LEAD: "Team lead",
    Level.SENIOR: "Senior",
    Level.FRONTLINE: "Front line",
}


class Gender(Enum):
    """What a person has told us; not asked for is not undisclosed."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNDISCLOSED = "undisclosed"


class RoleName(Enum):
    """What an account may do beside what the reporting tree gives it."""

    HR = "hr"
    TRAINER = "trainer"
    EXECUTIVE = "executive"
    ADMIN = "admin"

"""The words of the ledger: sides, kinds of minutes, basis, delivery, starting categories."""

from enum import Enum
from typing import NamedTuple


class Side(Enum):
    """Which half of the mix a category belongs to."""

    HARD = "hard"
    SOFT = "soft"


class Kind(Enum):
    """What a minute counts as on its day."""

    HARD = "hard"
    FAMILY = "family"
    OTHER_SOFT = "other_soft"
    NONE = "none"


class Basis(Enum):
    """Learner: one per person per minute. Contact: one per minute a session ran."""

    LEARNER = "learner"
    CONTACT = "contact"


class Definition(Enum):
    """Narrow soft is the four families only; broad adds other soft."""

    NARROW = "narrow"
    BROAD = "broad"


class Delivery(Enum):
    """How training reached people."""

    CLASSROOM = "classroom"
    ONLINE = "online"
    ON_THE_JOB = "on_the_job"
    COACHING = "coaching"
    WALK = "walk"


DELIVERY_LABELS = {
    "classroom": "Classroom",
    "online": "Online",
    "on_the_job": "On the job",
    "coaching": "Coaching",
    "walk": "Walk",
    "": "Not stated",
}


class StartingCategory(NamedTuple):
    """A category every organisation begins with."""

    code: str
    name: str
    side: Side
    family: bool
    mandatory: bool


STARTING_CATEGORIES = (
    StartingCategory("technical", "Technical", Side.HARD, family=False, mandatory=False),
    StartingCategory("operational", "Operational", Side.HARD, family=False, mandatory=False),
    StartingCategory(
        "product_knowledge", "Product knowledge", Side.HARD, family=False, mandatory=False
    ),
    StartingCategory("compliance", "Compliance", Side.HARD, family=False, mandatory=True),
    StartingCategory("hospitality", "Hospitality", Side.SOFT, family=True, mandatory=False),
    StartingCategory("relationship", "Relationship", Side.SOFT, family=True, mandatory=False),
    StartingCategory(
        "service_recovery", "Service recovery", Side.SOFT, family=True, mandatory=False
    ),
    StartingCategory("experiential", "Experiential", Side.SOFT, family=True, mandatory=False),
    StartingCategory("other_soft", "Other soft", Side.SOFT, family=False, mandatory=False),
)


def kind_of(side: Side, family: bool) -> Kind:
    """Return what minutes of a category count as."""
    if side is Side.HARD:
        return Kind.HARD
    return Kind.FAMILY if family else Kind.OTHER_SOFT

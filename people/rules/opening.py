"""What may be read of the tables about people, and why: the list to look at in a review.

Every table about people is closed in a request and in a job. Three things open some of them:

- the permission a page asks for, where it covers the whole organisation (`OF_PERMISSION`);
- the sight of whoever looks, given by `people.queries.visibility`: everything for those who see
  everybody, else only statements that are narrowed to the people they see;
- a reason of this list, for one block of code that needs it to do its work (`Reason`).
"""

from enum import Enum
from typing import TypeAlias

from people.rules.holdings import Realm


class Part(Enum):
    """Parts of realms."""

    UNNAMED = "of people, what stays when a person is erased: no name, number, address, job title"


Opening: TypeAlias = Realm | Part | str
"""A realm, a part of one, or the name of a table or column."""

ALL = frozenset[Opening](Realm)
DOERS = frozenset[Opening]({"account.id", "account.name"})
"""By whom something was done, which pages show beside it."""

OF_PERMISSION: dict[str, frozenset[Opening]] = {
    "balance:read": DOERS,
    "balance:names": DOERS,
    "entries:read": DOERS,
    "reports:read": DOERS,
    "reports:publish": DOERS,
    "targets:edit": DOERS,
    "courses:read": DOERS,
    "courses:classify": DOERS | {Part.UNNAMED, "upload"},
    "hours:import": DOERS | {Realm.PEOPLE, Realm.FILES},
    "hours:correct": DOERS | {Realm.PEOPLE},
    "people:import": DOERS | {Realm.PEOPLE, Realm.FILES, "account.employee_id"},
    "people:erase": ALL,
    "audit:read": DOERS | {Realm.TRAIL, "employee.id", "employee.name"},
    "accounts:edit": frozenset({Realm.LOGINS, "employee.id", "employee.left_on"}),
}
"""What a page may read of the whole organisation because only they get to it who may."""

OF_EVERYBODY = frozenset[Opening]({"account.id"})
"""What every page may read: whether there is any account yet."""

SIGN_IN_PLACES = frozenset({"accounts", "sso", "own"})
"""The parts of the product where people sign in and look after their own account."""


class Reason(Enum):
    """Why a block of code may read more than the page it works for."""

    WHO_LOOKS = "to find out who has come and what they may see"
    WHOM_THEY_SEE = "to work out the sight itself: who stands below whom, and in which unit"
    OWN_DATA = "to show somebody everything that is held on them"
    NAMES_ABOVE = "to say who stands above a person one sees: everybody knows who leads whom"
    HEAD_COUNTS = "to count the people of units, which everybody may know"
    FEW_LEARNERS = "to hide the hours of courses that few people took"
    EXTENT = "to know how far the ledger goes: its last number, its first and last day"
    SENT_BEFORE = "to know whether a form was sent before, and how it was answered"
    WHO_CHANGED = "to say who has changed what somebody is about to change"
    WHOSE_ACCOUNT = "to say to which person an account belongs"

    @property
    def opens(self) -> frozenset[Opening]:
        """Return what may be read for this reason."""
        return _OF_REASON[self]


_OF_REASON: dict[Reason, frozenset[Opening]] = {
    Reason.WHO_LOOKS: frozenset({Realm.LOGINS, Part.UNNAMED}),
    Reason.WHOM_THEY_SEE: frozenset({Part.UNNAMED}),
    Reason.OWN_DATA: ALL,
    Reason.NAMES_ABOVE: frozenset(
        {Part.UNNAMED, "employee.number", "employee.name", "assignment.job_title"}
    ),
    Reason.HEAD_COUNTS: frozenset({Part.UNNAMED, "employee.hired_on"}),
    Reason.FEW_LEARNERS: frozenset({"entry.employee_id", "entry.course_id"}),
    Reason.EXTENT: frozenset({"entry.id", "entry.basis", "entry.batch_id", "entry.done_on"}),
    Reason.SENT_BEFORE: frozenset({"submission"}),
    Reason.WHO_CHANGED: DOERS | {"audit_event", "employee.id", "employee.name"},
    Reason.WHOSE_ACCOUNT: frozenset({"employee.id", "employee.number", "employee.name"}),
}


def opened_by(permission: str | None, place: str | None) -> frozenset[Opening]:
    """Return what a page may read of the whole organisation.

    Args:
        permission: What the page asks for and the viewer holds; None where they do not hold it.
        place: The part of the product the page belongs to.
    """
    found = OF_EVERYBODY | OF_PERMISSION.get(permission or "", frozenset())
    return found | {Realm.LOGINS} if place in SIGN_IN_PLACES else found

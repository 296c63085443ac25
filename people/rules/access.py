"""Who may see and do what: the one table every page, command, export and answer asks."""

from dataclasses import dataclass, replace
from enum import Enum

from people.rules.levels import RoleName


@dataclass(frozen=True)
class Viewer:
    """Somebody who looks.

    Attributes:
        account_id: The account that is signed in; None for the command line.
        name: How the person is addressed.
        employee_id: The person in the organisation, where the account is linked to one.
        roles: What the account was given.
        manages: Somebody reports to this person today.
        has_left: The person works here no longer.
    """

    account_id: int | None
    name: str
    employee_id: int | None
    roles: frozenset[RoleName]
    manages: bool
    has_left: bool = False

    def is_a(self, role: RoleName) -> bool:
        """Tell whether the account holds `role`."""
        return role in self.roles


OPERATOR = Viewer(None, "Command line", None, frozenset({RoleName.HR}), manages=False)
"""Who runs a command on the machine itself."""


def as_oneself(viewer: Viewer) -> Viewer:
    """Return somebody looking at their own data: a tree below them need not be asked for that."""
    return replace(viewer, roles=frozenset(), manages=False)


SIGNED_IN = frozenset({"signed-in"})

CURRICULA_OF_TRAINERS = frozenset(
    {"curricula:read", "curricula:drafts", "curricula:write", "sessions:run"}
)
"""Reading and writing modules and curricula whatever their state, and running sessions.

"curricula:read" alone shows what is published.
"""

OF_ROLE: dict[RoleName, frozenset[str]] = {
    RoleName.HR: frozenset(
        {
            "balance:read",
            "balance:names",
            "entries:read",
            "people:read",
            "people:import",
            "hours:import",
            "hours:correct",
            "courses:read",
            "courses:classify",
            "targets:edit",
            "reports:read",
            "reports:publish",
            "audit:read",
            "people:erase",
            *CURRICULA_OF_TRAINERS,
            "curricula:assign",
            "sessions:read",
            "learning:team",
            "notices:read",
            "aptitude:read",
            "aptitude:rate",
            "aptitude:people",
            "aptitude:groups",
            "aptitude:ask",
            "aptitude:edit",
            "aptitude:agreement",
            "scenarios:read",
            "scenarios:write",
            "scenarios:panels",
        }
    ),
    RoleName.TRAINER: frozenset(
        {
            "balance:read",
            "hours:import",
            "courses:read",
            "courses:classify",
            "reports:read",
            *CURRICULA_OF_TRAINERS,
            "curricula:assign",
            "sessions:read",
            "aptitude:read",
            "aptitude:rate",
            "scenarios:read",
            "scenarios:write",
        }
    ),
    RoleName.EXECUTIVE: frozenset(
        {
            "balance:read",
            "courses:read",
            "reports:read",
            "curricula:read",
            "aptitude:read",
            "aptitude:groups",
        }
    ),
    RoleName.ADMIN: frozenset({"accounts:edit"}),
}

OF_EMPLOYEES = frozenset(
    {
        "balance:read",
        "entries:read",
        "people:read",
        "courses:read",
        "curricula:read",
        "sessions:read",
        "learning:own",
        "aptitude:read",
        "aptitude:own",
        "aptitude:rate",
    }
)

OF_MANAGERS = OF_EMPLOYEES | {
    "balance:names",
    "curricula:assign",
    "learning:team",
    "aptitude:people",
    "aptitude:team",
    "aptitude:groups",
    "aptitude:ask",
}
"""Assigning covers the own tree only; see `sight_of_people`. Asking for assessments too."""

LEVELS_DOWN = 2
"""How many levels below a manager see their people's aptitude, unless decided otherwise."""


def permissions_of(viewer: Viewer) -> frozenset[str]:
    """Return what the viewer may do; `sight_of_people` decides whose data that covers.

    Who has left may only see what is held on them, whatever roles the account was given.
    """
    if viewer.has_left:
        return SIGNED_IN
    granted = set(SIGNED_IN)
    for role in viewer.roles:
        granted |= OF_ROLE[role]
    if viewer.employee_id is not None:
        granted |= OF_EMPLOYEES
        if viewer.manages:
            granted |= OF_MANAGERS
    return frozenset(granted)


class Reach(Enum):
    """How far somebody sees."""

    EVERYONE = "everyone"
    TREE = "tree"
    UNIT = "unit"
    SELF = "self"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Sight:
    """Which people's data a viewer sees.

    Attributes:
        reach: Everyone, the viewer's tree (themself included), their unit, themself, or nobody.
        employee_id: From whom the tree, unit or person is reckoned; None for everyone and nobody.
        groups_only: Figures of groups only; cells under five people are not shown.
        depth: How many levels of a tree are seen; None for all of it.
    """

    reach: Reach
    employee_id: int | None = None
    groups_only: bool = False
    depth: int | None = None


def sight_of_people(viewer: Viewer) -> Sight:
    """Return whose own data, such as a page or single entries, the viewer sees."""
    if viewer.has_left:
        return Sight(Reach.SELF, viewer.employee_id)
    if viewer.is_a(RoleName.HR):
        return Sight(Reach.EVERYONE)
    if viewer.employee_id is None:
        return Sight(Reach.NOBODY)
    return Sight(Reach.TREE if viewer.manages else Reach.SELF, viewer.employee_id)


def sight_of_balance(viewer: Viewer) -> Sight:
    """Return whose hours are in the balances the viewer sees.

    HR sees all of it with names, trainers and executives all of it as groups, managers their
    tree with names, everybody else their unit as a group; who has left sees none.
    """
    if viewer.has_left:
        return Sight(Reach.NOBODY)
    if viewer.is_a(RoleName.HR):
        return Sight(Reach.EVERYONE)
    if viewer.roles & {RoleName.TRAINER, RoleName.EXECUTIVE}:
        return Sight(Reach.EVERYONE, groups_only=True)
    if viewer.employee_id is None:
        return Sight(Reach.NOBODY)
    if viewer.manages:
        return Sight(Reach.TREE, viewer.employee_id)
    return Sight(Reach.UNIT, viewer.employee_id, groups_only=True)


def sight_of_aptitude(viewer: Viewer, levels_down: int = LEVELS_DOWN) -> Sight:
    """Return whose aptitude the viewer sees person by person.

    HR everybody's, managers their own and that of some levels below, everybody else their own.
    """
    if viewer.is_a(RoleName.HR) and not viewer.has_left:
        return Sight(Reach.EVERYONE)
    if viewer.employee_id is None:
        return Sight(Reach.NOBODY)
    if viewer.manages and not viewer.has_left:
        return Sight(Reach.TREE, viewer.employee_id, depth=levels_down)
    return Sight(Reach.SELF, viewer.employee_id)


def sight_of_aptitude_groups(viewer: Viewer) -> Sight:
    """Return whose aptitude is in the figures of groups the viewer sees, five people or more.

    HR and executives see all of it, managers their whole tree, nobody else any.
    """
    if viewer.has_left:
        return Sight(Reach.NOBODY)
    if viewer.roles & {RoleName.HR, RoleName.EXECUTIVE}:
        return Sight(Reach.EVERYONE, groups_only=True)
    if viewer.manages and viewer.employee_id is not None:
        return Sight(Reach.TREE, viewer.employee_id, groups_only=True)
    return Sight(Reach.NOBODY)


def home_of(viewer: Viewer) -> str:
    """Return the role whose home page the viewer gets first: the most trusted one of several."""
    for role in (RoleName.HR, RoleName.TRAINER, RoleName.EXECUTIVE):
        if viewer.is_a(role):
            return str(role.value)
    if viewer.manages:
        return "manager"
    return "admin" if viewer.is_a(RoleName.ADMIN) else "employee"

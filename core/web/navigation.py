"""The pages of the product in words, for the bar at the top; each person sees their own.

Whoever has few of them sees each beside the other. Whoever has many sees groups that open, so that
the bar fits a phone however many pages there will be.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask, current_app, g, request, url_for

MOST_SIDE_BY_SIDE = 6
NOWHERE = "training_mix.stands_nowhere"

TRAINING, HOURS, PEOPLE, SERVICE = "Training", "Hours", "People", "Aptitude"


@dataclass(frozen=True)
class Place:
    """A page of the main navigation.

    Attributes:
        label: What it is called.
        endpoint: The view it leads to.
        permission: Who sees it.
        paths: Beginnings of the paths that belong to it.
        group: Under which word it stands for those who have many pages; empty for none.
        unless: Who reaches it from another page of theirs, and does not need it here.
        helps: Whom it helps, by what else they may do; empty for all who see it. Others still open
            it by its address.
    """

    label: str
    endpoint: str
    permission: str
    paths: tuple[str, ...]
    group: str = ""
    unless: str = ""
    helps: frozenset[str] = frozenset()

    def is_for(self, permissions: frozenset[str], first: str | None) -> bool:
        """Tell whether it stands in the menu of somebody; the one "/" leads to always does."""
        if self.permission not in permissions or self.unless in permissions:
            return False
        return not self.helps or self.endpoint == first or bool(self.helps & permissions)


@dataclass(frozen=True)
class Link:
    """A page as the layout shows it."""

    label: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class Group:
    """Pages that stand under one word; a single page stands for itself, without the word."""

    label: str
    links: tuple[Link, ...]

    @property
    def is_current(self) -> bool:
        """Tell whether the page shown is one of these."""
        return any(link.is_current for link in self.links)


WITH_COURSES = frozenset({"courses:classify", "balance:names"})
"""HR, trainers and managers: who says what a course counts as, or looks into hours by name."""
WITH_PEOPLE = frozenset({"learning:team"})
"""Who sees more people than themself."""

PLACES = (
    Place("My aptitude", "aptitude.my_aptitude", "aptitude:own", ("/aptitude",)),
    Place("My team", "aptitude.my_team", "aptitude:team", ("/team-aptitude",)),
    Place("My learning", "learning.my_learning", "learning:own", ("/learning",)),
    Place("Balance", "planner.balance_page", "balance:read", ("/balance",)),
    Place("This week", "curricula.week", "sessions:run", ("/week",), TRAINING),
    Place("Sessions", "curricula.session_list", "sessions:read", ("/sessions",), TRAINING),
    Place("Curricula", "curricula.curriculum_list", "curricula:read", ("/curricula",), TRAINING),
    Place("Modules", "curricula.module_list", "curricula:drafts", ("/modules",), TRAINING),
    Place("Import", "ledger.import_start", "hours:import", ("/import",), HOURS),
    Place(
        "Courses",
        "ledger.course_list",
        "courses:read",
        ("/courses",),
        HOURS,
        helps=WITH_COURSES,
    ),
    Place("Reports", "reports.report_list", "reports:read", ("/reports",), HOURS),
    Place("Team learning", "learning.team", "learning:team", ("/team-learning",), PEOPLE),
    Place(
        "People",
        "people.employee_list",
        "people:read",
        ("/people",),
        PEOPLE,
        helps=WITH_PEOPLE,
    ),
    Place("Accounts", "managing.account_list", "accounts:edit", ("/accounts",), PEOPLE),
    Place("Leader mirror", "aptitude.mirror_page", "aptitude:groups", ("/leader-mirror",), SERVICE),
    Place(
        "Framework",
        "aptitude.framework_page",
        "aptitude:edit",
        ("/aptitude/framework",),
        SERVICE,
    ),
    Place(
        "Targets",
        "aptitude.target_change",
        "aptitude:edit",
        ("/aptitude/targets", "/aptitude/sight"),
        SERVICE,
    ),
    Place("Rounds", "aptitude.round_list", "aptitude:ask", ("/team-aptitude/round",), SERVICE),
    Place("Contests", "aptitude.contest_list", "aptitude:edit", ("/aptitude/contests",), SERVICE),
    Place("Duties of HR", "aptitude.duty_list", "aptitude:edit", ("/aptitude/duties",), SERVICE),
    Place(
        "Agreement",
        "aptitude.agreement",
        "aptitude:agreement",
        ("/leader-mirror/agreement",),
        SERVICE,
    ),
    Place(
        "Scenario library", "aptitude.scenario_items", "scenarios:read", ("/scenarios",), SERVICE
    ),
    Place(
        "Ratings asked of me",
        "aptitude.asked_list",
        "aptitude:rate",
        ("/aptitude/asked",),
        SERVICE,
        unless="aptitude:own",
    ),
    Place("Audit", "audit.audit_page", "audit:read", ("/audit",)),
)


def stand_nowhere() -> None:
    """Let the page that answers belong to none of the menu, whatever its address."""
    request.environ[NOWHERE] = True


def navigation() -> list[Group]:
    """Return the pages the person may open, of those that exist; the one "/" leads to is first."""
    permissions: frozenset[str] = getattr(g, "permissions", frozenset())
    first = g.get("first_page")
    shown = [
        place
        for place in PLACES
        if place.is_for(permissions, first) and place.endpoint in current_app.view_functions
    ]
    here = None if NOWHERE in request.environ else _here(request.path, shown)
    return grouped(
        [
            (
                "" if place.endpoint == first else place.group,
                Link(place.label, url_for(place.endpoint), place is here),
            )
            for place in sorted(shown, key=lambda one: one.endpoint != first)
        ]
    )


def _here(path: str, shown: Sequence[Place]) -> Place | None:
    """Return the place a path belongs to: the one that says most of its beginning."""
    found = [
        (len(start), place) for place in shown for start in place.paths if path.startswith(start)
    ]
    return max(found, key=lambda one: one[0])[1] if found else None


def grouped(links: Sequence[tuple[str, Link]]) -> list[Group]:
    """Return pages under their words; few of them, and what stands alone, without any.

    Args:
        links: Each page with the word it stands under, in order.
    """
    if len(links) <= MOST_SIDE_BY_SIDE:
        return [Group("", (link,)) for _, link in links]
    found: dict[str, list[Link]] = {}
    for word, link in links:
        found.setdefault(word or link.label, []).append(link)
    return [Group(word if len(some) > 1 else "", tuple(some)) for word, some in found.items()]


def show_navigation(app: Flask) -> None:
    """Let templates ask for `navigation`."""

    @app.context_processor
    def _navigation() -> dict[str, object]:
        return {"navigation": navigation()}

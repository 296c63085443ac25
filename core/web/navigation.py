"""The pages of the product in words, for the bar at the top; each person sees their own."""

from dataclasses import dataclass

from flask import Flask, current_app, g, request, url_for


@dataclass(frozen=True)
class Place:
    """A page of the main navigation.

    Attributes:
        label: What it is called.
        endpoint: The view it leads to.
        permission: Who sees it.
        paths: Beginnings of the paths that belong to it.
        unless: Who holds this finds the page among the tabs of another place.
    """

    label: str
    endpoint: str
    permission: str
    paths: tuple[str, ...]
    unless: str = ""


@dataclass(frozen=True)
class Link:
    """A page as the layout shows it."""

    label: str
    url: str
    is_current: bool


PLACES = (
    Place("My aptitude", "aptitude.my_aptitude", "aptitude:own", ("/aptitude",)),
    Place("My team", "aptitude.my_team", "aptitude:team", ("/team-aptitude",)),
    Place("My learning", "learning.my_learning", "learning:own", ("/learning",)),
    Place("Balance", "planner.balance_page", "balance:read", ("/balance",)),
    Place("This week", "curricula.week", "sessions:run", ("/week",)),
    Place("Sessions", "curricula.session_list", "sessions:read", ("/sessions",)),
    Place("Import", "ledger.import_start", "hours:import", ("/import",)),
    Place("Courses", "ledger.course_list", "courses:read", ("/courses",)),
    Place("Curricula", "curricula.curriculum_list", "curricula:read", ("/curricula",)),
    Place("Modules", "curricula.module_list", "curricula:drafts", ("/modules",)),
    Place(
        "Scenarios", "aptitude.scenario_items", "scenarios:read", ("/scenarios",), "aptitude:edit"
    ),
    Place("Team learning", "learning.team", "learning:team", ("/team-learning",)),
    Place("People", "people.employee_list", "people:read", ("/people",)),
    Place("Accounts", "managing.account_list", "accounts:edit", ("/accounts",)),
    Place("Reports", "reports.report_list", "reports:read", ("/reports",)),
    Place(
        "Aptitude",
        "aptitude.mirror_page",
        "aptitude:edit",
        (
            "/leader-mirror",
            "/aptitude/framework",
            "/aptitude/targets",
            "/aptitude/contests",
            "/scenarios",
        ),
    ),
    Place(
        "Leaders", "aptitude.mirror_page", "aptitude:groups", ("/leader-mirror",), "aptitude:edit"
    ),
    Place("Audit", "audit.audit_page", "audit:read", ("/audit",)),
)


def navigation() -> list[Link]:
    """Return the pages the person may open, of those that exist."""
    permissions: frozenset[str] = getattr(g, "permissions", frozenset())
    return [
        Link(place.label, url_for(place.endpoint), request.path.startswith(place.paths))
        for place in PLACES
        if place.permission in permissions
        and place.unless not in permissions
        and place.endpoint in current_app.view_functions
    ]


def show_navigation(app: Flask) -> None:
    """Let templates ask for `navigation`."""

    @app.context_processor
    def _navigation() -> dict[str, object]:
        return {"navigation": navigation()}

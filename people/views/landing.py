"""Where the day of each begins: the page "/" leads to, which is also the first of the menu."""

from flask import current_app

from people.rules.access import Viewer, home_of

FIRST_PAGES = {
    "hr": ("balance:read", "planner.balance_page"),
    "trainer": ("sessions:run", "curricula.week"),
    "executive": ("aptitude:own", "aptitude.my_aptitude"),
    "manager": ("aptitude:own", "aptitude.my_aptitude"),
    "employee": ("learning:own", "learning.my_learning"),
    "admin": ("accounts:edit", "managing.account_list"),
}
"""By the role of `home_of`: what it takes to see the page, and the page."""

ELSE = (
    ("balance:read", "planner.balance_page"),
    ("people:read", "people.employee_list"),
    ("accounts:edit", "managing.account_list"),
)
"""For who may not see theirs, such as an executive who is nobody of the organisation."""


def first_page_of(viewer: Viewer, permissions: frozenset[str]) -> str | None:
    """Return the page somebody comes home to; None for who may see none."""
    return next(
        (
            endpoint
            for permission, endpoint in (FIRST_PAGES[home_of(viewer)], *ELSE)
            if permission in permissions and endpoint in current_app.view_functions
        ),
        None,
    )

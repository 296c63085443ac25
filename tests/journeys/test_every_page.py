"""Every page anybody can reach by links: axe finds nothing, nothing sticks out, nothing fails."""

import pytest

from tests.journeys.looking import LOOKS, SOME_LOOKS, addresses, problems_of

ROLES = ("hr", "trainer", "manager", "executive", "learner")
PARTS = 3
SEEN_BY_NOBODY = ("/welcome", "/start", "/there-is-nothing-here")


@pytest.fixture(scope="session")
def reachable(demo_app):
    """Pages by role; a page another role has is looked at with that role too."""
    return {role: addresses(demo_app, role, ("/", "/start")) for role in ROLES}


@pytest.mark.parametrize(
    ("role", "part"), [("hr", 0), ("hr", 1), ("hr", 2), ("trainer", None), ("manager", None),
                       ("executive", None), ("learner", None)],
)  # fmt: skip
def test_every_page_holds_what_the_style_guide_promises(demo_pages, reachable, role, part):
    shown = reachable[role] if part is None else reachable[role][part::PARTS]
    page = demo_pages("/start", role=role)

    found = []
    for number, address in enumerate(shown):
        page.goto(demo_pages.address + address)
        # HR sees every page in every way; the others see the same pages with other content.
        found += problems_of(page, LOOKS if role == "hr" else SOME_LOOKS[number % 2 :][:1])

    assert shown
    assert not found, "\n".join(found)


def test_pages_of_strangers_and_of_nothing(demo_pages):
    page = demo_pages("/start", tolerate=("404",))

    found = []
    for address in SEEN_BY_NOBODY:
        page.goto(demo_pages.address + address)
        found += problems_of(page)

    assert not found, "\n".join(found)


def test_hr_reaches_every_part_of_the_product(reachable):
    paths = {address.partition("?")[0] for address in reachable["hr"]}

    assert {
        "/balance", "/balance/without-soft", "/courses", "/courses/unclassified", "/entries",
        "/import", "/import/classification", "/import/people/", "/people/", "/people/tree",
        "/reports", "/reports/1", "/start", "/targets",
    } <= paths  # fmt: skip


@pytest.mark.parametrize(
    ("role", "closed"),
    [
        ("trainer", {"/targets", "/import/people/", "/balance/without-soft"}),
        ("manager", {"/import", "/targets", "/import/people/"}),
        ("executive", {"/import", "/targets"}),
    ],
)
def test_nobody_is_led_to_what_they_may_not_see(reachable, role, closed):
    assert not closed & {address.partition("?")[0] for address in reachable[role]}

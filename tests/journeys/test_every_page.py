"""Every page anybody can reach by links: axe finds nothing, nothing sticks out, nothing fails."""

import pytest

from tests import axe
from tests.browsing import Pages, serving
from tests.journeys.looking import (
    LOOKS,
    SOME_LOOKS,
    Remembering,
    addresses,
    kind_of,
    problems_of,
    shape_of,
)

ROLES = ("hr", "trainer", "manager", "executive", "learner")
PARTS = 3
ELSEWHERE = {
    "aptitude.framework_edit": "test_aptitude.py: there is a draft",
    "aptitude.framework_publish": "test_aptitude.py: a draft says something new",
    "aptitude.framework_discard": "test_aptitude.py: there is a draft",
    "aptitude.sight_change": "test_aptitude.py: another number is looked at",
    "aptitude.target_take_back": "test_aptitude.py: a target was set just now",
    "aptitude.judging_portion": "test_aptitude.py: somebody is a judge",
    "aptitude.workshop_close": "test_aptitude.py: a workshop is open",
    "aptitude.sitting_item": "test_scenarios.py: a test is open",
}
"""Pages no link of the demo leads to, with the journey that looks at them in all four ways."""

SEEN_BY_NOBODY = ("/welcome", "/start", "/there-is-nothing-here")


@pytest.fixture(scope="session")
def reachable(demo_app):
    """The pages each role is led to, each with its answer."""
    files = set()
    return {role: addresses(demo_app, role, ("/", "/start"), files) for role in ROLES}


@pytest.fixture(scope="session")
def looked_at(demo_app, reachable):
    """Pages by role; of a kind that is made as for somebody before, with other words, none.

    The first page of each role is always there, for its menu.
    """
    made, found = set(), {}
    for role, pages in reachable.items():
        shapes = {
            one: (kind_of(demo_app, one), shape_of(answer.text)) for one, answer in pages.items()
        }
        first = next(iter(pages))
        found[role] = [one for one, shape in shapes.items() if one == first or shape not in made]
        made |= set(shapes.values())
    return found


@pytest.fixture(scope="session")
def first_seen(demo_app, reachable):
    """The pages by role whose kind nobody before is led to, HR before all others."""
    kinds, found = set(), {}
    for role, pages in reachable.items():
        found[role] = {one for one in pages if kind_of(demo_app, one) not in kinds}
        kinds |= {kind_of(demo_app, one) for one in pages}
    return found


@pytest.fixture(scope="session")
def remembering(demo_app):
    """The application that gives out again what it answered when its links were followed."""
    return Remembering(demo_app)


@pytest.fixture
def pages_again(measuring_chromium, remembering, demo_app):
    """Open pages as they were answered before."""
    with serving(remembering) as address:
        pages = Pages(measuring_chromium, demo_app, address)
        yield pages
        pages.close()
    remembering.answers = {}


@pytest.mark.parametrize(
    ("role", "part"), [("hr", 0), ("hr", 1), ("hr", 2), ("trainer", None), ("manager", None),
                       ("executive", None), ("learner", None)],
)  # fmt: skip
def test_every_page_holds_what_the_style_guide_promises(
    pages_again, remembering, reachable, looked_at, first_seen, role, part
):
    shown = looked_at[role] if part is None else looked_at[role][part::PARTS]
    page = pages_again("/start", role=role)
    axe.load_always(page)
    remembering.answers, remembering.given = reachable[role], []

    found = []
    for number, address in enumerate(shown):
        page.goto(pages_again.address + address)
        # In every way by whoever sees a page of the kind first; when it is made in another way for
        # somebody later, in one.
        is_first = address in first_seen[role]
        found += problems_of(page, LOOKS if is_first else SOME_LOOKS[number % 2 :][:1])

    assert shown
    assert remembering.given == shown
    assert not found, "\n".join(found)


def test_pages_of_strangers_and_of_nothing(demo_pages):
    page = demo_pages("/start", tolerate=("404",))

    found = []
    for address in SEEN_BY_NOBODY:
        page.goto(demo_pages.address + address)
        found += problems_of(page)

    assert not found, "\n".join(found)


def test_what_is_left_out_is_made_as_a_page_that_is_looked_at(
    demo_app, reachable, looked_at, first_seen
):
    seen = {
        (kind_of(demo_app, one), shape_of(reachable[role][one].text))
        for role, pages in looked_at.items()
        for one in pages
    }
    every = {
        (kind_of(demo_app, one), shape_of(answer.text))
        for pages in reachable.values()
        for one, answer in pages.items()
    }

    assert seen == every
    assert looked_at["hr"] == list(reachable["hr"])
    assert first_seen["hr"] == set(reachable["hr"])
    assert all(first_seen[role] <= set(looked_at[role]) for role in ROLES)
    kinds = [kind_of(demo_app, one) for pages in first_seen.values() for one in pages]
    assert len(set(kinds)) == len(kinds)
    assert len({kind for kind in kinds if str(kind).startswith("aptitude.my_team")}) == 1
    assert all(len(looked_at[role]) >= 10 for role in ROLES)


def test_every_page_of_aptitude_is_looked_at(demo_app, reachable):
    urls = demo_app.url_map.bind("")
    shown = {address.partition("?")[0] for found in reachable.values() for address in found}
    reached = {urls.match(path, method="GET")[0] for path in shown}
    pages = {
        rule.endpoint
        for rule in demo_app.url_map.iter_rules()
        if rule.endpoint.startswith("aptitude.")
        and "GET" in rule.methods
        and "." not in rule.rule.rpartition("/")[2]  # a file, no page
    }

    assert {"aptitude.my_aptitude", "aptitude.mirror_page", "aptitude.duty_edit"} <= reached
    assert pages - reached == set(ELSEWHERE)


def test_hr_reaches_every_part_of_the_product(reachable):
    paths = {address.partition("?")[0] for address in reachable["hr"]}

    assert {
        "/audit", "/balance", "/balance/without-soft", "/courses", "/courses/categories",
        "/courses/unclassified", "/entries", "/my-data", "/import", "/import/classification",
        "/import/people/", "/people/", "/people/tree",
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

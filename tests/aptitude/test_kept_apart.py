"""Nothing tells what a peer, a report or an observer said, that they said it, or when."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from aptitude.models.assessments import AptitudeStanding
from aptitude.queries.profiles import AptitudePage, aptitude_page
from aptitude.rules.sources import Source
from aptitude.services.standings import renew_one
from core.clock import at
from core.db import db
from people.rules.access import OPERATOR
from tests.aptitude.test_views_own import text_of
from tests.aptitude.worlds import company, rate, round_of

pytestmark = pytest.mark.usefixtures("database")
TODAY = datetime(2026, 3, 16, 9, tzinfo=UTC)
LATER = TODAY + timedelta(days=60)


@pytest.fixture
def people(tmp_path):
    with at(TODAY):
        yield company(tmp_path)


def page_of(employee_id: int, on: datetime) -> AptitudePage:
    with at(on):
        return aptitude_page(employee_id, OPERATOR, on.date())


def test_one_late_peer_moves_no_date_and_no_row(people):
    round_of(people, "E1", {"E2": 3.0, "E3": 3.0, "E4": 3.5})
    before = page_of(people["E1"], LATER)
    rate(people["E1"], people["E5"], Source.PEER, 5.0, on=date(2026, 4, 20))
    rate(people["LEAD"], people["E2"], Source.REPORT, 5.0, on=date(2026, 4, 20))

    assert page_of(people["E1"], LATER) == before
    assert (before.evidence_to, before.sources[0].shown_on) == (date(2026, 3, 3), date(2026, 3, 3))
    assert [one.on for one in before.points] == [date(2026, 3, 3)]
    nothing = page_of(people["LEAD"], LATER)
    assert (nothing.evidence_to, nothing.sources, nothing.points) == (None, (), ())


def test_what_people_say_of_themselves_makes_no_evidence_younger(people):
    rate(people["E1"], people["LEAD"], Source.MANAGER, 3.0, on=date(2026, 1, 12))
    rate(people["E1"], people["E1"], Source.SELF, 4.0)
    renew_one(people["E1"])

    assert db.session.scalars(select(AptitudeStanding.assessed_on)).all() == [date(2026, 1, 12)]
    page = page_of(people["E1"], LATER)
    assert page.evidence_to == date(2026, 1, 12)
    assert [(one.source, one.shown_on) for one in page.sources] == [
        (Source.SELF, date(2026, 3, 2)),
        (Source.MANAGER, date(2026, 1, 12)),
    ]
    old = page_of(people["E1"], TODAY + timedelta(days=700))
    assert ([one.source for one in old.sources], old.evidence_to) == ([Source.SELF], None)


def test_a_second_round_takes_the_place_of_the_first_on_the_page(people, browser):
    round_of(people, "E1", {"E2": 4.0, "E3": 4.0, "E4": 1.5})
    round_of(people, "E1", {"E2": 4.0, "E3": 4.0, "E5": 4.0}, on=date(2026, 3, 9))
    browser.sign_in("employee", people["E1"])
    page = browser.get("/aptitude")

    [peers] = page.select("section[aria-labelledby=sources] tbody tr")
    words = " ".join(peers.get_text(" ").split())
    assert words.startswith("Peers 3 4.0 ± 0.3 4.0")
    assert "1.5" not in text_of(page)

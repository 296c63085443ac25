"""Nobody is rated by words that the rater has not read, and nobody who has left."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Update, func, select, update

from aptitude.models.assessments import Assessment
from aptitude.rules.sources import Source
from core.clock import at
from core.db import db, take_turn, transaction
from people.models import Assignment, Employee
from people.rules.levels import Level
from tests.aptitude.test_views_own import text_of
from tests.aptitude.worlds import CODES, asked, company, publish_another
from tests.browsing import fields_of

pytestmark = pytest.mark.usefixtures("database")
TODAY = datetime(2026, 3, 16, 9, tzinfo=UTC)
SENT = {f"score-{code}": "30" for code in CODES}


@pytest.fixture
def people(built_once, tmp_path):
    with at(TODAY):
        yield built_once(company, tmp_path)


def promote(employee_id: int) -> None:
    of_person = update(Assignment).where(Assignment.employee_id == employee_id)
    write(of_person.values(level=Level.SENIOR))


def write(statement: Update) -> None:
    with transaction() as session:
        take_turn(session)
        session.execute(statement)


@pytest.mark.parametrize(
    ("change", "before", "now"),
    [
        ("version", "Front line, an earlier version", "Front line, version 2"),
        ("level", "Front line, version 1", "Senior, version 1"),
    ],
)
@pytest.mark.parametrize("who", ["LEAD", "E1"])
def test_what_was_read_otherwise_is_shown_again_before_it_is_kept(
    people, browser, who, change, before, now
):
    path = "/aptitude/self"
    if who == "LEAD":
        path = f"/aptitude/asked/{asked(people['E1'], people['LEAD'], Source.MANAGER)}"
    browser.sign_in("manager" if who == "LEAD" else "employee", people[who])
    read = fields_of(browser.get(path))
    publish_another() if change == "version" else promote(people["E1"])

    again = browser.post(path, {**read, **SENT}, status=409)

    text = text_of(again)
    assert before in text
    assert now in text
    assert again.select_one('input[name="score-D1"][value="30"]').has_attr("checked")
    assert db.session.scalar(select(func.count()).select_from(Assessment)) == 0
    carried = {**fields_of(again), **SENT}
    browser.submit(path, carried)
    kept = db.session.execute(select(Assessment.framework_id, Assessment.level)).one()
    assert kept == (int(carried["version"]), Level(carried["level"]))


def test_nobody_is_rated_who_has_left(people, browser):
    path = f"/aptitude/asked/{asked(people['E1'], people['LEAD'], Source.MANAGER)}"
    browser.sign_in("manager", people["LEAD"])
    left = update(Employee).where(Employee.id == people["E1"])
    write(left.values(left_on=TODAY.date().replace(day=15)))

    answer = text_of(browser.post(path, SENT, status=200))

    assert "This person works here no longer, so nothing was written." in answer
    assert db.session.scalar(select(func.count()).select_from(Assessment)) == 0
    declined = browser.submit(f"{path}/decline", {"reason": "They have left."})
    assert "Nobody waits for you." in text_of(declined)

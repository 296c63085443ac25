"""What comes next: modules that train the weakest required dimension, refreshers, and duties."""

from datetime import UTC, date, datetime

import pytest

from aptitude.models.duties import Duty, DutyModule
from aptitude.rules.sources import Source
from core.clock import at
from core.db import db
from people.rules.levels import Level
from tests.aptitude.test_views_own import text_of, words_of
from tests.aptitude.worlds import company, rate
from tests.curricula.learners import complete, taught

pytestmark = pytest.mark.usefixtures("database")
TODAY = datetime(2026, 3, 16, 9, tzinfo=UTC)


@pytest.fixture
def people(built_once, tmp_path):
    with at(TODAY):
        yield built_once(company, tmp_path)


def items(page, section: str) -> list[str]:
    found = page.select(f"section[aria-labelledby={section}] li")
    return [" ".join(one.get_text(" ").split()).replace("\u202f", " ") for one in found]


@pytest.mark.engines("sqlite")
def test_what_trains_the_weakest_required_dimension_comes_first(people, browser):
    # Front line: D1, D2, D4, D5 and D6 are required, all targets are 3.
    values = [3.5, 3.5, 1.5, 3.5, 3.5, 2.0, 3.5]
    rate(people["E1"], people["LEAD"], Source.MANAGER, values)
    rate(people["E1"], people["DIR"], Source.MANAGER, values)
    taught("AAA-01", title="For purpose", dimensions=("D3",))
    recovery = taught("REC-01", title="Make it right", dimensions=("D6", "D5"))
    taught("REC-02", title="Solve it", dimensions=("D5", "D6"))
    done = taught("REC-03", title="Done before", dimensions=("D6",), review_days=60)
    taught("REC-06", title="Only for managers", dimensions=("D6",), levels=("manager",))
    complete(people["E1"], done, on=date(2026, 1, 10))
    browser.sign_in("employee", people["E1"])

    assert items(browser.get("/aptitude"), "next") == [
        "Make it right 2 h, no date yet "
        "Trains Recovery, the required dimension farthest below its target: 2.0 against 3.0.",
        "Solve it 2 h, no date yet "
        "Trains Recovery, the required dimension farthest below its target: 2.0 against 3.0.",
        "For purpose 2 h, no date yet Trains Purpose and promise: 1.5 against 3.0.",
        "Refresher: Done before 5 days overdue 65 days since you completed it.",
    ]
    learning = browser.get("/learning")
    assert learning.h1.get_text(strip=True).replace("\u202f", " ") == (
        "1 refresher of yours is overdue."
    )
    assert items(learning, "open") == [
        "Refresher: Done before overdue since 11 Mar 2026 To be completed again; the last time was "
        "10 Jan 2026. Find a day, or ask for one for Done before"
    ]
    assert (
        "Refresher: Done before: overdue since 11 March 2026, 65 days since it was completed."
    ) in words_of(browser.open("/aptitude/sheet.pdf").data)
    browser.sign_in("manager", people["LEAD"])
    told = items(browser.get(f"/team-aptitude/people/{people['E1']}"), "next")
    assert told[0] == (
        "Make it right 2 h, no date yet "
        "Trains Recovery, the required dimension farthest below its target: 2.0 against 3.0."
    )
    assert told[-1].endswith("65 days since they completed it.")
    assert recovery


@pytest.mark.engines("sqlite")
def test_what_no_module_trains_and_what_was_trained_before_is_said(people, browser):
    """Next chooses as a duty does: what was completed comes again where nothing else is left."""
    for above in ("LEAD", "DIR"):
        rate(people["E1"], people[above], Source.MANAGER, [1.5, *[4.5] * 6])
    browser.sign_in("manager", people["LEAD"])
    page = browser.get(f"/team-aptitude/people/{people['E1']}")
    assert page.h1.get_text(strip=True).endswith(
        "Noticing and empathy comes next, and the company owes it to them."
    )
    assert page.select_one("section[aria-labelledby=next] p").get_text() == (
        "No module that is offered on their level trains what is below target yet."
    )

    done = taught("HOS-01", title="See the person", dimensions=("D1",))
    complete(people["E1"], done, on=date(2026, 1, 10))
    assert items(browser.get(f"/team-aptitude/people/{people['E1']}"), "next") == [
        "See the person 2 h, no date yet "
        "Trains Noticing and empathy, the required dimension farthest below its target: "
        "1.5 against 3.0. It was completed before; no other trains this."
    ]
    browser.sign_in("employee", people["E2"])
    assert "Nothing is below target as far as is known" in text_of(browser.get("/aptitude"))


@pytest.mark.engines("sqlite")
def test_what_the_company_owes_names_who_owes_it_and_counts_against_them(people, browser):
    module_id = taught("REC-01", title="Make it right", dimensions=("D6",))
    for code, due_on, coach, who, owner in (
        ("D6", date(2026, 3, 7), "OTHER", "E1", "LEAD"),
        ("D3", date(2026, 4, 1), None, "E1", "LEAD"),
        ("D3", date(2026, 4, 1), None, "CEO", None),
    ):
        duty = Duty(
            subject_id=people[who],
            dimension_code=code,
            level=Level.FRONTLINE,
            target_tenths=30,
            owner_id=people[owner] if owner else None,
            coach_id=people[coach] if coach else None,
            opened_on=date(2026, 2, 1),
            due_on=due_on,
            recorded_at=TODAY,
        )
        db.session.add(duty)
        db.session.flush()
        if code == "D6":
            db.session.add(
                DutyModule(duty_id=duty.id, module_id=module_id, subject_id=people["E1"])
            )
    db.session.commit()
    browser.sign_in("employee", people["E1"])

    assert items(browser.get("/aptitude"), "owed") == [
        "Make it right, with Pat OTHER as coach 9 days overdue For Recovery. Owed by Pat LEAD "
        "since 1 Feb 2026. Not seen at work yet. It counts against the unit that owes it, not you. "
        "No day is set yet. Ask for one for Make it right",
        "Training for Purpose and promise due 1 Apr 2026 For Purpose and promise. "
        "Owed by Pat LEAD since 1 Feb 2026. No coach yet. Not seen at work yet.",
    ]
    browser.sign_in("employee", people["E2"])
    assert "Make it right" not in text_of(browser.get("/aptitude"))

    browser.sign_in("manager", people["CEO"])
    page = browser.get("/aptitude")
    assert items(page, "owed") == [
        "Training for Purpose and promise due 1 Apr 2026 For Purpose and promise. Owed by HR, "
        "as nobody leads you, since 1 Feb 2026. No coach yet. Not seen at work yet."
    ]
    told = text_of(page)
    assert "You and HR can see your profile; executives see groups of five people" in told
    assert "HR asks observers about you." in told
    assert "our manager" not in told + text_of(browser.get("/aptitude/framework"))

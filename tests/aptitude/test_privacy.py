"""Erasing a person takes along what was said about them, and cleans what names them elsewhere."""

import pytest
from sqlalchemy import delete, func, select, text, update

from aptitude.models.assessments import Assessment, AssessmentRater, AssessmentRequest, Rating
from aptitude.rules.holdings import APTITUDE
from aptitude.rules.sources import Source
from core.db import db
from people.models import AccountRole, AuditChain, Employee, Erasure
from people.queries.holdings import table_of
from people.queries.subjects import held_on, who_is
from people.rules.holdings import Fate
from people.services.erasing import erase_person
from tests.architecture.test_migrations import fill_every_table

pytestmark = pytest.mark.usefixtures("database")
NAME = "Zora Quillfeather"
CLEANED = [
    (held, name)
    for held in APTITUDE
    for name, fate in held.about_people.items()
    if fate in {Fate.SCRUB, Fate.CLEAR}
]
OF_PEOPLE = [held for held in APTITUDE if Fate.DROP in held.about_people.values()]


def fill_with_two_people() -> int:
    """Fill every table about person 1, and return the id of another one."""
    fill_every_table()
    db.session.query(AccountRole).delete()
    db.session.query(Erasure).delete()
    db.session.execute(update(AuditChain).values(last_id=1))  # there is one event already
    db.session.execute(update(Employee).values(name=NAME, number="E-4711", email=None))
    other = Employee(number="E-2", name="Bo Lind", name_key="bo lind")
    db.session.add(other)
    db.session.flush()
    db.session.execute(delete(AssessmentRater))
    db.session.add(AssessmentRater(assessment_id=1, subject_id=1, rater_id=other.id))
    db.session.commit()
    return other.id


def rows_of(section_table: str, employee_id: int) -> list[tuple[str, ...]]:
    found = [one for one in held_on(who_is(employee_id, None)) if one.table == section_table]
    return found[0].rows if found else []


@pytest.mark.engines("sqlite")
def test_what_was_said_about_an_erased_person_is_gone():
    fill_with_two_people()

    erase_person(1, "request", "")

    left = {
        held.table: db.session.scalar(select(func.count()).select_from(table_of(held)))
        for held in OF_PEOPLE
    }
    assert left == dict.fromkeys((held.table for held in OF_PEOPLE), 0)
    assert len(left) == 14


@pytest.mark.engines("sqlite")
def test_what_an_erased_person_said_of_others_stays_without_their_name():
    other = fill_with_two_people()
    for held, name in CLEANED:
        db.session.execute(update(table_of(held)).values({name: f"as {NAME} said"}))
    db.session.execute(update(Employee).where(Employee.id == other).values(name="Bo Lind"))
    db.session.commit()

    erase_person(other, "request", "")
    assert db.session.scalars(select(AssessmentRater.rater_id)).all() == [other]
    erase_person(1, "request", "")

    for held, name in CLEANED:
        found = db.session.scalars(select(table_of(held).columns[name])).all()
        assert NAME not in str(found), f"{held.table}.{name}"


@pytest.mark.engines("sqlite")
def test_my_data_hold_what_my_manager_said_and_never_single_ratings_of_peers():
    fill_with_two_people()
    assert len(rows_of("rating", 1)) == 1  # the sample is a rating of oneself

    for table in ("rating", "assessment"):
        db.session.execute(text(f"DROP TRIGGER {table}_stays"))
    for source, told in ((Source.MANAGER, 1), (Source.PEER, 0), (Source.REPORT, 0)):
        db.session.execute(update(Rating).values(source=source, example=f"{NAME} smiled"))
        db.session.execute(update(Assessment).values(source=source))
        db.session.execute(update(AssessmentRequest).values(source=source))
        db.session.commit()

        counts = [len(rows_of(t, 1)) for t in ("rating", "assessment", "assessment_request")]
        # the request names person 1 as rater as well, so they see that they were asked
        assert counts == [told, told, 1], source


@pytest.mark.engines("sqlite")
def test_who_rated_whom_is_shown_to_the_rater_alone():
    other = fill_with_two_people()

    assert rows_of("assessment_rater", 1) == []
    assert len(rows_of("assessment_rater", other)) == 1

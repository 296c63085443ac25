"""Erasing a person leaves no trace of them in any text of the curricula."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import JSON, select, update

from core.clock import at
from core.db import db, transaction
from curricula.models.notices import Notice
from curricula.models.outcomes import Completion
from curricula.rules.holdings import CURRICULA
from curricula.services.notifying import notify
from people.models import AccountRole, AuditChain, Employee, Erasure
from people.queries.holdings import table_of
from people.rules.holdings import Fate
from people.services.erasing import erase_person
from people.services.retaining import retain
from tests.architecture.test_migrations import fill_every_table
from tests.curricula.learners import person

pytestmark = pytest.mark.usefixtures("database")
NAME = "Zora Quillfeather"
CLEANED = [
    (held, name)
    for held in CURRICULA
    for name, fate in held.about_people.items()
    if fate in {Fate.SCRUB, Fate.CLEAR}
]


@pytest.mark.engines("sqlite")
def test_every_text_that_names_a_person_is_cleaned():
    fill_every_table()
    db.session.query(AccountRole).delete()
    db.session.query(Erasure).delete()
    db.session.execute(update(AuditChain).values(last_id=1))  # there is one event already
    db.session.execute(update(Employee).values(name=NAME, number="E-4711", email=None))
    for held, name in CLEANED:
        column = table_of(held).columns[name]
        if column.type.python_type is str or isinstance(column.type, JSON):
            told = {"said": NAME} if isinstance(column.type, JSON) else f"as {NAME} said"
            db.session.execute(update(table_of(held)).values({name: told}))
    db.session.commit()

    erase_person(1, "request", "")

    for held, name in CLEANED:
        found = db.session.scalars(select(table_of(held).columns[name])).all()
        assert NAME not in str(found), f"{held.table}.{name}"
    assert db.session.scalars(select(Completion.employee_id)).all() == [1]


def tell_the_manager_of(name: str) -> None:
    manager = person("M-0815", name="Mona Berg")
    with transaction() as session:
        subject, body = f"{name} is overdue with Calls", f"Ask {name} what is in the way."
        why = f"{name} reports to you."
        assert notify(session, manager, "team_overdue", "one", subject, body, why)


def test_who_is_erased_is_not_named_in_what_others_were_told():
    zora = person("E-4711", name=NAME)
    tell_the_manager_of(NAME)

    erase_person(zora, "request", "")

    told = db.session.execute(select(Notice.subject, Notice.body, Notice.why)).one()
    assert tuple(told) == (
        "(erased) is overdue with Calls",
        "Ask (erased) what is in the way.",
        "(erased) reports to you.",
    )


def test_messages_go_when_they_were_kept_long_enough():
    began = datetime(2026, 3, 2, 12, tzinfo=UTC)
    with at(began):
        tell_the_manager_of(NAME)

    with at(began + timedelta(days=1094)):
        retain(dry_run=False)
        assert len(db.session.scalars(select(Notice.id)).all()) == 1
    with at(began + timedelta(days=1096)):
        due = {one.kind: one.count for one in retain(dry_run=False)}
    assert due["messages"] == 1
    assert db.session.scalars(select(Notice.id)).all() == []

"""Erasing a person leaves no trace of them in any text of the curricula."""

import pytest
from sqlalchemy import JSON, select, update

from core.db import db
from curricula.models.outcomes import Completion
from curricula.rules.holdings import CURRICULA
from people.models import AccountRole, AuditChain, Employee, Erasure
from people.queries.holdings import table_of
from people.rules.holdings import Fate
from people.services.erasing import erase_person
from tests.architecture.test_migrations import fill_every_table

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

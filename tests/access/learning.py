"""What is taught in the world of the two trees: to A2, by the trainer, and beside it by HR."""

from datetime import date, time
from typing import Any

from sqlalchemy import select

from core.db import db
from curricula.models.outcomes import Certificate
from curricula.models.paths import AudienceRule, LearningAssignment
from curricula.models.sessions import Enrolment
from curricula.queries.audiences import RuleDraft
from curricula.rules.sessions import SessionDraft, TypedDay
from curricula.services.assigning import add_audience_rule, assign_by_hand
from curricula.services.curricula import begin_curriculum, publish_curriculum
from curricula.services.enrolling import enrol_people
from curricula.services.modules import begin_module, publish_module
from curricula.services.next_versions import begin_next_version
from curricula.services.sessions import schedule_session
from people.rules.access import OPERATOR
from people.rules.levels import Level
from tests.curricula.learners import complete
from tests.curricula.worlds import curriculum, module

PERSON = "A2"


def bring_learning(world: Any) -> None:
    """Bring one thing of each kind."""
    accounts, who = world.accounts, world.people[PERSON]
    taught = begin_module(module("CAN-01"), account_id=accounts["trainer"])
    publish_module(taught, account_id=accounts["trainer"])
    in_work = begin_module(module("CAN-02"), account_id=accounts["trainer"])
    path = begin_curriculum(curriculum("CAN-PATH", "CAN-01"), account_id=accounts["trainer"])
    publish_curriculum(path, account_id=accounts["trainer"])
    following = begin_next_version(path, account_id=accounts["trainer"])
    sessions = {
        f"of {looks}": schedule_session(
            SessionDraft(
                module_id=taught,
                zone="UTC",
                days=(TypedDay(date(2026, 4, day), time(10), time(12)),),
                place="Harbour",
                capacity=10,
                trainer_account_id=accounts[looks],
            ),
            account_id=accounts[looks],
            confirmed=False,
        )
        for day, looks in enumerate(("trainer", "hr"), start=1)
    }
    enrol_people(sessions["of trainer"], [who], account_id=accounts["trainer"])
    add_audience_rule(path, RuleDraft(level=Level.EXECUTIVE), account_id=accounts["hr"])
    assign_by_hand(path, [who], None, viewer=OPERATOR)
    other = begin_module(module("CAN-03"), account_id=accounts["trainer"])
    publish_module(other, account_id=accounts["trainer"])
    (practised,) = complete(who, other, on=date(2026, 3, 2))
    assigned = select(LearningAssignment.id).where(LearningAssignment.employee_id == who)
    seat = db.session.scalars(select(Enrolment.id)).one()
    rule = db.session.scalars(select(AudienceRule.id)).one()
    world.things |= {
        "assignment": {PERSON: db.session.scalars(assigned).one()},
        "audience rule": {"of executives": rule},
        "certificate": {PERSON: db.session.scalars(select(Certificate.code)).one()},
        "completions upload": {},
        "curriculum": {"published": path},
        "exchange upload": {},
        "material": {},
        "module": {"taught": taught},
        "module in work": {"begun": in_work},
        "module to want": {"taught": taught},
        "next version": {"of the path": following},
        "own seat": {"of trainer": sessions["of trainer"]},
        "practice": {PERSON: practised},
        "seat to decide": {PERSON: seat},
        "session": sessions,
        "session to ask for": sessions,
        "session to fill": sessions,
        "session to run": sessions,
    }
    world.beside = {
        "module_id": taught,
        "curriculum_id": path,
        "session_id": sessions["of trainer"],
    }

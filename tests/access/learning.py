"""What is taught in the world of the two trees, by the trainer to A and beside it by HR to B3."""

from datetime import date, time
from typing import Any

from sqlalchemy import select

from core.clock import today
from core.db import db
from curricula.exports.exchange import exchange_file
from curricula.models.modules import Material
from curricula.models.outcomes import Certificate
from curricula.models.paths import AudienceRule, LearningAssignment
from curricula.models.sessions import Enrolment, TrainingSession
from curricula.queries.audiences import RuleDraft
from curricula.queries.exchange import chosen_to_hand_on
from curricula.rules.attending import Presence
from curricula.rules.materials import check_material
from curricula.rules.sessions import SessionDraft, TypedDay
from curricula.rules.words import MaterialUse
from curricula.services.assigning import add_audience_rule, assign_by_hand
from curricula.services.attending import close_sheet, save_sheet
from curricula.services.curricula import begin_curriculum, publish_curriculum
from curricula.services.enrolling import enrol_people, request_seat
from curricula.services.feeds import make_feed
from curricula.services.materials import add_material
from curricula.services.modules import begin_module, copy_module, publish_module
from curricula.services.next_versions import begin_next_version
from curricula.services.sessions import ask_for_module, change_session, schedule_session
from people.rules.access import OPERATOR
from people.rules.levels import Level
from people.services.uploads import keep_upload
from tests.curricula.learners import complete
from tests.curricula.worlds import curriculum, module

PERSON, OF_THE_PAST, OF_THE_OTHER_TREE = "A2", "A3", "B3"
"""Who is in the trainer's sessions to come, in the trainer's closed one, and in the one of HR."""


def bring_learning(world: Any) -> None:
    """Bring at least one thing of each kind."""
    _bring_modules(world)
    _bring_sessions(world)
    _bring_assignments(world)
    _bring_files(world)
    make_feed(world.accounts["hr"])
    make_feed(world.accounts["employee"])


def _material(module_id: int, title: str, use: MaterialUse, account_id: int) -> int:
    brought = check_material(title, use, "card.txt", title.encode())
    add_material(module_id, 1, brought, account_id=account_id)
    asked = select(Material.id).where(Material.title == title)
    return db.session.scalars(asked).one()


def _bring_modules(world: Any) -> None:
    trainer = world.accounts["trainer"]
    taught = begin_module(module("CAN-01"), account_id=trainer)
    handed = _material(taught, "A card to hand out", MaterialUse.PARTICIPANT, trainer)
    guide = _material(taught, "A card for trainers", MaterialUse.TRAINER, trainer)
    publish_module(taught, account_id=trainer)
    in_work = begin_module(module("CAN-02"), account_id=trainer)
    own = _material(in_work, "A card in work", MaterialUse.PARTICIPANT, trainer)
    copied = copy_module(
        taught, 1, code="CAN-05", title="Ours", account_id=trainer, stands_in=False
    )
    again = begin_module(module("CAN-03"), account_id=trainer)
    publish_module(again, account_id=trainer)
    path = begin_curriculum(curriculum("CAN-PATH", "CAN-01"), account_id=trainer)
    publish_curriculum(path, account_id=trainer)
    following = begin_next_version(path, account_id=trainer)
    draft = begin_curriculum(curriculum("CAN-DRAFT", "CAN-01"), account_id=trainer)
    world.things |= {
        "curriculum": {"published": path, "in work": draft},
        "curriculum in work": {"begun": draft},
        "material": {"to hand out": handed, "for trainers": guide, "in work": own},
        "material in work": {"in work": own},
        "module": {"taught": taught, "in work": in_work},
        "copied module": {"begun": copied},
        "module in work": {"begun": in_work},
        "module to want": {"taught": taught, "in work": in_work},
        "next version": {"of the path": following},
    }
    world.things["module"]["again"] = again
    world.beside |= {"module_id": taught, "curriculum_id": path}
    world.beside_of[("material", "in work")] = {"module_id": in_work}
    world.beside_of[("material in work", "in work")] = {"module_id": in_work}


def _bring_sessions(world: Any) -> None:
    accounts, people = world.accounts, world.people
    trainer, person = accounts["trainer"], people[PERSON]
    taught = world.things["module"]["taught"]
    again = world.things["module"]["again"]
    of_trainer = _schedule(taught, date(2026, 4, 1), trainer)
    of_hr = _schedule(taught, date(2026, 4, 2), accounts["hr"])
    enrol_people(of_trainer, [person], account_id=trainer)
    enrol_people(of_hr, [people[OF_THE_OTHER_TREE]], account_id=accounts["hr"])
    other = begin_module(module("CAN-04"), account_id=trainer)
    publish_module(other, account_id=trainer)
    now = _schedule(other, today(), trainer)
    enrol_people(now, [person], account_id=trainer)
    asked = _schedule(again, date(2026, 4, 3), trainer, needs_approval=True)
    request_seat(asked, person, account_id=accounts["employee"])
    wanted = ask_for_module(again, person, account_id=accounts["employee"])
    draft = _draft(again, date(2026, 4, 8), trainer)
    change_session(wanted, draft, account_id=trainer, confirmed=False)
    closed = _schedule(again, date(2026, 3, 10), trainer)
    enrol_people(closed, [people[OF_THE_PAST]], account_id=trainer)
    save_sheet(closed, 1, {_seat(closed): Presence(120)}, account_id=trainer)
    close_sheet(closed, account_id=trainer)
    sessions = {"of trainer": of_trainer, "of hr": of_hr}
    world.things |= {
        "asked seat": {PERSON: _seat(asked)},
        "closed session": {"of trainer": closed},
        "held seat": {"of trainer": wanted},
        "own seat": {"of trainer": of_trainer},
        "seat to decide": {PERSON: _seat(of_trainer), OF_THE_OTHER_TREE: _seat(of_hr)},
        "session": {**sessions, "closed": closed},
        "session now": {"of trainer": now},
        "session to ask for": sessions,
        "session to fill": sessions,
        "session to run": sessions,
    }
    world.beside |= {"session_id": of_trainer}
    world.beside_of[("asked seat", PERSON)] = {"session_id": asked}
    world.beside_of[("seat to decide", OF_THE_OTHER_TREE)] = {"session_id": of_hr}
    world.codes["session now"] = db.session.get_one(TrainingSession, now).sign_in_code


def _draft(module_id: int, on: date, trainer: int, **changes: Any) -> SessionDraft:
    return SessionDraft(
        module_id=module_id,
        zone="UTC",
        days=(TypedDay(on, time(9), time(11)),),
        place="Harbour",
        capacity=10,
        trainer_account_id=trainer,
        **changes,
    )


def _schedule(module_id: int, on: date, trainer: int, **changes: Any) -> int:
    draft = _draft(module_id, on, trainer, **changes)
    return schedule_session(draft, account_id=trainer, confirmed=False)


def _seat(session_id: int) -> int:
    asked = select(Enrolment.id).where(Enrolment.session_id == session_id)
    return db.session.scalars(asked).one()


def _bring_assignments(world: Any) -> None:
    path = world.things["curriculum"]["published"]
    add_audience_rule(path, RuleDraft(level=Level.EXECUTIVE), account_id=world.accounts["hr"])
    of_whom = {who: world.people[who] for who in (PERSON, OF_THE_OTHER_TREE)}
    assign_by_hand(path, list(of_whom.values()), None, viewer=OPERATOR)
    again = world.things["module"]["again"]
    done = {who: complete(id_, again, on=date(2026, 3, 2)) for who, id_ in of_whom.items()}
    world.things |= {
        "assignment": _by_person(LearningAssignment.id, LearningAssignment.employee_id, of_whom),
        "audience rule": {"of executives": db.session.scalars(select(AudienceRule.id)).one()},
        "certificate": _by_person(Certificate.code, Certificate.employee_id, of_whom),
        "practice": {PERSON: done[PERSON][0]},
    }


def _by_person(column: Any, of_whom: Any, people: dict[str, int]) -> dict[str, Any]:
    return {
        who: db.session.scalars(select(column).where(of_whom == one)).one()
        for who, one in people.items()
    }


def _bring_files(world: Any) -> None:
    """Bring files nobody has recorded; what is in them is new, so that recording them writes."""
    accounts = world.accounts
    package = exchange_file(chosen_to_hand_on(["CAN-01"], [], today())).replace(
        b"CAN-01", b"NEW-01"
    )
    done = f"employee_number,module,completed_on\nnr-{PERSON}-7731,CAN-01,2026-03-05\n".encode()
    world.things |= {
        "exchange upload": {
            f"of {looks}": keep_upload(
                "curricula", f"package-{looks}-7731.json", package, accounts[looks]
            )
            for looks in ("hr", "trainer")
        },
        "completions upload": {
            f"of {looks}": keep_upload(
                "completions", f"done-{place}-7731.csv", done, accounts[looks]
            )
            for place, looks in enumerate(("hr", "hr with one factor"))
        },
    }

"""What is said about A2 in the world of the two trees: by the manager, two peers and A2."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from aptitude.imports import read_aptitude_library
from aptitude.models.assessments import Assessment, AssessmentComment, AssessmentRequest
from aptitude.models.duties import Duty, DutyEvent
from aptitude.models.frameworks import AptitudeTarget
from aptitude.queries.frameworks import get_draft
from aptitude.rules.asking import RequestDraft
from aptitude.rules.sources import ANONYMOUS, Source
from aptitude.rules.targets import TargetDraft
from aptitude.rules.words import DutyStep
from aptitude.services.asking import ask
from aptitude.services.assessing import answer_request, assess_oneself
from aptitude.services.frameworks import begin_version, change_draft, load_framework, set_target
from core.clock import now, today
from core.db import db
from people.rules.access import OPERATOR
from people.rules.levels import Level
from tests.aptitude.worlds import contest, said, viewer

PERSON = "A2"
OF_MANAGER = "example-of-the-manager-7731 stayed with a guest"
OF_PEER = "example-of-a-peer-7731 stayed with a guest"
OF_THE_OTHER_TREE = "example-of-tree-b-7731 stayed with a guest"
SAID_BY_PERSON = "comment-of-A2-7731"


def bring_aptitude(world: Any) -> None:
    """Bring ratings, a comment and requests that wait."""
    people = world.people
    shipped = read_aptitude_library().framework
    assert shipped is not None
    load_framework(shipped, account_id=None)
    _rate(people[PERSON], people["A1"], Source.MANAGER, OF_MANAGER)
    for who in ("A3", "A4"):
        _rate(people[PERSON], people[who], Source.PEER, OF_PEER)
    _rate(people["B2"], people["B1"], Source.MANAGER, OF_THE_OTHER_TREE)
    assess_oneself(said(3.0), viewer(people[PERSON]))
    contest(people[PERSON], Source.MANAGER, SAID_BY_PERSON)
    world.things |= {
        "request to answer": {
            "of employee": _asked(people["A3"], people[PERSON], Source.PEER),
            "of manager": _asked(people["A4"], people["A1"], Source.MANAGER),
        },
    }
    world.things["request to take back"] = {
        "A3": world.things["request to answer"]["of employee"],
        "A4": world.things["request to answer"]["of manager"],
    }
    wrote = db.session.scalars(select(AssessmentComment.id)).one()
    about = db.session.scalars(select(AssessmentComment.assessment_id)).one()
    told = select(func.count(Assessment.id)).where(
        Assessment.subject_id == people[PERSON],
        Assessment.source.not_in(ANONYMOUS),
        Assessment.id <= about,
    )
    world.things["said by the manager"] = db.session.scalars(told).one()
    world.things["comment"] = {f"of {PERSON}": wrote}
    world.things["duty"] = {who: _owed(people[who], people[above]) for who, above in OWED.items()}
    set_target(
        TargetDraft("D2", Level.MANAGER, None, 35, None, False, today()),
        account_id=world.accounts["hr"],
    )
    newest = db.session.scalars(select(func.max(AptitudeTarget.id))).one()
    world.things["target"] = {"of managers": newest}
    number = begin_version(account_id=world.accounts["hr"])
    change_draft(
        number, replace(get_draft().texts, title="Aptitude for service", change_note="A title")
    )


OWED = {"A2": "A1", "B2": "B1"}


def _owed(subject: int, owner: int) -> int:
    duty = Duty(
        subject_id=subject,
        dimension_code="D1",
        level=Level.FRONTLINE,
        target_tenths=30,
        score=2.0,
        score_error=0.2,
        owner_id=owner,
        opened_on=today(),
        due_on=today() + timedelta(days=90),
        recorded_at=now(),
    )
    db.session.add(duty)
    db.session.flush()
    db.session.add(DutyEvent(duty_id=duty.id, subject_id=subject, at=now(), step=DutyStep.OPENED))
    db.session.commit()
    return duty.id


def _asked(subject: int, rater: int, source: Source) -> int:
    ask([RequestDraft(subject, rater, source, today() + timedelta(days=14))], OPERATOR)
    newest = select(AssessmentRequest.id).order_by(AssessmentRequest.id.desc()).limit(1)
    return db.session.scalars(newest).one()


def _rate(subject: int, rater: int, source: Source, example: str) -> None:
    answer_request(_asked(subject, rater, source), said(5.0, example), viewer(rater))

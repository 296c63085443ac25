"""What is said about A2 in the world of the two trees: by the manager, two peers and A2."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from aptitude.imports import read_aptitude_library
from aptitude.models.assessments import AssessmentComment, AssessmentRequest
from aptitude.rules.asking import RequestDraft
from aptitude.rules.sources import Source
from aptitude.rules.words import CommentKind
from aptitude.services.asking import ask
from aptitude.services.assessing import answer_request, assess_oneself
from aptitude.services.commenting import comment
from aptitude.services.frameworks import begin_version, load_framework
from core.clock import today
from core.db import db
from people.rules.access import OPERATOR
from tests.aptitude.worlds import said, viewer

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
    comment(Source.MANAGER, CommentKind.CONTEST, SAID_BY_PERSON, viewer(people[PERSON]))
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
    world.things["comment"] = {f"of {PERSON}": wrote}
    begin_version(account_id=world.accounts["hr"])


def _asked(subject: int, rater: int, source: Source) -> int:
    ask([RequestDraft(subject, rater, source, today() + timedelta(days=14))], OPERATOR)
    newest = select(AssessmentRequest.id).order_by(AssessmentRequest.id.desc()).limit(1)
    return db.session.scalars(newest).one()


def _rate(subject: int, rater: int, source: Source, example: str) -> None:
    answer_request(_asked(subject, rater, source), said(5.0, example), viewer(rater))

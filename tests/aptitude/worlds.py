"""A small company on one ladder, and what is said of its people."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from aptitude.imports import read_aptitude_library
from aptitude.models.assessments import Assessment, AssessmentRequest
from aptitude.queries.frameworks import get_draft
from aptitude.rules.asking import RatingDraft, RequestDraft
from aptitude.rules.sources import Source
from aptitude.rules.words import CommentKind, RequestState
from aptitude.services.asking import ask
from aptitude.services.assessing import answer_request, assess_oneself
from aptitude.services.commenting import comment
from aptitude.services.frameworks import (
    begin_version,
    change_draft,
    load_framework,
    publish_version,
)
from aptitude.services.scenario_library import load_scenarios
from core.clock import at, now
from core.db import db
from people.models import Employee
from people.rules.access import OPERATOR, Viewer
from people.services.importing import import_people
from tests.ledger.worlds import write

CODES = ("D1", "D2", "D3", "D4", "D5", "D6", "D7")
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
ROUND = date(2026, 3, 2)

PLACES = {
    # who: (reports to, unit, level)
    "CEO": ("", "House", "executive"),
    "DIR": ("CEO", "House / Service", "manager"),
    "LEAD": ("DIR", "House / Service / Desk", "team_lead"),
    **{f"E{n}": ("LEAD", "House / Service / Desk", "frontline") for n in range(1, 7)},
    "OTHER": ("CEO", "House / Shop", "manager"),
    "O1": ("OTHER", "House / Shop", "frontline"),
}


def company(folder: Path) -> dict[str, int]:
    """Bring the company and the framework that ships; return the ids of its people."""
    with at(START):
        header = "employee_number,name,email,job_title,manager_number,unit,level"
        rows = [
            f"{who},Pat {who},{who.lower()}@people.example,Keeper,{above},{unit},{level}"
            for who, (above, unit, level) in PLACES.items()
        ]
        path = write(folder, "\n".join([header, *rows]) + "\n", "staff.csv")
        assert import_people(path, file_name="staff.csv", account_id=None).refused == 0
        shipped = read_aptitude_library().framework
        assert shipped is not None
        assert load_framework(shipped, account_id=None)
    found = dict(db.session.execute(select(Employee.number, Employee.id)).all())
    return {who: found[who] for who in PLACES}


def company_with_scenarios(folder: Path) -> dict[str, int]:
    """Bring the company and all scenarios that ship; return the ids of its people."""
    found = company(folder)
    assert len(load_scenarios(read_aptitude_library().items, account_id=None).added) == 72
    return found


def viewer(employee_id: int, *, manages: bool = False) -> Viewer:
    """Somebody of the company who looks."""
    return Viewer(None, "Looks", employee_id, frozenset(), manages=manages)


def said(value: float | Sequence[float | None] | None, example: str = "") -> list[RatingDraft]:
    """The same on every dimension, or one for each."""
    values = value if isinstance(value, Sequence) else [value] * len(CODES)
    return [
        RatingDraft(
            code,
            None if one is None else round(one * 10),
            example or ("Stayed until the guest had found the way." if one in (1, 5) else ""),
        )
        for code, one in zip(CODES, values, strict=True)
    ]


def asked(subject: int, rater: int, source: Source, due_on: date | None = None) -> int:
    """HR asks somebody about a person; return the id of the request."""
    due = due_on or now().date() + timedelta(days=14)
    assert ask([RequestDraft(subject, rater, source, due)], OPERATOR) == 1
    found = select(AssessmentRequest.id).where(
        AssessmentRequest.subject_id == subject,
        AssessmentRequest.rater_id == rater,
        AssessmentRequest.state == RequestState.OPEN,
    )
    return db.session.scalars(found).one()


def rate(
    subject: int,
    rater: int,
    source: Source,
    value: float | Sequence[float | None] | None,
    *,
    on: date = ROUND,
    due_on: date | None = None,
    example: str = "",
) -> None:
    """Somebody is asked and answers on the same day."""
    with at(datetime(on.year, on.month, on.day, 10, tzinfo=UTC)):
        if source is Source.SELF:
            assess_oneself(said(value, example), viewer(subject))
            return
        request_id = asked(subject, rater, source, due_on or on)
        answer_request(request_id, said(value, example), viewer(rater))


def contest(subject: int, source: Source, text: str) -> None:
    """A person contests the newest assessment of a source."""
    newest = select(func.max(Assessment.id)).where(
        Assessment.subject_id == subject, Assessment.source == source
    )
    about = db.session.scalar(newest)
    comment(source, CommentKind.CONTEST, text, viewer(subject), assessment_id=about)


def round_of(
    people: Mapping[str, int], subject: str, values: Mapping[str, float], on: date = ROUND
) -> None:
    """Several people rate one; "LEAD" as manager of E1, other front line as peers."""
    for who, value in values.items():
        if who == subject:
            source = Source.SELF
        elif PLACES[subject][0] == who:
            source = Source.MANAGER
        elif PLACES[who][0] == subject:
            source = Source.REPORT
        else:
            source = Source.PEER
        rate(people[subject], people[who], source, value, on=on)


def publish_another(title: str = "Said otherwise") -> None:
    """Put a version with another title into force."""
    number = begin_version(account_id=None)
    change_draft(number, replace(get_draft().texts, title=title, change_note="Words"))
    publish_version(number, account_id=None)

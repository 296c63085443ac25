"""Let people say in the demo where others stand: many at once, with the same duties following.

What a round came to is written in bulk, because one form after the other would take minutes. All
that follows from it, standings and duties, is worked out by the services the product uses.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from itertools import count
from typing import Any

from sqlalchemy import Table, func, insert, select

from aptitude.models.assessments import (
    Assessment,
    AssessmentComment,
    AssessmentRater,
    AssessmentRequest,
    Rating,
)
from aptitude.models.duties import Duty, DutyEvent
from aptitude.queries.duties import grounds_of
from aptitude.queries.frameworks import get_framework
from aptitude.rules.duties import PlanDraft
from aptitude.rules.sources import Source
from aptitude.rules.words import (
    CommentKind,
    ContestOutcome,
    DutyStep,
    Purpose,
    RequestState,
)
from aptitude.services.commenting import answer, comment
from aptitude.services.duties import note_observed, plan_duty
from aptitude.services.standings import renew_standings
from core.bulk import AnySession, after_explicit_ids
from core.clock import now, today
from core.db import db, take_turn, transaction
from demo.rules import sayings as told
from demo.rules.sayings import Saying
from demo.rules.seeing import CODES
from people.models import Account, Assignment, Employee, Unit
from people.queries.visibility import viewer_of
from people.rules.access import Viewer
from people.rules.levels import Level

SEEN_AT_WORK = "Stayed calm with a customer who had waited for an hour, and put it right."
HANDED_IN, ASKED_AT = time(15, 10), time(8, 0)
MOST_SEEN = 12
BELOW_LEADING = frozenset({Level.FRONTLINE, Level.SENIOR})


class Lookers:
    """Writes down who said what of whom."""

    def __init__(self, accounts: dict[str, int]) -> None:
        """Begin with the accounts of the demo, by role."""
        self.accounts = accounts

    def hold(self, step: told.RoundHeld) -> None:
        """Write down what a round came to, and what follows from it."""
        people = _people()
        with transaction() as session:
            take_turn(session)
            rows = _Rows(session, people, self.accounts["hr"], step)
            rows.write()
            renew_standings(session, _to_renew(session, step, people), today())

    def look_after(self, step: told.DutiesLookedAfter) -> None:
        """Let a manager say by when and with whom they meet what they owe."""
        owner_id = _people()[step.owner]
        viewer = self._viewer("manager")
        owed = select(Duty.id).where(Duty.owner_id == owner_id, Duty.closed_on.is_(None))
        ids = db.session.scalars(owed.order_by(Duty.id)).all()
        db.session.rollback()
        for duty_id, due_on in zip(ids, step.days, strict=False):
            plan_duty(duty_id, PlanDraft(due_on, step.coach), viewer)

    def share(self, step: told.DutiesShared) -> None:
        """Let HR agree with the others on a day and a coach for every other person, in bulk."""
        people, hr = _people(), self._viewer("hr")
        able = {
            is_leading: [people[one] for one in (step.leading if is_leading else step.coaches)]
            for is_leading in (True, False)
        }
        with transaction() as session:
            take_turn(session)
            standing = select(Duty).where(Duty.closed_on.is_(None), Duty.due_on > today())
            rows = session.scalars(standing.order_by(Duty.subject_id, Duty.id)).all()
            own = {people[step.besides], hr.employee_id}
            others = [one for one in rows if not own & {one.subject_id, one.owner_id}]
            helped = sorted({one.subject_id for one in others})[::2]
            for place, duty in enumerate(one for one in others if one.subject_id in helped):
                at = helped.index(duty.subject_id)
                coaches = able[duty.level not in BELOW_LEADING]
                free = [one for one in coaches if one not in (duty.subject_id, duty.owner_id)]
                duty.coach_id = free[at % len(free)]
                duty.due_on = min(duty.due_on, step.days[place % len(step.days)])
                session.add(_planned(duty, hr))

    def see_what_was_taught(self) -> None:
        """Let HR write down of some that they do at work what a module of theirs has taught."""
        open_ones = select(Duty.subject_id).where(Duty.closed_on.is_(None)).distinct()
        subjects = set(db.session.scalars(open_ones)) - {self._viewer("hr").employee_id}
        grounds = grounds_of(db.session, sorted(subjects), today())
        begun = [
            duty.id
            for some in grounds.standing.values()
            for duty in some
            if any(grounds.basis_of(duty).modules.values())
        ]
        db.session.rollback()
        hr = self._viewer("hr")
        seen = {note_observed(one, SEEN_AT_WORK, hr) for one in sorted(begun)[:MOST_SEEN]}
        with transaction() as session:
            take_turn(session)
            renew_standings(session, sorted(seen), today())

    def contest(self, step: told.Contested) -> None:
        """Let somebody say that they see it differently, and HR answer."""
        viewer = Viewer(None, step.number, _people()[step.number], frozenset(), manages=False)
        said = select(func.max(Assessment.id)).where(
            Assessment.subject_id == viewer.employee_id, Assessment.source == Source.MANAGER
        )
        about = db.session.scalar(said)
        db.session.rollback()
        source, kind = Source.MANAGER, CommentKind.CONTEST
        comment(source, kind, step.text, viewer, assessment_id=about)
        if step.answer:
            newest = db.session.scalars(select(func.max(AssessmentComment.id))).one()
            db.session.rollback()
            outcome = ContestOutcome.STANDS
            answer(newest or 0, step.answer, outcome, self._viewer("hr"))

    def _viewer(self, role: str) -> Viewer:
        viewer = viewer_of(db.session.get_one(Account, self.accounts[role]))
        db.session.rollback()
        return viewer


def _people() -> dict[str, int]:
    found = dict(db.session.execute(select(Employee.number, Employee.id)).all())
    db.session.rollback()
    return found


def _planned(duty: Duty, viewer: Viewer) -> DutyEvent:
    return DutyEvent(
        duty_id=duty.id,
        subject_id=duty.subject_id,
        at=now(),
        account_id=viewer.account_id,
        step=DutyStep.PLANNED,
    )


def _to_renew(session: AnySession, step: told.RoundHeld, people: Mapping[str, int]) -> list[int]:
    """Return whose standings are worked out once a round is over."""
    if step.is_wave:
        return sorted({people[one.subject] for one in step.sayings})
    later = {people[number] for number in step.later}
    return [one for one in _assessed_in(session, step.renewed) if one not in later]


def _assessed_in(session: AnySession, units: tuple[str, ...]) -> list[int]:
    """Return who was ever assessed and stands today in a unit whose path begins so."""
    rows = session.execute(
        select(Assignment.employee_id, Unit.path)
        .join(Unit, Unit.id == Assignment.unit_id)
        .where(
            Assignment.superseded_at.is_(None),
            Assignment.from_on <= today(),
            Assignment.until_on > today(),
            Assignment.employee_id.in_(select(Assessment.subject_id)),
        )
        .order_by(Assignment.employee_id)
    )
    return [employee_id for employee_id, path in rows if units and path.startswith(units)]


class _Rows:
    """The rows of a round, table by table."""

    def __init__(
        self, session: AnySession, people: Mapping[str, int], hr: int, step: told.RoundHeld
    ) -> None:
        self.session, self.people, self.hr, self.step = session, people, hr, step
        framework = get_framework()
        self.framework_id = framework.id
        self.dimensions = [
            one.id for code in CODES for one in framework.dimensions if one.code == code
        ]
        self.rows: dict[Any, list[dict[str, Any]]] = {
            AssessmentRequest: [], Assessment: [], AssessmentRater: [], Rating: [],
        }  # fmt: skip

    def write(self) -> None:
        """Write all of them, with ids of our own."""
        requests, assessments = self._next(AssessmentRequest), self._next(Assessment)
        for saying in sorted(self.step.sayings, key=lambda one: one.given_on):
            request_id = next(requests)
            self._request(request_id, saying)
            if saying.look is not None:
                self._assessment(next(assessments), request_id, saying)
        for model, some in self.rows.items():
            table: Table = model.__table__
            if some:
                self.session.execute(insert(table), some)
        for model in (AssessmentRequest, Assessment):
            after_explicit_ids(self.session, model.__tablename__)

    def _next(self, model: Any) -> Iterator[int]:
        last = self.session.scalar(select(func.max(model.id)))
        return count((last or 0) + 1)

    def _request(self, id_: int, saying: Saying) -> None:
        is_open = saying.look is None
        missed = is_open and self.step.due_on < today()
        state = RequestState.OPEN if is_open else RequestState.ANSWERED
        self.rows[AssessmentRequest].append({
            "id": id_,
            "subject_id": self.people[saying.subject],
            "rater_id": self.people[saying.rater],
            "rater_account_id": None,
            "source": Source(saying.source),
            "purpose": Purpose.DEVELOPMENT,
            "occasion": self.step.occasion,
            "asked_at": _moment(self.step.asked_on, ASKED_AT),
            "account_id": self.hr,
            "due_on": self.step.due_on,
            "state": RequestState.WITHDRAWN if missed else state,
            "closed_at": None if is_open and not missed else _moment(saying.given_on, HANDED_IN),
            "reason": None,
        })  # fmt: skip

    def _assessment(self, id_: int, request_id: int, saying: Saying) -> None:
        subject_id, look = self.people[saying.subject], saying.look
        assert look is not None  # noqa: S101  # only what was said is written
        source = Source(saying.source)
        self.rows[Assessment].append({
            "id": id_,
            "subject_id": subject_id,
            "source": source,
            "framework_id": self.framework_id,
            "level": Level(saying.level),
            "purpose": Purpose.DEVELOPMENT,
            "assessed_on": saying.given_on,
            "recorded_at": _moment(saying.given_on, HANDED_IN),
        })  # fmt: skip
        self.rows[AssessmentRater].append({
            "assessment_id": id_,
            "subject_id": subject_id,
            "rater_id": self.people[saying.rater],
            "account_id": None,
            "request_id": request_id,
        })  # fmt: skip
        self.rows[Rating] += [
            {
                "assessment_id": id_,
                "dimension_id": dimension_id,
                "subject_id": subject_id,
                "source": source,
                "tenths": tenths,
                "not_observed": tenths is None,
                "example": look.example_of(place),
            }
            for place, (dimension_id, tenths) in enumerate(
                zip(self.dimensions, look.tenths, strict=True)
            )
        ]


def _moment(on: date, at: time) -> datetime:
    return min(datetime.combine(on, at, UTC), now())

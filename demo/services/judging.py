"""Let people of the demo judge the anchors of the framework: by the rules of the product."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from sqlalchemy import select

from aptitude.models.workshops import WorkshopAnchor, WorkshopAnswer, WorkshopJudge
from aptitude.queries.frameworks import get_framework
from aptitude.queries.judging import anchors_of, dimensions_of
from aptitude.rules.situations import HIGHEST, LOWEST
from aptitude.services.workshops import WorkshopDraft, close_workshop, open_workshop
from core.bulk import AnySession
from core.clock import at, now, today
from core.db import take_turn, transaction
from demo.rules.sayings import AnchorsJudged
from people.models import Account, Employee
from people.rules.access import Viewer
from people.rules.levels import Level
from people.services.accounts import add_within

TITLE = "Front line, first reading"
UNCLEAR, CLEAR_PART, UNCLEAR_PART = 6, 0.96, 0.4
"""How many anchors are hard to place, and how many judges of a hundred place the others."""


def judge_anchors(step: AnchorsJudged, asked_by: int) -> None:
    """Let judges hand in over two weeks, and HR close the workshop at the end."""
    with at(now() - timedelta(days=step.days)):
        _let_in(step.numbers)
        viewer = Viewer(asked_by, "HR", None, frozenset(), manages=False)
        due_on = today() + timedelta(days=step.days)
        draft = WorkshopDraft(TITLE, get_framework().number, Level.FRONTLINE, due_on, step.numbers)
        workshop_id = open_workshop(draft, viewer)
    _hand_in(workshop_id, Random(step.seed))  # no secret: the same story every day
    close_workshop(workshop_id)


def _let_in(numbers: Sequence[str]) -> None:
    """Give judges an account nobody can sign in with: it has no password."""
    with transaction() as session:
        take_turn(session)
        missing = (
            select(Employee.number, Employee.name, Employee.id)
            .outerjoin(Account, Account.employee_id == Employee.id)
            .where(Employee.number.in_(numbers), Account.id.is_(None))
            .order_by(Employee.number)
        )
        for number, name, employee_id in session.execute(missing).all():
            address = f"{number.lower()}@meridian.example"
            add_within(session, address, (), None, name or number, employee_id)


def _hand_in(workshop_id: int, rng: Random) -> None:
    with transaction() as session:
        take_turn(session)
        anchors = anchors_of(session, workshop_id)
        codes = [one.code for one in dimensions_of(session, workshop_id)]
        unclear = {one.id for one in rng.sample(list(anchors), UNCLEAR)}
        judges = select(WorkshopJudge).where(WorkshopJudge.workshop_id == workshop_id)
        for place, judge in enumerate(session.scalars(judges.order_by(WorkshopJudge.account_id))):
            judge.finished_at = now() - timedelta(days=place, hours=rng.randrange(1, 9))
            for one in anchors:
                _answer(session, judge, one, codes, rng, is_unclear=one.id in unclear)


def _answer(
    session: AnySession,
    judge: WorkshopJudge,
    anchor: WorkshopAnchor,
    codes: Sequence[str],
    rng: Random,
    *,
    is_unclear: bool,
) -> None:
    """Place an anchor as most would, or beside; the higher it stands, the more effective."""
    meant = codes.index(anchor.dimension_code)
    hits = rng.random() < (UNCLEAR_PART if is_unclear else CLEAR_PART)
    weight = round(rng.gauss(1.4 * anchor.score - 0.2, 0.7))
    session.add(
        WorkshopAnswer(
            anchor_id=anchor.id,
            account_id=judge.account_id,
            sorted_into=codes[meant if hits else (meant + rng.randrange(1, 3)) % len(codes)],
            effectiveness=min(HIGHEST, max(LOWEST, weight)),
            answered_at=judge.finished_at or now(),
        )
    )

"""Anchor workshops in the small company: six of the front line are judges."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import select

from aptitude.models.workshops import WorkshopAnchor
from aptitude.queries.judging import own_workshop
from aptitude.rules.workshops import Said
from aptitude.services.workshops import WorkshopDraft, hand_in, open_workshop, save_portion
from core.db import db
from people.models import Account
from people.rules.access import OPERATOR, Viewer
from people.rules.levels import Level
from people.services.accounts import add_account
from tests.aptitude.worlds import company
from tests.people.signing import GOOD

TODAY = datetime(2026, 3, 16, 9, tzinfo=UTC)
DUE = date(2026, 3, 30)
JUDGES = ("E1", "E2", "E3", "E4", "E5", "E6")

Answer = Callable[[int, str, int], Said]
"""What a judge, counted from 0, says of the anchor of a dimension and a score."""


def let_in(folder: Path) -> dict[str, Viewer]:
    """Bring the company in which six of the front line can sign in, by who they are."""
    people = company(folder)
    for who in JUDGES:
        add_account(f"{who.lower()}@accounts.example", (), password=GOOD, name=f"Judge {who}",
                    employee_number=who)  # fmt: skip
    ids = dict(db.session.execute(select(Account.employee_id, Account.id)).all())
    return {
        who: Viewer(ids[people[who]], who, people[who], frozenset(), manages=False)
        for who in JUDGES
    }


def draft_of(asked: Mapping[str, Viewer], /, **changes: object) -> WorkshopDraft:
    made = WorkshopDraft("Spring", 1, Level.FRONTLINE, DUE, tuple(asked))
    return replace(made, **changes)


def usual(_judge: int, code: str, score: int) -> Said:
    return Said(code, score + 2)


def unlike(judge: int, code: str, score: int) -> Said:
    """Two anchors are missed, one by its place and one by its weight; one is out of order."""
    if (code, score) == ("D1", 2) and judge < 2:
        return Said("D2" if judge else "none", 4)
    if (code, score) == ("D3", 4):
        return Said(code, (1, 7, 1, 7, 4, 4)[judge])
    if (code, score) == ("D5", 3):
        return Said(code, 2)
    return usual(judge, code, score)


def judge(workshop_id: int, who: Viewer, number: int, answer: Answer, last: int = 99) -> None:
    of = {one.id: (one.dimension_code, one.score) for one in db.session.scalars(
        select(WorkshopAnchor).where(WorkshopAnchor.workshop_id == workshop_id))}  # fmt: skip
    for one in own_workshop(workshop_id, who).portions[:last]:
        given = {each.id: answer(number, *of[each.id]) for each in one.anchors}
        save_portion(workshop_id, one.place, given, who)


def held(judges: Mapping[str, Viewer], answer: Answer = unlike, count: int = 5) -> int:
    """Open a workshop in which `count` hand in and the next has begun."""
    found = open_workshop(draft_of(judges), OPERATOR)
    for number, who in enumerate(judges.values()):
        judge(found, who, number, answer, 99 if number < count else 1)
        if number < count:
            hand_in(found, who)
    return found

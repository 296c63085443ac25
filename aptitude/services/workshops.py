"""Anchor workshops: judges sort anchors back into dimensions and say how effective each is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select

from aptitude.models.workshops import (
    AnchorWorkshop,
    WorkshopAnchor,
    WorkshopAnswer,
    WorkshopDimension,
    WorkshopJudge,
)
from aptitude.queries.experts import accounts_named, people_behind
from aptitude.queries.frameworks import FrameworkView, find_numbered
from aptitude.queries.judging import OwnWorkshop, get_workshop_row, own_workshop
from aptitude.queries.workshops import workshop_version
from aptitude.rules.asking import check_due
from aptitude.rules.words import FrameworkState, PanelState
from aptitude.rules.workshops import FEWEST_JUDGES, MOST_JUDGES, Said, check_said
from aptitude.services.telling import tell_judge
from core.bulk import AnySession
from core.clock import now, today
from core.db import take_turn, transaction
from core.errors import NotFoundError, RefusedError, refuse_all
from core.words import plural
from people.rules.access import Viewer
from people.rules.levels import Level
from people.services.auditing import record
from people.services.versions import check_unchanged

OVER = "You have handed in, or the workshop is closed; nothing was changed."


@dataclass(frozen=True)
class WorkshopDraft:
    """Who is asked to judge which anchors, until when.

    Attributes:
        number: Of the version of the framework, or of its draft.
        level: Whose anchors; None for those of every level.
        judges: Names, employee numbers or addresses of their accounts.
    """

    title: str
    number: int
    level: Level | None
    due_on: date
    judges: tuple[str, ...]


def open_workshop(draft: WorkshopDraft, viewer: Viewer) -> int:
    """Ask judges to sort anchors, and return the workshop.

    Raises:
        RefusedError: All that is wrong: there is no such version, or somebody named has no account.
    """
    accounts = _checked(draft)
    with transaction() as session:
        take_turn(session, aside=True)
        framework = find_numbered(draft.number)
        if framework is None:
            raise RefusedError("There is no such version any more. Choose another.", "number")
        row = _add(session, draft, framework, viewer)
        _note(session, row, "opened")
        _ask(session, row, accounts)
        return row.id


def ask_more(workshop_id: int, lines: Sequence[str]) -> int:
    """Ask further judges while a workshop is open, and return how many; the others stay asked.

    Args:
        workshop_id: The workshop.
        lines: Names, employee numbers or addresses of their accounts.

    Raises:
        NotFoundError: There is no such workshop.
        RefusedError: It is closed, somebody named has no account, all of them are asked already,
            or they would be too many.
    """
    with transaction() as session:
        take_turn(session, aside=True)
        row = get_workshop_row(session, workshop_id)
        if row.state is not PanelState.OPEN:
            raise RefusedError("It is closed by now. Ask judges in another workshop.", "judges")
        of_it = WorkshopJudge.workshop_id == workshop_id
        known = set(session.scalars(select(WorkshopJudge.account_id).where(of_it)))
        named = accounts_named(lines, today(), "judges")
        fresh = [one for one in named if one not in known]
        if not fresh:
            raise RefusedError("Whoever you name is asked already.", "judges")
        if len(known) + len(fresh) > MOST_JUDGES:
            raise RefusedError(f"A workshop has at most {MOST_JUDGES} judges.", "judges")
        _ask(session, row, fresh)
        _note(session, row, "asked more judges")
        return len(fresh)


def _ask(session: AnySession, row: AnchorWorkshop, accounts: Sequence[int]) -> None:
    session.add_all(
        WorkshopJudge(workshop_id=row.id, account_id=one, invited_at=now()) for one in accounts
    )
    session.flush()
    for employee_id in people_behind(session, accounts):
        tell_judge(session, row, employee_id)


def _checked(draft: WorkshopDraft) -> list[int]:
    """Return the accounts of the judges, or refuse for every reason there is."""
    found, accounts = [], []
    if not draft.title.strip():
        found.append(RefusedError("Give the workshop a name.", "title"))
    try:
        check_due(draft.due_on, today())
    except RefusedError as refusal:
        found.append(refusal)
    try:
        accounts = judges_named(draft.judges)
    except RefusedError as refusal:
        found.append(refusal)
    refuse_all(found)
    return accounts


def judges_named(lines: Sequence[str]) -> list[int]:
    """Return the accounts of the judges that lines name.

    Raises:
        RefusedError: Somebody named has no account, or they are too few or too many.
    """
    if len(lines) > MOST_JUDGES:
        raise RefusedError(f"Name at most {MOST_JUDGES} judges.", "judges")
    accounts = accounts_named(lines, today(), "judges")
    if len(accounts) < FEWEST_JUDGES:
        raise RefusedError(
            f"Name {FEWEST_JUDGES} judges or more, best eight to twelve: below {FEWEST_JUDGES} "
            "nothing is shown.",
            "judges",
        )
    return accounts


def _add(
    session: AnySession, draft: WorkshopDraft, framework: FrameworkView, viewer: Viewer
) -> AnchorWorkshop:
    """Write a workshop down with the texts as they are today."""
    row = AnchorWorkshop(
        title=draft.title.strip(),
        state=PanelState.OPEN,
        framework_number=framework.number,
        of_draft=framework.state is FrameworkState.DRAFT,
        level=draft.level,
        due_on=draft.due_on,
        made_at=now(),
        account_id=viewer.account_id,
    )
    session.add(row)
    session.flush()
    for position, one in enumerate(framework.dimensions, start=1):
        session.add(
            WorkshopDimension(
                workshop_id=row.id,
                position=position,
                code=one.code,
                name=one.name,
                definition=one.definition,
            )
        )
        session.add_all(
            WorkshopAnchor(
                workshop_id=row.id,
                dimension_code=one.code,
                level=level,
                score=score,
                behaviour=text,
            )
            for level, texts in one.anchors.items()
            if draft.level in (None, level)
            for score, text in enumerate(texts, start=1)
        )
    session.flush()
    return row


def save_portion(
    workshop_id: int, place: int, given: Mapping[int, Said], viewer: Viewer
) -> OwnWorkshop:
    """Keep what a judge says of the anchors on one screen, and return what they see then.

    Raises:
        NotFoundError: There is no such workshop or screen, or the viewer is not asked.
        RefusedError: They have handed in, the workshop is closed, or an answer cannot be.
    """
    with transaction() as session:
        take_turn(session, aside=True)
        mine = _to_judge(workshop_id, viewer)
        portion = next((one for one in mine.portions if one.place == place), None)
        if portion is None:
            raise NotFoundError("There is no such part of this workshop.")
        check_said(given.values(), mine.names)
        ids = [one.id for one in portion.anchors]
        _write(session, {one: given.get(one, Said()) for one in ids}, viewer)
        return own_workshop(workshop_id, viewer)


def _to_judge(workshop_id: int, viewer: Viewer) -> OwnWorkshop:
    mine = own_workshop(workshop_id, viewer)
    if not mine.is_open:
        raise RefusedError(OVER)
    return mine


def _write(session: AnySession, given: Mapping[int, Said], viewer: Viewer) -> None:
    gone = delete(WorkshopAnswer).where(
        WorkshopAnswer.account_id == viewer.account_id, WorkshopAnswer.anchor_id.in_(given)
    )
    session.execute(gone.execution_options(synchronize_session=False))
    for anchor_id, said in given.items():
        if said != Said():
            session.add(
                WorkshopAnswer(
                    anchor_id=anchor_id,
                    account_id=viewer.account_id,
                    sorted_into=said.sorted_into,
                    effectiveness=said.effectiveness,
                    answered_at=now(),
                )
            )
    session.flush()


def hand_in(workshop_id: int, viewer: Viewer) -> None:
    """Let what a judge said count; it stays as it is from now on.

    Raises:
        NotFoundError: There is no such workshop, or the viewer is not asked.
        RefusedError: Something is not judged yet, they have handed in, or it is closed.
    """
    with transaction() as session:
        take_turn(session, aside=True)
        mine = _to_judge(workshop_id, viewer)
        left = len(mine.anchors) - mine.done
        if left:
            raise RefusedError(f"{plural(left, 'sentence is', 'sentences are')} not judged yet.")
        judge = session.get_one(WorkshopJudge, (workshop_id, viewer.account_id))
        judge.finished_at = now()
        _note(session, get_workshop_row(session, workshop_id), "handed in")


def close_workshop(workshop_id: int, *, seen: int | None = None) -> None:
    """Let nobody judge any more; what was handed in is shown, what was only begun is deleted.

    Args:
        workshop_id: The workshop; one that is closed stays as it is.
        seen: The version that was shown; None where nobody looked.

    Raises:
        NotFoundError: There is no such workshop.
        ConflictError: Another judge has handed in since.
    """
    with transaction() as session:
        take_turn(session, aside=True)
        row = get_workshop_row(session, workshop_id)
        if row.state is not PanelState.OPEN:
            return
        check_unchanged(seen, workshop_version(session, row))
        row.state, row.closed_at = PanelState.CLOSED, now()
        begun = select(WorkshopJudge.account_id).where(
            WorkshopJudge.workshop_id == workshop_id, WorkshopJudge.finished_at.is_(None)
        )
        anchors = select(WorkshopAnchor.id).where(WorkshopAnchor.workshop_id == workshop_id)
        gone = delete(WorkshopAnswer).where(
            WorkshopAnswer.anchor_id.in_(anchors), WorkshopAnswer.account_id.in_(begun)
        )
        session.execute(gone.execution_options(synchronize_session=False))
        _note(session, row, "closed")


def _note(session: AnySession, row: AnchorWorkshop, what: str) -> None:
    record(session, "aptitude.workshop", of=("workshop", row.id), details={"what": what})

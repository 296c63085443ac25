"""Say what courses count as, from a day on; earlier reports stay as they were."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import func, insert, select

from core.bulk import AnySession
from core.clock import now
from core.db import take_turn, transaction
from core.errors import ConflictError, RefusedError
from ledger.models import Category, CategorySide, Classification, ClassificationShare, Course
from ledger.queries.books import counted_at
from ledger.queries.catalogue import category_ids
from ledger.rules.classifying import ClassificationDraft, check_shares
from ledger.rules.kinds import Side
from ledger.rules.versions import Said, said_of
from ledger.services.shifting import Shift
from people.rules.auditing import Detail, Details
from people.rules.levels import BEGINNING
from people.services.auditing import record
from people.services.versions import check_none_since

MOST_NAMED = 5_000
"""More courses than this are not named in a question to the database."""


def classify_courses(
    course_ids: Sequence[int], draft: ClassificationDraft, *, account_id: int | None
) -> int:
    """Record what courses count as from a day on; return how many changed.

    Raises:
        RefusedError: The shares are no whole, or a course does not exist.
    """
    return classify_each(dict.fromkeys(course_ids, draft), account_id=account_id)


def classify_each(
    drafts: Mapping[int, ClassificationDraft], *, account_id: int | None, seen: int | None = None
) -> int:
    """Record for each course what it counts as, all or none; return how many changed.

    Args:
        drafts: What courses count as, by course.
        account_id: Who says so.
        seen: The last classification of all when the person looked; None where nobody did.

    Raises:
        RefusedError: Shares are no whole, or a course does not exist.
        ConflictError: Somebody else has classified one of the courses since.
    """
    with transaction() as session:
        take_turn(session, shifts=False)
        ids = category_ids()
        for draft in set(drafts.values()):
            check_shares(draft.shares, list(ids))
        found = set(session.scalars(select(Course.id).where(Course.id.in_(list(drafts)))))
        if found != set(drafts):
            raise RefusedError("A course is gone; open the list again.")
        _check_as_seen(session, seen, found)
        ordered = sorted(drafts.items(), key=lambda item: item[0])
        changed = write_classifications(session, ordered, ids, account_id)
        what = ("course", ordered[0][0] if len(ordered) == 1 else None)
        said: Details = {"changed": changed, "said": _as_plain(ordered)}
        record(session, "courses.classify", of=what, details=said, by=account_id)
        return changed


def classify_within(
    session: AnySession,
    drafts: Mapping[int, ClassificationDraft],
    *,
    account_id: int | None,
) -> int:
    """Record what courses count as inside a transaction that has its turn; return how many changed.

    Raises:
        RefusedError: Shares are no whole.
    """
    ids = category_ids()
    for draft in set(drafts.values()):
        check_shares(draft.shares, list(ids))
    ordered = sorted(drafts.items(), key=lambda item: item[0])
    return write_classifications(session, ordered, ids, account_id)


def _check_as_seen(session: AnySession, seen: int | None, course_ids: Collection[int]) -> None:
    """Refuse when something was said or taken back of one of the courses since it was seen."""
    if seen is None:
        return
    then = said_of(seen)
    back = select(func.count()).where(Classification.superseded_at.is_not(None))
    all_back = session.scalar(back) or 0
    own_back = session.scalar(back.where(Classification.course_id.in_(course_ids)))
    newest = select(func.max(Classification.id))
    own_newest = session.scalar(newest.where(Classification.course_id.in_(course_ids)))
    if (own_newest or 0) > then.last or (own_back and all_back != then.taken_back):
        raise ConflictError(Said(session.scalar(newest) or 0, all_back).number())


def _as_plain(drafts: Sequence[tuple[int, ClassificationDraft]]) -> list[Detail]:
    """Return what was said of which courses, courses of one saying together."""
    alike: dict[tuple[date, tuple[tuple[str, int], ...]], list[int]] = {}
    for course_id, draft in drafts:
        alike.setdefault((draft.from_on, tuple(draft.shares)), []).append(course_id)
    return [
        {"courses": courses, "from": from_on.isoformat(), "shares": dict(shares)}
        for (from_on, shares), courses in alike.items()
    ]


def write_classifications(
    session: AnySession,
    drafts: Sequence[tuple[int, ClassificationDraft]],
    ids: dict[str, int],
    account_id: int | None,
    batch_id: int | None = None,
) -> int:
    """Write what courses count as, in the unit of work of the caller; return how many changed.

    Args:
        session: Of the unit of work.
        drafts: Pairs of course and what it counts as; a course may have several days.
        ids: Category ids by code.
        account_id: Who says it.
        batch_id: The file that says it, None where a person does.
    """
    held = held_shares(session, [course_id for course_id, _ in drafts])
    changed = [
        (course_id, draft)
        for course_id, draft in drafts
        if held.get((course_id, draft.from_on)) != frozenset((ids[c], p) for c, p in draft.shares)
    ]
    if not changed:
        return 0
    shift = Shift(session, course_ids=sorted({course_id for course_id, _ in changed}))
    moment = now()
    for course_id, draft in changed:
        row = Classification(
            course_id=course_id,
            from_on=draft.from_on,
            state="confirmed",
            why=draft.why,
            recorded_at=moment,
            account_id=account_id,
            batch_id=batch_id,
        )
        session.add(row)
        session.flush()
        session.execute(
            insert(ClassificationShare),
            [
                {"classification_id": row.id, "category_id": ids[code], "percent": percent}
                for code, percent in draft.shares
            ],
        )
    shift.finish()
    return len(changed)


def held_shares(
    session: AnySession, course_ids: Sequence[int]
) -> dict[tuple[int, date], frozenset[tuple[int, int]]]:
    """Return the shares that count now for each course and starting day."""
    query = (
        select(
            Classification.course_id,
            Classification.from_on,
            Classification.id,
            ClassificationShare.category_id,
            ClassificationShare.percent,
        )
        .join(ClassificationShare, ClassificationShare.classification_id == Classification.id)
        .where(counted_at())
        .order_by(Classification.recorded_at, Classification.id)
    )
    latest: dict[tuple[int, date], tuple[int, set[tuple[int, int]]]] = {}
    wanted = set(course_ids)
    if len(wanted) <= MOST_NAMED:
        query = query.where(Classification.course_id.in_(wanted))
    for course_id, from_on, id_, category_id, percent in session.execute(query):
        if course_id not in wanted:
            continue
        key = (course_id, from_on)
        if key not in latest or latest[key][0] != id_:
            latest[key] = (id_, set())
        latest[key][1].add((category_id, percent))
    return {key: frozenset(shares) for key, (_, shares) in latest.items()}


def add_category(code: str, name: str, side: Side, family: bool, *, account_id: int | None) -> int:
    """Add a category of the organisation's own; return its id.

    Raises:
        RefusedError: The code is taken.
    """
    with transaction() as session:
        take_turn(session, shifts=False)
        if code in category_ids():
            raise RefusedError(f"There is a category {code} already.", field="code")
        position = session.query(Category).count() + 1
        category = Category(code=code, name=name, position=position, mandatory=False)
        session.add(category)
        session.flush()
        session.add(_side(category.id, BEGINNING, side, family, account_id))
        belongs = {"code": code, "side": side.value, "family": family}
        what = ("category", category.id)
        record(session, "category.add", of=what, details=belongs, by=account_id)
        return category.id


def move_category(
    category_id: int,
    from_on: date,
    side: Side,
    family: bool,
    *,
    account_id: int | None,
    seen: int | None = None,
) -> None:
    """Let a category belong to a side from a day on; every entry of that time counts anew.

    Args:
        category_id: Which one.
        from_on: The first day.
        side: Where it belongs then.
        family: It is one of the four families.
        account_id: Who says so.
        seen: The last move of all when the person looked; None where nobody did.

    Raises:
        ConflictError: Somebody else has moved the category since.
    """
    with transaction() as session:
        take_turn(session, shifts=False)
        newest = select(func.max(CategorySide.id)).where(CategorySide.category_id == category_id)
        last = select(func.max(CategorySide.id))
        check_none_since(seen, session.scalar(newest), session.scalar(last))
        shift = Shift(session)
        session.add(_side(category_id, from_on, side, family, account_id))
        session.flush()
        shift.finish()
        after = {"from": from_on.isoformat(), "side": side.value, "family": family}
        what = ("category", category_id)
        record(session, "category.move", of=what, details=after, by=account_id)


def _side(
    category_id: int, from_on: date, side: Side, family: bool, account_id: int | None
) -> CategorySide:
    return CategorySide(
        category_id=category_id,
        from_on=from_on,
        side=side,
        family=family,
        recorded_at=now(),
        account_id=account_id,
    )

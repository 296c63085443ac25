"""Say what courses count as, from a day on; earlier reports stay as they were."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import insert, select

from core.bulk import AnySession, after_explicit_ids
from core.clock import now
from core.db import take_turn, transaction
from core.errors import RefusedError
from ledger.models import Category, CategorySide, Classification, ClassificationShare, Course
from ledger.queries.catalogue import category_ids, known_courses
from ledger.rules.classify_files import ClassifyLine
from ledger.rules.classifying import ClassificationDraft, check_shares
from ledger.rules.judging import Refusal
from ledger.rules.kinds import Side
from ledger.rules.titles import title_key
from ledger.services.shifting import Shift
from people.rules.auditing import Detail, Details
from people.rules.levels import BEGINNING
from people.services.auditing import record

MOST_NAMED = 5_000
"""More courses than this are not named in a question to the database."""


@dataclass
class ClassifyResult:
    """What a classification file did."""

    rows: int = 0
    classified: int = 0
    same: int = 0
    new_courses: int = 0
    refusals: list[Refusal] = field(default_factory=list)


def classify_courses(
    course_ids: Sequence[int], draft: ClassificationDraft, *, account_id: int | None
) -> int:
    """Record what courses count as from a day on; return how many changed.

    Raises:
        RefusedError: The shares are no whole, or a course does not exist.
    """
    return classify_each(dict.fromkeys(course_ids, draft), account_id=account_id)


def classify_each(drafts: Mapping[int, ClassificationDraft], *, account_id: int | None) -> int:
    """Record for each course what it counts as, all or none; return how many changed.

    Raises:
        RefusedError: Shares are no whole, or a course does not exist.
    """
    with transaction() as session:
        take_turn(session)
        ids = category_ids()
        for draft in set(drafts.values()):
            check_shares(draft.shares, list(ids))
        found = set(session.scalars(select(Course.id).where(Course.id.in_(list(drafts)))))
        if found != set(drafts):
            raise RefusedError("A course is gone; open the list again.")
        ordered = sorted(drafts.items(), key=lambda item: item[0])
        changed = _record(session, ordered, ids, account_id)
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
    return _record(session, sorted(drafts.items(), key=lambda item: item[0]), ids, account_id)


def _as_plain(drafts: Sequence[tuple[int, ClassificationDraft]]) -> list[Detail]:
    """Return what was said of which courses, courses of one saying together."""
    alike: dict[tuple[date, tuple[tuple[str, int], ...]], list[int]] = {}
    for course_id, draft in drafts:
        alike.setdefault((draft.from_on, tuple(draft.shares)), []).append(course_id)
    return [
        {"courses": courses, "from": from_on.isoformat(), "shares": dict(shares)}
        for (from_on, shares), courses in alike.items()
    ]


def classify_lines(
    lines: Iterable[ClassifyLine], refusals: Sequence[Refusal], *, account_id: int | None
) -> ClassifyResult:
    """Record a whole file of classifications; lines of one course and day belong together."""
    result = ClassifyResult(refusals=list(refusals), rows=len(refusals))
    with transaction() as session:
        take_turn(session)
        ids = category_ids()
        groups: dict[tuple[str, date], list[ClassifyLine]] = {}
        for line in lines:
            result.rows += 1
            key = f"code:{line.code.casefold()}" if line.code else f"title:{title_key(line.title)}"
            groups.setdefault((key, line.from_on), []).append(line)
        drafts: list[tuple[int, ClassificationDraft]] = []
        accepted: dict[tuple[str, date], ClassificationDraft] = {}
        for group, members in groups.items():
            shares = tuple((line.category, line.percent) for line in members)
            try:
                check_shares(shares, list(ids))
            except RefusedError as refusal:
                result.refusals += [_refused(line, refusal) for line in members]
            else:
                accepted[group] = ClassificationDraft(
                    shares, group[1], "from a classification file"
                )
        courses = _course_ids(session, [groups[group][0] for group in accepted], result)
        for group, draft in accepted.items():
            drafts.append((courses[group[0]], draft))
        result.classified = _record(session, drafts, ids, account_id)
        result.same = len(drafts) - result.classified
        counts = {
            "rows": result.rows,
            "classified": result.classified,
            "new_courses": result.new_courses,
            "refused": len(result.refusals),
        }
        record(session, "courses.classify", of=("file", None), details=counts, by=account_id)
    return result


def _refused(line: ClassifyLine, refusal: RefusedError) -> Refusal:
    column = refusal.field or "category"
    value = line.category if column == "category" else str(line.percent)
    return Refusal(line.row, column, value, refusal.message, "Mend the line.", line.cells)


def _course_ids(
    session: AnySession, lines: Sequence[ClassifyLine], result: ClassifyResult
) -> dict[str, int]:
    """Return course ids by key, adding courses the catalogue does not have yet."""
    known = known_courses()
    found: dict[str, int] = {}
    fresh: list[dict[str, object]] = []
    for line in lines:
        wanted = title_key(line.title or line.code or "")
        key = f"code:{line.code.casefold()}" if line.code else f"title:{wanted}"
        course_id = known.by_key.get(key)
        if course_id is None and not line.code:
            course_id = known.by_title.get(wanted)
        if course_id is None:
            known.last_id += 1
            course_id = known.by_key[key] = known.last_id
            title = line.title or line.code
            fresh.append(
                {
                    "id": course_id,
                    "key": key,
                    "code": line.code,
                    "title": title,
                    "title_key": wanted,
                }
            )
        found[key] = course_id
    if fresh:
        session.execute(insert(Course), fresh)
        after_explicit_ids(session, "course")
        result.new_courses = len(fresh)
    return found


def _record(
    session: AnySession,
    drafts: Sequence[tuple[int, ClassificationDraft]],
    ids: dict[str, int],
    account_id: int | None,
) -> int:
    held = _held(session, [course_id for course_id, _ in drafts])
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


def _held(
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
        .where(Classification.state == "confirmed")
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
        take_turn(session)
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
    category_id: int, from_on: date, side: Side, family: bool, *, account_id: int | None
) -> None:
    """Let a category belong to a side from a day on; every entry of that time counts anew."""
    with transaction() as session:
        take_turn(session)
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

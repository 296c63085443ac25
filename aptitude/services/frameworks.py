"""Changing the framework: loading the one that ships, working on a new version, publishing it."""

from collections.abc import Sequence

from sqlalchemy import delete, func, insert, select

from aptitude.models.frameworks import Anchor, AptitudeTarget, Dimension, Framework
from aptitude.queries.frameworks import get_draft, get_framework, target_book
from aptitude.queries.targets import set_lately, taken_back
from aptitude.rules import starter
from aptitude.rules.targets import TargetDraft, check_target, target_words
from aptitude.rules.texts import DimensionTexts, FrameworkTexts, changes, check_texts
from aptitude.rules.words import FrameworkState
from aptitude.services.begun import empty_begun
from aptitude.services.renewing import renew_everybody, renew_expected
from core.bulk import AnySession
from core.clock import now
from core.db import take_turn, transaction
from core.errors import NotFoundError, RefusedError
from people.rules.levels import BEGINNING, Level
from people.services.auditing import record
from people.services.versions import check_none_since, check_unchanged

TENTHS = 10


def load_framework(shipped: starter.Framework, *, account_id: int | None) -> bool:
    """Publish the framework that ships with its targets, where there is none yet.

    Returns:
        False when there is a framework already; nothing happens then.
    """
    with transaction() as session:
        take_turn(session, aside=True)
        if session.scalar(select(func.count()).select_from(Framework)):
            return False
        held = _add_version(session, 1, shipped.title, shipped.purpose, account_id)
        for position, one in enumerate(shipped.dimensions, start=1):
            row = Dimension(
                framework_id=held.id,
                code=one.code,
                position=position,
                name=one.name,
                definition=one.definition,
            )
            session.add(row)
            session.flush()
            anchors = [
                {
                    "dimension_id": row.id,
                    "level": Level(anchor.level),
                    "score": anchor.value,
                    "behaviour": anchor.text,
                }
                for anchor in one.anchors
            ]
            session.execute(insert(Anchor), anchors)
        _publish(session, held, account_id)
        _add_shipped_targets(session, shipped, account_id)
    return True


def _add_version(
    session: AnySession, number: int, title: str, purpose: str, account_id: int | None
) -> Framework:
    held = Framework(
        number=number,
        state=FrameworkState.DRAFT,
        title=title,
        purpose=purpose,
        revision=1,
        made_at=now(),
        account_id=account_id,
        changed_at=now(),
    )
    session.add(held)
    session.flush()
    return held


def _publish(session: AnySession, held: Framework, account_id: int | None) -> None:
    held.published_at, held.published_by = now(), account_id
    held.state, held.changed_at = FrameworkState.PUBLISHED, now()
    held.revision += 1
    session.flush()
    record(
        session,
        "aptitude.framework",
        of=("framework", held.id),
        details={"published": held.number},
    )


def _add_shipped_targets(
    session: AnySession, shipped: starter.Framework, account_id: int | None
) -> None:
    for one in shipped.levels:
        for code, value in one.targets.items():
            required = code in one.required
            draft = TargetDraft(
                code,
                Level(one.level),
                None,
                value * TENTHS,
                one.floor * TENTHS if required else None,
                required,
                BEGINNING,
                one.why,
            )
            _add_target(session, draft, account_id)


def _add_target(session: AnySession, draft: TargetDraft, account_id: int | None) -> None:
    session.add(
        AptitudeTarget(
            dimension_code=draft.dimension_code,
            level=draft.level,
            job_title=draft.job_title,
            tenths=draft.tenths,
            floor_tenths=draft.floor_tenths,
            required=draft.required,
            from_on=draft.from_on,
            recorded_at=now(),
            account_id=account_id,
            why=draft.why[:500] or None,
        )
    )


def check_draft(draft: TargetDraft) -> None:
    """Refuse a target that cannot be set, before anybody looks at what it changes.

    Raises:
        RefusedError: There is no such dimension, or the floor lies above the target.
    """
    check_target(draft, get_framework().names)


def set_target(draft: TargetDraft, *, account_id: int | None, seen: int | None = None) -> None:
    """Write down what is expected from a day on; what was expected before stays on record.

    Args:
        draft: What is expected of whom.
        account_id: Who says so.
        seen: The last target of all when the person looked; None where nobody did.

    Raises:
        RefusedError: There is no such dimension, or the floor lies above the target.
        ConflictError: Somebody else set the same one since.
    """
    check_draft(draft)
    with transaction() as session:
        take_turn(session, aside=True)
        newest = select(func.max(AptitudeTarget.id)).where(
            AptitudeTarget.dimension_code == draft.dimension_code,
            AptitudeTarget.level.is_not_distinct_from(draft.level),
            AptitudeTarget.job_title.is_not_distinct_from(draft.job_title),
        )
        last = select(func.max(AptitudeTarget.id))
        check_none_since(seen, session.scalar(newest), session.scalar(last))
        _add_target(session, draft, account_id)
        details = {
            "dimension": get_framework().names[draft.dimension_code],
            "level": draft.level.value if draft.level else None,
            "expected": target_words(draft.tenths, draft.floor_tenths, required=draft.required),
            "from": draft.from_on.isoformat(),
        }
        record(session, "aptitude.target", of=("target", None), details=details)
        renew_expected(session, draft)


def take_back_target(target_id: int, *, account_id: int | None, seen: int | None = None) -> None:
    """Let hold again what held before a target was set; that it was set stays on record.

    Raises:
        NotFoundError: There is no such target, or another took its place.
        ConflictError: Somebody else set the same one since.
    """
    book = target_book()
    row = next((one for one in set_lately(book) if one.id == target_id), None)
    if row is None:
        raise NotFoundError("There is no such target to take back.")
    set_target(taken_back(book, row), account_id=account_id, seen=seen)


def begin_version(*, account_id: int | None) -> int:
    """Begin a new version as a copy of the one in force, and return its number.

    Raises:
        NotFoundError: There is no framework yet.
        RefusedError: Somebody works on one already.
    """
    with transaction() as session:
        take_turn(session, aside=True)
        if session.scalar(select(Framework.id).where(Framework.state == FrameworkState.DRAFT)):
            raise RefusedError("There is a draft already. Go on with it, or publish it first.")
        base = get_framework()
        last = session.scalar(select(func.max(Framework.number))) or 0
        held = _add_version(session, last + 1, base.title, base.purpose, account_id)
        _write(session, held.id, base.texts.dimensions)
        record(
            session, "aptitude.framework", of=("framework", held.id), details={"begun": last + 1}
        )
    return last + 1


def _write(session: AnySession, framework_id: int, texts: Sequence[DimensionTexts]) -> None:
    """Put the dimensions of a draft in the place of those it has."""
    old = select(Dimension.id).where(Dimension.framework_id == framework_id)
    session.execute(delete(Anchor).where(Anchor.dimension_id.in_(old)))
    session.execute(delete(Dimension).where(Dimension.framework_id == framework_id))
    for position, one in enumerate(texts, start=1):
        row = Dimension(
            framework_id=framework_id,
            code=one.code,
            position=position,
            name=one.name,
            definition=one.definition,
        )
        session.add(row)
        session.flush()
        anchors = [
            {"dimension_id": row.id, "level": level, "score": score, "behaviour": text}
            for level, behaviours in one.anchors.items()
            for score, text in enumerate(behaviours, start=1)
        ]
        session.execute(insert(Anchor), anchors)


def change_draft(number: int, texts: FrameworkTexts, *, seen: int | None = None) -> None:
    """Keep what somebody wrote in the draft.

    Raises:
        NotFoundError: There is no such draft.
        RefusedError: A text is missing; nothing is kept then.
        ConflictError: Somebody else changed it since it was opened.
    """
    check_texts(texts)
    with transaction() as session:
        take_turn(session, aside=True)
        held = _draft(session, number)
        check_unchanged(seen, held.revision)
        held.title, held.purpose = texts.title.strip(), texts.purpose.strip()
        held.change_note = texts.change_note.strip()[:500] or None
        held.revision, held.changed_at = held.revision + 1, now()
        _write(session, held.id, texts.dimensions)
        details = {"changed": number}
        record(session, "aptitude.framework", of=("framework", held.id), details=details)


def _draft(session: AnySession, number: int) -> Framework:
    held = session.scalar(
        select(Framework).where(Framework.number == number, Framework.state == FrameworkState.DRAFT)
    )
    if held is None:
        raise NotFoundError("There is no such draft.")
    return held


def publish_version(number: int, *, account_id: int | None, seen: int | None = None) -> None:
    """Put a draft into force; assessments from now on are given by it.

    Raises:
        NotFoundError: There is no such draft.
        RefusedError: It says what the version in force says, or not what is new.
        ConflictError: Somebody else changed it since it was opened.
    """
    with transaction() as session:
        take_turn(session, aside=True)
        held = _draft(session, number)
        check_unchanged(seen, held.revision)
        base = get_framework()
        if not changes(base.texts, get_draft().texts):
            raise RefusedError(f"It says word for word what version {base.number} says.")
        check_texts(get_draft().texts, has_news=True)
        _publish(session, held, account_id)
        empty_begun(session, base, get_framework())
        renew_everybody(session)


def discard_draft(number: int, *, account_id: int | None, seen: int | None = None) -> None:
    """Throw a draft away.

    Raises:
        NotFoundError: There is no such draft.
        ConflictError: Somebody else changed it since it was opened.
    """
    with transaction() as session:
        take_turn(session, aside=True)
        held = _draft(session, number)
        check_unchanged(seen, held.revision)
        _write(session, held.id, [])
        session.delete(held)
        details = {"discarded": number, "by": account_id}
        record(session, "aptitude.framework", of=("framework", held.id), details=details)

"""Courses that others write the content of: kept in the catalogue and classified by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, update

from core.bulk import AnySession, after_explicit_ids
from core.clock import today
from ledger.models import Course
from ledger.queries.catalogue import KnownCourses, known_courses
from ledger.queries.courses import current_shares
from ledger.rules.classifying import ClassificationDraft
from ledger.rules.titles import title_key
from ledger.services.classifying import classify_within
from people.rules.levels import BEGINNING


@dataclass(frozen=True)
class Offer:
    """A course with what it counts as.

    Attributes:
        minutes: The length it is planned for.
        shares: Pairs of category code and whole percent that sum to 100.
        from_on: From which day it counts so; None for today, or always where the course is new
            or nobody has said what it counts as.
    """

    code: str
    title: str
    minutes: int
    shares: tuple[tuple[str, int], ...]
    from_on: date | None = None


def offer_courses(
    session: AnySession, offers: Sequence[Offer], *, account_id: int | None
) -> dict[str, int]:
    """Keep courses in the catalogue, inside a transaction that has its turn; ids by code.

    A course that is known by its code gets the title and length of the offer. What it counts as
    is recorded from a day on where it is not so already.
    """
    known = known_courses()
    ids = {offer.code: _course(session, offer, known) for offer in offers}
    after_explicit_ids(session, "course")
    held = current_shares(list(ids.values()), today())
    drafts = {}
    for offer in offers:
        course_id = ids[offer.code]
        now_counts = frozenset((one.code, one.percent) for one in held.get(course_id, ()))
        if now_counts == frozenset(offer.shares):
            continue
        from_on = offer.from_on or (today() if now_counts else BEGINNING)
        why = f"published as module {offer.code}"
        drafts[course_id] = ClassificationDraft(offer.shares, from_on, why)
    if drafts:
        classify_within(session, drafts, account_id=account_id)
    return ids


def _course(session: AnySession, offer: Offer, known: KnownCourses) -> int:
    """Return the course of an offer; a new one is known to the offers after it."""
    key = f"code:{offer.code.casefold()}"
    said = {
        "title": offer.title,
        "title_key": title_key(offer.title),
        "planned_minutes": offer.minutes,
    }
    course_id = known.by_key.get(key)
    if course_id is None:
        course_id = known.last_id = known.last_id + 1
        known.by_key[key] = course_id
        session.execute(insert(Course), [{"id": course_id, "key": key, "code": offer.code, **said}])
    else:
        session.execute(update(Course).where(Course.id == course_id).values(said))
    return course_id

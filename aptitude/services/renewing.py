"""Letting standings follow at once what changes them: a target, a new version, a move.

Few people are worked out anew in the unit of work that changes something, so that team and mirror
say what the person's page says. Many are left to a worker, who begins at once; until it is done
those pages say of which day they are.
"""

from collections.abc import Iterator, Sequence
from itertools import islice

from sqlalchemy import Select, and_, or_, select

from aptitude.models.assessments import AptitudeStanding
from aptitude.queries.freshness import RENEWING
from aptitude.rules.asking import level_or_frontline
from aptitude.rules.targets import TargetDraft
from aptitude.services.standings import AT_ONCE, outdated, renew_standings
from core.bulk import AnySession
from core.clock import today
from core.db import DataVersion, take_turn
from core.jobs import JobKind, Payload, queue
from people.models import Assignment
from people.queries.opening import reading
from people.rules.opening import Reason
from people.services.listeners import Phase, placement_listeners

MOST_AT_HAND = 500
"""People who are worked out anew while whoever changes something waits."""


def renew_expected(session: AnySession, draft: TargetDraft) -> None:
    """Follow a target: of whoever stands on its level or has its job title, now or later."""
    if draft.level is None:
        is_meant = Assignment.job_title == draft.job_title
    elif level_or_frontline(None) is draft.level:
        is_meant = or_(Assignment.level == draft.level, Assignment.level.is_(None))
    else:
        is_meant = Assignment.level == draft.level
    meant = and_(is_meant, Assignment.superseded_at.is_(None), Assignment.until_on > today())
    _renew(session, _assessed().where(_ID.in_(select(Assignment.employee_id).where(meant))))


def renew_everybody(session: AnySession) -> None:
    """Follow a new version of the framework: of whoever was ever assessed."""
    _renew(session, _assessed())


def follow_moves(session: AnySession, employee_ids: Sequence[int], phase: Phase) -> None:
    """Follow moves: of those who moved, as far as they were ever assessed."""
    if phase == "after":
        _renew(session, *(_assessed().where(_ID.in_(some)) for some in _parts(employee_ids)))


_ID = AptitudeStanding.employee_id


def _parts(ids: Sequence[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), AT_ONCE):
        yield list(ids[start : start + AT_ONCE])


def _assessed() -> Select[int]:
    return select(_ID)


def _renew(session: AnySession, *concerned: Select[int]) -> None:
    with reading(Reason.STANDINGS):
        ids = list(islice(_of_all(session, concerned), MOST_AT_HAND + 1))
    if len(ids) <= MOST_AT_HAND:
        renew_standings(session, sorted(ids), today())
        return
    take_turn(session, aside=True)
    turn = session.scalar(select(DataVersion.turns))
    queue(session, RENEWING, f"turn:{turn}", {})


def _of_all(session: AnySession, concerned: Sequence[Select[int]]) -> Iterator[int]:
    for one in concerned:
        yield from session.scalars(one.limit(MOST_AT_HAND + 1))


def _divide(_: Payload) -> list[Payload]:
    return [{"ids": some} for some in _parts(outdated(today()))]


def _do(session: AnySession, part: Payload) -> None:
    renew_standings(session, [int(one) for one in part["ids"]], today())


RENEWAL = JobKind(RENEWING, _divide, _do)


def listen() -> None:
    """Hear of people who move."""
    if follow_moves not in placement_listeners:
        placement_listeners.append(follow_moves)

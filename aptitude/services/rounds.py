"""Asking about a whole team in one step."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import func, insert, select

from aptitude.models.assessments import AssessmentRequest
from aptitude.queries.frameworks import get_framework
from aptitude.queries.rounds import preview
from aptitude.queries.scenarios import candidates
from aptitude.rules.rounds import Pair, RoundDraft, check_round
from aptitude.rules.sources import Source
from aptitude.rules.words import RequestState
from aptitude.services.late import replace_late
from aptitude.services.telling import tell_round, tell_tests
from core.bulk import AnySession
from core.clock import now, today
from core.db import take_turn, transaction
from core.errors import RefusedError
from people.queries.opening import reading
from people.rules.access import Viewer
from people.rules.auditing import Details
from people.rules.opening import Reason
from people.services.auditing import record

LONGEST_OCCASION = 300


def ask_round(draft: RoundDraft, viewer: Viewer, *, promised: int | None = None) -> int:
    """Ask everybody a round proposes; who was asked the same already is not asked again.

    Each rater gets one letter, however many people they are asked about, and whoever is asked to
    take a scenario test one about that.

    Args:
        draft: What is asked.
        viewer: Who asks.
        promised: How many requests the preview showed; None to ask whatever it comes to.

    Returns:
        How many requests were made.

    Raises:
        NotFoundError: The viewer may ask about nobody, or there is no such unit.
        RefusedError: The round cannot be, nobody is left to ask, or it comes to something else
            than the preview showed.
    """
    check_round(draft, today())
    with transaction() as session:
        take_turn(session, shifts=False)
        get_framework()
        if Source.SCENARIO in draft.sources and not candidates(session):
            raise RefusedError("There are no scenarios in use. Load the library first.")
        found = preview(session, draft, viewer, today())
        if promised is not None and promised != len(found.new):
            raise RefusedError(
                f"This comes to {len(found.new)} requests now, not {promised}. Look at it again."
            )
        if not found.new:
            raise RefusedError(
                "Everybody is asked already or was lately; nobody was asked twice. Ask for fewer "
                "days of quiet, or choose others."
            )
        replace_late(session, {(one.subject_id, one.rater_id, one.source) for one in found.new})
        last = _write(session, draft, found.new, viewer)
        details: Details = {
            "people": found.people,
            "requests": len(found.new),
            "due": draft.due_on.isoformat(),
        }
        record(session, "aptitude.ask", of=("unit", draft.unit_id), details=details)
        tested = [one.rater_id for one in found.new if one.source is Source.SCENARIO]
        by_rater = Counter(one.rater_id for one in found.new if one.source is not Source.SCENARIO)
        tell_round(session, by_rater, last, draft.due_on)
        tell_tests(session, tested, last, draft.due_on)
    return len(found.new)


def _write(session: AnySession, draft: RoundDraft, pairs: Sequence[Pair], viewer: Viewer) -> int:
    """Write the requests and return the number of the last one before them."""
    constant = {
        "purpose": draft.purpose,
        "occasion": draft.occasion.strip()[:LONGEST_OCCASION] or None,
        "asked_at": now(),
        "account_id": viewer.account_id,
        "due_on": draft.due_on,
        "state": RequestState.OPEN,
    }
    with reading(Reason.ASKING):
        last = session.scalar(select(func.max(AssessmentRequest.id))) or 0
        session.execute(
            insert(AssessmentRequest),
            [
                {
                    "subject_id": one.subject_id,
                    "rater_id": one.rater_id,
                    "source": one.source,
                    **constant,
                }
                for one in pairs
            ],
        )
    return last

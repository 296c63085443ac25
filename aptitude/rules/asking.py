"""Asking for an assessment and giving one: what is refused, and with which words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from aptitude.rules.sources import Source
from aptitude.rules.words import Purpose
from core.errors import ConflictError, RefusedError, refuse_all
from people.rules.levels import Level

ENDS = (10, 50)
HALF_LEVELS = tuple(range(10, 51, 5))
USUAL_DAYS, LONGEST_DAYS = 14, 365
SHORTEST_EXAMPLE, LONGEST_EXAMPLE = 15, 2000
MOST_RATERS = 30
LONGEST_TEXT = 2000
OWN_SOURCES = frozenset({Source.SELF, Source.SCENARIO})


@dataclass(frozen=True)
class RatingDraft:
    """What a rater says on one dimension.

    Attributes:
        tenths: The score in tenths of a level; None for "not observed".
        example: What was seen; needed with 1 and 5.
    """

    code: str
    tenths: int | None
    example: str = ""


@dataclass(frozen=True)
class Words:
    """By which words somebody is rated: those of a framework for a level; None for no level."""

    framework_id: int
    level: Level | None


def check_words(seen: Words | None, now: Words) -> None:
    """Refuse what was said by other words than it would be kept under.

    Args:
        seen: The words the rater read; None where nobody looked.
        now: Those in force.

    Raises:
        ConflictError: They differ: a version was published, or the person stands elsewhere.
    """
    if seen is not None and seen != now:
        raise ConflictError(now.framework_id)


@dataclass(frozen=True)
class RequestDraft:
    """Who is asked about whom, as whom, until when and what for."""

    subject_id: int
    rater_id: int
    source: Source
    due_on: date
    purpose: Purpose = Purpose.DEVELOPMENT
    occasion: str = ""


def tenths_text(tenths: int | None) -> str:
    """Return a score as people read it: "3.5", "4"."""
    if tenths is None:
        return "not observed"
    whole, rest = divmod(tenths, 10)
    return f"{whole}.{rest}" if rest else str(whole)


def check_ratings(drafts: Sequence[RatingDraft], names: Mapping[str, str]) -> None:
    """Refuse an assessment that says nothing, or an end of the scale without an example.

    Args:
        drafts: What is said on each dimension.
        names: The dimensions of the framework, by code.

    Raises:
        RefusedError: All that is wrong, each at the field of its dimension.
    """
    said = {draft.code: draft for draft in drafts}
    missing = [names[code] for code in names if code not in said]
    if missing:
        raise RefusedError(f"Choose a level or “not observed” for {missing[0]}.")
    if set(said) - set(names):
        raise RefusedError("This framework was replaced. Load the page again.")
    if all(draft.tenths is None for draft in drafts):
        raise RefusedError(
            "Nothing was observed on any dimension. Decline the request instead, and say why."
        )
    found = [rating_fault(draft, names[draft.code]) for draft in drafts]
    refuse_all([one for one in found if one is not None])


def rating_fault(draft: RatingDraft, name: str) -> RefusedError | None:
    """Return what is wrong with what is said on a dimension, if anything."""
    if draft.tenths is not None and draft.tenths not in HALF_LEVELS:
        return RefusedError(f"{name}: choose a half level from 1 to 5.", f"score-{draft.code}")
    length = len(draft.example.strip())
    if draft.tenths in ENDS and length < SHORTEST_EXAMPLE:
        score = tenths_text(draft.tenths)
        words = f"{name}: write down what you saw that shows a {score}, in a sentence."
        return RefusedError(words, f"example-{draft.code}")
    if length > LONGEST_EXAMPLE:
        words = f"{name}: the example has {length} characters; at most {LONGEST_EXAMPLE} are kept."
        return RefusedError(words, f"example-{draft.code}")
    return None


@dataclass(frozen=True)
class Stands:
    """How two people stand to one another today.

    Attributes:
        same: They are one person.
        manages: The rater is somewhere above the subject.
        below: The rater reports to the subject directly.
        beside: Both report to the same person.
    """

    same: bool
    manages: bool
    below: bool
    beside: bool = False


def check_stands(source: Source, stands: Stands) -> None:
    """Refuse a rater who does not stand to the person as the source says.

    Raises:
        RefusedError: They do not.
    """
    if source is Source.SCENARIO and not stands.same:
        raise RefusedError("A scenario test is taken, not given: ask the person.", "source")
    if (source in OWN_SOURCES) != stands.same:
        raise RefusedError("Only the person gives their own view, and no other one.", "source")
    if source is Source.MANAGER and not stands.manages:
        raise RefusedError("This person is not above them today.", "source")
    if source is Source.REPORT and not stands.below:
        raise RefusedError("This person does not report to them today.", "source")
    if source is Source.PEER and (stands.manages or stands.below):
        raise RefusedError(
            "A peer is neither above nor below. Ask as a manager or a direct report.", "source"
        )
    if source is Source.OBSERVER:
        check_observer(stands)


def check_observer(stands: Stands) -> None:
    """Refuse an observer whose view would be kept apart or counted otherwise.

    What an observer says is shown by itself, so that a peer or a report would be known by it.

    Raises:
        RefusedError: They are above the person, report to them, or to the same manager.
    """
    if not may_observe(stands):
        raise RefusedError(
            "An observer neither leads them nor reports to them or to the same manager, because "
            "what an observer says is shown by itself. Ask this person as a manager, a direct "
            "report or a peer.",
            "observer",
        )


def may_observe(stands: Stands) -> bool:
    """Tell whether somebody stands far enough away to be an observer."""
    return not (stands.manages or stands.below or stands.beside)


def observer_moved(stands: Stands) -> str:
    """Return why an observer cannot answer as one any more, and what to do; "" where they can."""
    if may_observe(stands):
        return ""
    now = "report to the same manager"
    now = "report to them" if stands.below else now
    now = "lead them" if stands.manages else now
    return (
        f"You were asked as an observer, and you {now} now. What an observer says is shown by "
        "itself, so it cannot be kept as that any more. Decline the request and say that you "
        "moved: whoever asked can ask you anew, as what you are today."
    )


def check_still_observer(stands: Stands) -> None:
    """Refuse the answer of an observer who stands otherwise by now.

    Raises:
        RefusedError: They lead the person by now, report to them, or to the same manager.
    """
    moved = observer_moved(stands)
    if moved:
        raise RefusedError(f"{moved} Nothing was written; what you typed is still below.")


def check_due(due_on: date, today: date) -> None:
    """Refuse a day that has gone by or lies far ahead.

    Raises:
        RefusedError: It does.
    """
    if due_on < today:
        raise RefusedError("The day has gone by; choose today or a later one.", "due_on")
    if due_on > today + timedelta(days=LONGEST_DAYS):
        raise RefusedError("The day lies more than a year ahead; choose an earlier one.", "due_on")


def check_text(text: str, what: str, field: str) -> str:
    """Return a text without blanks around it.

    Raises:
        RefusedError: There is none, or too much of it.
    """
    kept = text.strip()
    if not kept:
        raise RefusedError(f"Write {what}.", field)
    if len(kept) > LONGEST_TEXT:
        raise RefusedError(
            f"This has {len(kept)} characters; at most {LONGEST_TEXT} are kept.", field
        )
    return kept


def level_or_frontline(level: Level | None) -> Level:
    """Return the level whose anchors are used; whoever has none stands at the front line."""
    return level or Level.FRONTLINE


def due_words(due_on: date, on: date) -> str:
    """Return by when, in words that say how urgent it is."""
    left = (due_on - on).days
    if left < 0:
        return f"{-left} days late" if left < -1 else "a day late"
    return {0: "due today", 1: "due tomorrow"}.get(left, f"due in {left} days")

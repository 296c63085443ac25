"""What people are told of, how each kind of it reaches them, and the words of the letters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from curricula.rules.words import NoticeMode

WEEKLY = "weekly"
"""Stands for the weekly letter as a whole, where somebody wants none."""

LETTER_HOUR = 6
"""The weekly letter is written on Mondays at six, by the clock of UTC."""

TOLD_IN_FULL, TOLD_AT_ALL = 4, 20
LONGEST_KEY = 200
LONGEST_SUBJECT = 300
LONGEST_WHY = 500


@dataclass(frozen=True)
class NoticeKind:
    """One kind of thing people are told of.

    Attributes:
        key: The word in the database; never changes.
        label: What it is called where people choose how they hear of it.
        usual: At once only what is worth nothing a week later; all else waits for the digest.
    """

    key: str
    label: str
    usual: NoticeMode


AT_ONCE, WEEK = NoticeMode.IMMEDIATE, NoticeMode.DIGEST
KINDS: Mapping[str, NoticeKind] = {
    kind.key: kind
    for kind in (
        NoticeKind("session_enrolled", "Invitations to sessions you are enrolled in", AT_ONCE),
        NoticeKind("session_changed", "A session of yours changes its time or place", AT_ONCE),
        NoticeKind("session_cancelled", "A session of yours is cancelled", AT_ONCE),
        NoticeKind("seat_promoted", "You move up from a waiting list", AT_ONCE),
        NoticeKind("seat_offered", "A seat is held for you for a while", AT_ONCE),
        NoticeKind("seat_requested", "Somebody asks you to approve a seat", AT_ONCE),
        NoticeKind("seat_decided", "Your request for a seat is decided", AT_ONCE),
        NoticeKind("feedback_reaction", "A question right after a session", AT_ONCE),
        NoticeKind("assessment_asked", "You are asked to say where somebody stands", AT_ONCE),
        NoticeKind("panel_asked", "You are asked to rate answers as an expert", AT_ONCE),
        NoticeKind("workshop_asked", "You are asked to judge texts of the framework", AT_ONCE),
        NoticeKind("assessment_due", "An assessment you were asked for is due", WEEK),
        NoticeKind("contest_made", "Somebody contests an assessment, and HR answers", AT_ONCE),
        NoticeKind("assessment_answered", "What you contested is answered", WEEK),
        NoticeKind("round_asked", "A round asks you where several people stand", WEEK),
        NoticeKind("round_taken_back", "A round that asked you is taken back", WEEK),
        NoticeKind("duty_coach", "You are to coach somebody", AT_ONCE),
        NoticeKind("duty_opened", "You, or HR where nobody leads, owe somebody a duty", WEEK),
        NoticeKind("duty_overdue", "A duty you owe, or HR owes, is overdue", WEEK),
        NoticeKind("session_reminder", "Sessions of the coming week", WEEK),
        NoticeKind("sheet_open", "Attendance sheets you have to close", WEEK),
        NoticeKind("feedback_behaviour", "Questions two months after a session", WEEK),
        NoticeKind("assigned", "A curriculum is assigned to you", WEEK),
        NoticeKind("assignment_changed", "A curriculum of yours ends or changes", WEEK),
        NoticeKind("due_soon", "A curriculum of yours is due soon", WEEK),
        NoticeKind("overdue", "A curriculum of yours is overdue", WEEK),
        NoticeKind("team_overdue", "Somebody in your team is overdue", WEEK),
        NoticeKind("refresher", "A refresher, or a few minutes of practice, falls due", WEEK),
        NoticeKind("certificate", "A certificate is ready", WEEK),
        NoticeKind("module_review", "A module of yours is past its review date", WEEK),
    )
}

KEPT_TO_ONESELF = frozenset(
    {"assessment_asked", "assessment_due", "round_asked", "round_taken_back"}
)
"""Kinds that stand in nobody's list but one's own: who is reminded has not answered yet, and the
moment of a letter, beside the trail, would tell HR whom somebody else asked about them."""

MODE_LABELS = {
    NoticeMode.IMMEDIATE: "At once",
    NoticeMode.DIGEST: "In the weekly letter",
    NoticeMode.NONE: "Not by mail",
}


def mode_of(kind: str, chosen: Mapping[str, NoticeMode]) -> NoticeMode:
    """Return how somebody hears of a kind: as they chose, else in the usual way.

    Whoever wants no weekly letter still hears at once of what is time-critical.

    Args:
        kind: One of `KINDS`.
        chosen: What the person chose, by kind.
    """
    mode = chosen.get(kind, KINDS[kind].usual)
    if mode is NoticeMode.DIGEST and chosen.get(WEEKLY) is NoticeMode.NONE:
        return NoticeMode.NONE
    return mode


def next_weekly_letter(at: datetime) -> datetime:
    """Return when the next weekly letter is written."""
    six = at.replace(hour=LETTER_HOUR, minute=0, second=0, microsecond=0)
    monday = six + timedelta(days=-at.weekday() % 7)
    return monday if monday >= at else monday + timedelta(days=7)


@dataclass(frozen=True)
class Told:
    """What a letter tells: one notice of it.

    Attributes:
        link: The whole address of the page it is about; None where there is none.
        stop: The whole address under which letters of its kind are stopped.
    """

    kind: str
    subject: str
    body: str
    why: str
    link: str | None
    stop: str


def letter_of_one(told: Told, settings: str) -> str:
    """Return the text of a letter about one notice."""
    parts = [told.body.strip()]
    if told.link:
        parts.append(told.link)
    parts.append(f"Why you get this: {told.why}")
    parts.append(f"Choose how you hear of things: {settings}")
    return "\n\n".join(parts)


def subject_of_week(notices: Sequence[Told]) -> str:
    """Return the subject of a weekly letter, which names the first thing and counts the rest."""
    if len(notices) == 1:
        return notices[0].subject
    more = len(notices) - 1
    return f"{notices[0].subject}, and {more} more"[:LONGEST_SUBJECT]


def letter_of_week(notices: Sequence[Told], settings: str) -> str:
    """Return the text of a weekly letter: its notices by kind, each with why, in a fixed order."""
    order = list(KINDS)
    parts = ["This is what is new in your learning this week."]
    for kind in sorted({one.kind for one in notices}, key=order.index):
        of_kind = [one for one in notices if one.kind == kind]
        label = KINDS[kind].label
        parts.append(f"{label}\n{'-' * len(label)}")
        parts += _paragraphs(of_kind)
        parts.append(f"No more letters of this kind: {of_kind[0].stop}")
    parts.append(f"Choose how you hear of things: {settings}")
    return "\n\n".join(parts)


def _paragraphs(of_kind: Sequence[Told]) -> list[str]:
    """Tell a few things in full; of many only what they are, so that no letter floods."""
    if len(of_kind) <= TOLD_IN_FULL:
        return [_paragraph(one) for one in of_kind]
    lines = [f"- {one.subject}" for one in of_kind[:TOLD_AT_ALL]]
    if len(of_kind) > TOLD_AT_ALL:
        lines.append(f"- and {len(of_kind) - TOLD_AT_ALL} more")
    if of_kind[0].link:
        lines.append(of_kind[0].link)
    return ["\n".join(lines)]


def _paragraph(told: Told) -> str:
    lines = [told.subject, told.body.strip(), f"Why you get this: {told.why}"]
    if told.link:
        lines.append(told.link)
    return "\n".join(lines)

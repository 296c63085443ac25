"""Where a person stands: the page of their aptitude, now and as it was known at each time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Select, select

from aptitude.models.assessments import AptitudeStanding, Assessment, AssessmentComment
from aptitude.queries.agreement import error_book
from aptitude.queries.evidence import evidence_on
from aptitude.queries.frameworks import FrameworkView, get_framework, target_book
from aptitude.queries.known import Known, last_seen, stands_of
from aptitude.rules.levels import level_words
from aptitude.rules.own_words import corrected_words, used_words
from aptitude.rules.profiles import (
    Counts,
    Line,
    Point,
    Rung,
    Stay,
    change_words,
    counts_of,
    headline,
    ladder,
    lines_of,
    next_level,
    weakest,
)
from aptitude.rules.scores import Profile, Score
from aptitude.rules.sources import ANONYMOUS, Source
from aptitude.rules.words import CommentKind, ContestOutcome
from core.db import db
from core.errors import NotFoundError
from people.models import Employee
from people.queries.visibility import assessed_people, within
from people.rules.access import Viewer, as_oneself
from people.rules.levels import Level

MOST_POINTS = 8
LAST_MOMENT = time(23, 59, 59, 999_999)


@dataclass(frozen=True)
class SourceLine:
    """What one source says, dimension by dimension.

    Attributes:
        scores: By dimension code; None where this source said nothing there.
        shown_on: The day the newest of it came into these figures.
    """

    source: Source
    raters: int
    scores: Mapping[str, Score | None]
    shown_on: date


@dataclass(frozen=True)
class Example:
    """What was seen, as it was written beside a rating."""

    source: Source
    name: str
    score: float
    text: str
    on: date


@dataclass(frozen=True)
class Saying:
    """An assessment that is in the figures; peers and reports are one each, never told apart."""

    source: Source
    assessment_id: int | None
    on: date

    @property
    def key(self) -> str:
        """Return it as a form sends it: "manager-12", "peer"."""
        number = "" if self.assessment_id is None else f"-{self.assessment_id}"
        return f"{self.source.value}{number}"


@dataclass(frozen=True)
class Comment:
    """What the person said about an assessment, and the answer; `given_on` is its day."""

    id: int
    source: Source
    given_on: date | None
    kind: CommentKind
    text: str
    made_at: datetime
    answer: str | None
    answered_at: datetime | None
    outcome: ContestOutcome | None


@dataclass(frozen=True)
class AptitudePage:
    """Everything that is known of a person's aptitude.

    Attributes:
        evidence_to: The last day others said something that is in a figure; None for nothing.
        error_words: What the bands of uncertainty rest on.
        corrected_words: The overall figure with and without the severity of its raters; empty
            where that is not known.
        other_level_words: A note where scores were given by the anchors of another level.
        owed: The dimensions on which a duty of the company is open.
        level_words: Which required dimensions hold the level back.
        next_level: The rung above; None at the top.
        next_lines: What is known against the targets of that rung.
    """

    employee_id: int
    name: str
    job_title: str | None
    unit: str | None
    level: Level
    framework: FrameworkView
    evidence_to: date | None
    headline: str
    owed: tuple[str, ...]
    lines: tuple[Line, ...]
    counts: Counts
    overall: Score | None
    overall_missing: str
    level_words: str
    weakest: tuple[Line, ...]
    sources: tuple[SourceLine, ...]
    sayings: tuple[Saying, ...]
    examples: tuple[Example, ...]
    rungs: tuple[Rung, ...]
    points: tuple[Point, ...]
    progress: str
    comments: tuple[Comment, ...]
    other_level_words: str
    next_level: Level | None
    next_lines: tuple[Line, ...]
    error_words: str
    corrected_words: str


def aptitude_page(employee_id: int, viewer: Viewer, on: date) -> AptitudePage:
    """Return where a person stands, to those who may see it.

    Raises:
        NotFoundError: There is no such person, the viewer does not see them, or there is no
            framework yet.
    """
    seen = assessed_people(as_oneself(viewer) if employee_id == viewer.employee_id else viewer, on)
    named = select(Employee.name).where(Employee.id == employee_id, *within(Employee.id, seen))
    name = db.session.scalar(named)
    if name is None:
        raise NotFoundError("There is no such person.")
    stands = stands_of(employee_id, seen)
    evidence = evidence_on([employee_id], seen)[employee_id]
    is_own = employee_id == viewer.employee_id
    known = Known(get_framework(), target_book(), stands, evidence, error_book())
    comments, corrected = _comments(employee_id, seen), _corrected(employee_id, seen)
    return _page(employee_id, "" if is_own else name, name, known, comments, corrected, on)


def _corrected(employee_id: int, seen: Select[int] | None) -> float | None:
    asked = select(AptitudeStanding.corrected).where(
        AptitudeStanding.employee_id == employee_id, *within(AptitudeStanding.employee_id, seen)
    )
    return db.session.scalar(asked)


def _page(
    employee_id: int,
    called: str,
    name: str,
    known: Known,
    comments: tuple[Comment, ...],
    corrected: float | None,
    on: date,
) -> AptitudePage:
    profile, lines = known.profile_on(on), known.lines_on(on)
    level, stand = known.level_on(on), known.stand_on(on)
    counts, points = counts_of(lines), _points(known, on)
    return AptitudePage(
        employee_id=employee_id,
        name=name,
        job_title=stand.job_title if stand else None,
        unit=stand.unit if stand else None,
        level=level,
        framework=known.framework,
        evidence_to=last_seen(known, on),
        headline=headline(lines, level, owed, called),
        owed=owed,
        lines=lines,
        counts=counts,
        overall=profile.overall.score,
        overall_missing=_missing_words(profile),
        level_words=level_words(lines),
        weakest=tuple(weakest(lines)),
        sources=_sources(profile, known, on),
        sayings=_sayings(known, on),
        examples=() if called else _examples(known),
        rungs=ladder(level, counts, _stays(known, on), "they" if called else "you"),
        points=points[-MOST_POINTS:],
        progress=change_words(points, level),
        comments=comments,
        other_level_words=_other_level(known, level, on),
        next_level=next_level(level),
        next_lines=_next_lines(known, profile, level, on),
        error_words=used_words(known.errors.sem_at(None)),
        corrected_words=corrected_words(profile.overall.score, corrected),
    )


def _next_lines(known: Known, profile: Profile, level: Level, on: date) -> tuple[Line, ...]:
    above = next_level(level)
    if above is None:
        return ()
    return lines_of(profile, known.framework.named, known.targets.targets_of(above, None, on))


def _missing_words(profile: Profile) -> str:
    overall = profile.overall
    if overall.score is not None:
        return ""
    return (
        f"An overall figure needs two raters besides the person on {overall.needed} dimensions; "
        f"there are {overall.dimensions} so far."
    )


def _sources(profile: Profile, known: Known, on: date) -> tuple[SourceLine, ...]:
    """Return the sources that are in a figure: nothing tells that more was said than is shown."""
    days: dict[Source, date] = {}
    for one in known.shown_on(on):
        source = one.given.rating.source
        days[source] = max(days.get(source, date.min), one.given.opens_on)
    lines = []
    for source in (one for one in Source if one in days):
        scores: dict[str, Score | None] = {}
        for code, dimension in profile.dimensions.items():
            found = dimension.sources.get(source)
            scores[code] = found if isinstance(found, Score) else None
        raters = max((one.raters for one in scores.values() if one), default=0)
        if raters:
            lines.append(SourceLine(source, raters, scores, days[source]))
    return tuple(lines)


def _sayings(known: Known, on: date) -> tuple[Saying, ...]:
    """Return what others said that the person can comment on, the newest first."""
    found = {
        Saying(source, None, one.given.opens_on)
        if (source := one.given.rating.source) in ANONYMOUS
        else Saying(source, one.assessment_id, one.given.opens_on)
        for one in known.shown_on(on)
        if one.given.rating.source is not Source.SELF
    }
    newest = {one.key: one for one in sorted(found, key=lambda one: one.on)}
    return tuple(sorted(newest.values(), key=lambda one: (-one.on.toordinal(), one.key)))


def _examples(known: Known) -> tuple[Example, ...]:
    """Return what was seen, for the person alone; peers and reports stay unquoted."""
    told = {Source.SELF, Source.MANAGER, Source.OBSERVER}
    return tuple(
        Example(
            one.given.rating.source,
            known.framework.names.get(one.given.rating.dimension, one.given.rating.dimension),
            one.given.rating.score or 0.0,
            one.example,
            one.given.rating.given_at.date(),
        )
        for one in reversed(known.evidence)
        if one.example and one.given.rating.source in told and one.withdrawn_at is None
    )


def _stays(known: Known, on: date) -> list[Stay]:
    """Return the levels somebody has left behind, with what was known on the last day of each."""
    found: list[Stay] = []
    stands = known.stands
    for place, stand in enumerate(stands):
        following = stands[place + 1] if place + 1 < len(stands) else None
        if following is None or following.level is stand.level or following.from_on > on:
            continue
        last = stand.until_on - timedelta(days=1)
        counts = counts_of(known.lines_on(last, _end_of(last)))
        found.append(Stay(stand.level, stand.from_on, stand.until_on, counts))
    return found


def _points(known: Known, on: date) -> tuple[Point, ...]:
    """Return what was known after each month in which something new was shown."""
    days = {one.given.opens_on for one in known.evidence if one.given.opens_on <= on}
    days = {day for day in days if _is_news(known, day)}
    by_month: dict[tuple[int, int], date] = {}
    for day in sorted(days):
        by_month[day.year, day.month] = day
    found: list[Point] = []
    for day in by_month.values():
        profile = known.profile_on(day, _end_of(day))
        level = known.level_on(day, _end_of(day))
        scores = {
            code: one.others for code, one in profile.dimensions.items() if one.others is not None
        }
        is_new = bool(found) and _rank(level) > _rank(found[-1].level)
        is_of_level = known.is_of_level(day, _end_of(day))
        found.append(Point(day, level, profile.overall.score, scores, is_new, is_of_level))
    return tuple(found)


def _is_news(known: Known, day: date) -> bool:
    """Tell whether something was first shown on a day; what was held back is no news."""
    shown = known.shown_on(day, _end_of(day))
    return any(one.given.opens_on == day for one in shown)


def _rank(level: Level) -> int:
    return list(Level).index(level)


def _end_of(day: date) -> datetime:
    return datetime.combine(day, LAST_MOMENT, tzinfo=UTC)


def _other_level(known: Known, level: Level, on: date) -> str:
    """Say that scores were given by other anchors, so that a drop is no mystery."""
    told = [one for one in known.shown_on(on) if one.given.rating.source not in ANONYMOUS]
    if not any(one.level is not level for one in told):
        return ""
    return (
        "Some ratings were given before, by what is expected of another level. They count until "
        "newer ones of the same raters take their place."
    )


def _comments(employee_id: int, seen: Select[int] | None) -> tuple[Comment, ...]:
    rows = db.session.execute(
        select(AssessmentComment, Assessment.assessed_on)
        .outerjoin(Assessment, Assessment.id == AssessmentComment.assessment_id)
        .where(
            AssessmentComment.subject_id == employee_id,
            *within(AssessmentComment.subject_id, seen),
        )
        .order_by(AssessmentComment.made_at.desc())
    )
    return tuple(
        Comment(
            row.id,
            row.source,
            given_on,
            row.kind,
            row.text,
            row.made_at,
            row.answer,
            row.answered_at,
            row.outcome,
        )
        for row, given_on in rows
    )

"""Where a person stands: the page of their aptitude, now and as it was known at each time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from aptitude.queries.course import moves, points, since_last, stays
from aptitude.queries.known import Known, last_seen
from aptitude.queries.records import Comment, Record, end_of, new_answer, record_of
from aptitude.queries.versions import Version
from aptitude.rules.correcting import basis_of
from aptitude.rules.course import Point, Row, Rung, change_words, ladder, rows_of
from aptitude.rules.levels import level_words
from aptitude.rules.own_words import corrected_words, used_words
from aptitude.rules.profile_words import (
    headline,
    older_words,
    other_level_words,
    overall_words,
)
from aptitude.rules.profiles import (
    Counts,
    Line,
    counts_of,
    lines_of,
    next_level,
    weakest,
)
from aptitude.rules.scores import Profile, Score
from aptitude.rules.sources import ANONYMOUS, Source, newest_of_each
from aptitude.rules.words import ContestOutcome
from core.headers import listed
from core.words import day
from people.rules.access import Viewer
from people.rules.levels import Level

MOST_POINTS = 8


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
    """An assessment that is in the figures; peers and reports are one each, never told apart.

    Attributes:
        place: Which of those of the person it is, peers and reports not counted: the number of an
            assessment would tell how many others were written before it.
    """

    source: Source
    assessment_id: int | None
    on: date
    place: int | None = None

    @property
    def key(self) -> str:
        """Return it as a form sends it: "manager-2", "peer"."""
        number = "" if self.place is None else f"-{self.place}"
        return f"{self.source.value}{number}"


@dataclass(frozen=True)
class AptitudePage:
    """Everything that is known of a person's aptitude.

    Attributes:
        evidence_to: The last day others said something that is in a figure; None for nothing.
        is_own: It speaks to the person; otherwise of them.
        overall_words: On what the overall figure rests, or why there is none.
        error_words: What the bands of uncertainty rest on.
        corrected_words: The overall figure with and without the severity of its raters; empty
            where that is not known.
        other_level_words: A note where scores were given by the anchors of another level.
        owed: The dimensions on which a duty of the company is open.
        older_words: Which figures of the manager are older than the newest.
        level_words: Which required dimensions hold the level back.
        history: The points with the changes of level between them.
        since_words: Why the page reads otherwise than the last of them; empty where it does not.
        new_answer: What they wrote and HR answered lately.
        next_level: The rung above; None at the top.
        next_lines: What is known against the targets of that rung.
    """

    employee_id: int
    name: str
    job_title: str | None
    unit: str | None
    level: Level
    framework: Version
    evidence_to: date | None
    headline: str
    owed: tuple[str, ...]
    lines: tuple[Line, ...]
    counts: Counts
    overall: Score | None
    overall_words: str
    level_words: str
    weakest: tuple[Line, ...]
    sources: tuple[SourceLine, ...]
    older_words: str
    sayings: tuple[Saying, ...]
    examples: tuple[Example, ...]
    rungs: tuple[Rung, ...]
    points: tuple[Point, ...]
    history: tuple[Row, ...]
    since_words: str
    is_own: bool
    progress: str
    comments: tuple[Comment, ...]
    new_answer: Comment | None
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
    return page_of(record_of(employee_id, viewer, on), on)


def past_page(employee_id: int, viewer: Viewer, day: date, on: date) -> AptitudePage:
    """Return the page as it was at the end of a day.

    Args:
        employee_id: Whose.
        viewer: Who looks.
        day: The day of the past.
        on: The day they look: it decides whom they see.

    Raises:
        NotFoundError: As for `aptitude_page`.
    """
    return page_of(record_of(employee_id, viewer, on).as_of(end_of(day)), day)


def page_of(record: Record, on: date) -> AptitudePage:
    """Return the page of a day; of a past one from the log as it was then."""
    known, called = record.known, record.called
    profile, lines = known.profile_on(on), known.lines_on(on)
    level, stand = known.level_on(on), known.stand_on(on)
    counts, known_then = counts_of(lines), points(known, on)
    shown, sayings = known_then[-MOST_POINTS:], _sayings(known, on)
    return AptitudePage(
        employee_id=record.employee_id,
        name=record.name,
        job_title=stand.job_title if stand else None,
        unit=stand.unit if stand else None,
        level=level,
        framework=known.framework,
        evidence_to=last_seen(known, on),
        headline=headline(lines, level, called, record.owed),
        owed=record.owed,
        lines=lines,
        counts=counts,
        overall=profile.overall.score,
        overall_words=overall_words(profile.overall, lines, "the person" if called else "yourself"),
        level_words=level_words(lines),
        weakest=tuple(weakest(lines)),
        sources=_sources(profile, known, on),
        older_words=older_words(
            [one.given.rating for one in known.shown_on(on)], known.framework.names
        ),
        sayings=sayings,
        examples=() if called else _examples(known),
        rungs=ladder(level, counts, stays(known, on), "their" if called else "your"),
        points=shown,
        history=rows_of(shown, moves(known, on)),
        since_words=since_last(known, known_then, on),
        is_own=not called,
        progress=change_words(known_then, level),
        comments=tuple(_with_what_counts(one, sayings) for one in record.comments),
        new_answer=new_answer(record.comments, on),
        other_level_words=other_level_words(
            [(one.given.rating, one.level) for one in known.shown_on(on)], level
        ),
        next_level=next_level(level),
        next_lines=_next_lines(known, profile, level, on),
        error_words=used_words(known.errors.sem_at(None)),
        corrected_words=_corrected_words(record, profile, on),
    )


def _corrected_words(record: Record, profile: Profile, on: date) -> str:
    if not record.corrected:
        return ""
    ratings = [one.given.rating for one in record.known.shown_on(on)]
    basis = basis_of(newest_of_each(ratings), record.known.framework.names)
    return corrected_words(profile.overall.score, record.corrected[-1][1], basis)


def _next_lines(known: Known, profile: Profile, level: Level, on: date) -> tuple[Line, ...]:
    above = next_level(level)
    if above is None:
        return ()
    return lines_of(profile, known.framework.named, known.targets.targets_of(above, None, on))


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


def _with_what_counts(one: Comment, sayings: Sequence[Saying]) -> Comment:
    """Say beside an answer that set something aside what of its source counts now."""
    if one.outcome is not ContestOutcome.SET_ASIDE:
        return one
    days = sorted({said.on for said in sayings if said.source is one.source})
    if not days:
        words = "Nothing of this source counts now."
    elif one.source is Source.MANAGER:
        words = f"What counts of this source now was said on {listed([*map(day, days)])}."
    else:
        words = "What they said apart from that counts now."
    return replace(one, counts_now=words)


def _sayings(known: Known, on: date) -> tuple[Saying, ...]:
    """Return what others said that the person can comment on, the newest first."""
    told = {one.assessment_id for one in known.evidence if one.given.rating.source not in ANONYMOUS}
    places = {id_: place for place, id_ in enumerate(sorted(told), 1)}
    found = {
        Saying(source, None, one.given.opens_on)
        if (source := one.given.rating.source) in ANONYMOUS
        else Saying(source, one.assessment_id, one.given.opens_on, places[one.assessment_id])
        for one in known.shown_on(on)
        if one.given.rating.source is not Source.SELF
    }
    newest = {one.key: one for one in sorted(found, key=lambda one: one.on)}
    return tuple(sorted(newest.values(), key=lambda one: (-one.on.toordinal(), one.key)))


def _examples(known: Known) -> tuple[Example, ...]:
    """Return what others saw, for the person alone; peers and reports stay unquoted."""
    told = {Source.MANAGER, Source.OBSERVER}
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

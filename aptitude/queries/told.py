"""What a scenario test came to: the feedback its taker gets once it is handed in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from aptitude.models.scenarios import ScenarioAnswer, ScenarioSitting
from aptitude.queries.scenarios import Key, ScenarioPage, Value, keys_by_id, scenario_pages
from aptitude.queries.versions import find_framework_book
from aptitude.rules.closeness import Closeness, by_dimension, closeness_of, closeness_words
from aptitude.rules.words import KeySource
from core.db import db
from people.rules.levels import Level

EXPERTS, AUTHORS = "the experts", "the authors"


@dataclass(frozen=True)
class ToldOption:
    """An option with what the person, and what the key said of it."""

    letter: str
    text: str
    reason: str
    own: int | None
    value: Value | None


@dataclass(frozen=True)
class Told:
    """A situation with the feedback on it."""

    place: int
    title: str
    situation: str
    channel: str
    dimensions: tuple[str, ...]
    options: tuple[ToldOption, ...]
    score: float | None
    key_number: int | None
    judges: str
    is_calibrated: bool
    words: str


@dataclass(frozen=True)
class DoneTest:
    """A test that was handed in, with what it came to.

    Attributes:
        dimensions: By name; None where fewer than two situations speak to it.
        uncalibrated: How many situations were scored by what authors expect, not by experts.
    """

    id: int
    submitted_at: datetime
    level: Level
    overall: Closeness | None
    dimensions: Mapping[str, Closeness | None]
    told: tuple[Told, ...]
    uncalibrated: int


def ratings_of(answer: ScenarioAnswer | None) -> dict[int, int]:
    """Return what an answer says, by option."""
    return {} if answer is None else {int(one): int(said) for one, said in answer.ratings.items()}


def done_test(
    row: ScenarioSitting, submitted_at: datetime, answers: Mapping[int, ScenarioAnswer]
) -> DoneTest:
    """Return what a test came to, by the framework of the day it was handed in."""
    keys = keys_by_id(db.session, [one.key_id for one in answers.values() if one.key_id])
    pages = scenario_pages(row.drawn, with_keys=False)
    told = tuple(
        _told(place, page, answers.get(page.id), keys) for place, page in enumerate(pages, start=1)
    )
    book = find_framework_book()
    names = book.as_of(submitted_at).in_force.names if book else {}
    scored = [(one.dimensions, one.score) for one in told if one.score is not None]
    found = by_dimension(scored, list(names))
    return DoneTest(
        row.id,
        submitted_at,
        row.level,
        closeness_of([score for _, score in scored]),
        {names[code]: one for code, one in found.items()},
        told,
        sum(1 for one in told if one.score is not None and not one.is_calibrated),
    )


def _told(
    place: int, page: ScenarioPage, answer: ScenarioAnswer | None, keys: Mapping[int, Key]
) -> Told:
    ratings = ratings_of(answer)
    key = keys.get(answer.key_id) if answer and answer.key_id else None
    is_calibrated = key is not None and key.source is KeySource.PANEL
    judges = EXPERTS if is_calibrated else AUTHORS
    score = answer.score if answer else None
    return Told(
        place,
        page.title,
        page.situation,
        page.channel,
        page.dimensions,
        _told_options(page, ratings, key),
        score,
        key.number if key else None,
        judges,
        is_calibrated,
        closeness_words(score, judges),
    )


def _told_options(
    page: ScenarioPage, ratings: Mapping[int, int], key: Key | None
) -> tuple[ToldOption, ...]:
    values = key.values if key else {}
    return tuple(
        ToldOption(one.letter, one.text, one.reason, ratings.get(one.id), values.get(one.id))
        for one in page.options
    )

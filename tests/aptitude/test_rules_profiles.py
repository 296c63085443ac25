"""The words of a profile are true for every value, its band included."""

from datetime import date

import pytest

from aptitude.rules.asking import RatingDraft, Stands, check_ratings, check_stands
from aptitude.rules.course import Point, change_words, ladder
from aptitude.rules.profiles import (
    Counts,
    Line,
    State,
    Target,
    counts_of,
    headline,
    level_standing,
    level_words,
    missing_words,
    state_of,
    weakest,
)
from aptitude.rules.scores import DimensionScores, Overall, Profile, Score
from aptitude.rules.sources import Source
from core.errors import RefusedError
from people.rules.levels import Level

TARGET = Target(3.5, True, 3.0, date(2026, 1, 1))


def line(code: str, mean: float | None, error: float = 0.1, *, raters: int = 4, required=True):
    score = None if mean is None else Score(mean, raters, error)
    target = Target(3.5, required, 3.0, date(2026, 1, 1))
    return Line(code, f"Name {code}", "", target, score, None, state_of(score, target))


@pytest.mark.parametrize(
    ("score", "state"),
    [
        (None, State.UNKNOWN),
        (Score(5.0, 1, None), State.ONE),
        (Score(3.5, 4, 0.0), State.AT),
        (Score(3.69, 4, 0.1), State.UNCLEAR),  # 3.69 - 0.196 = 3.494
        (Score(3.70, 4, 0.1), State.AT),
        (Score(3.31, 4, 0.1), State.UNCLEAR),  # 3.31 + 0.196 = 3.506
        (Score(3.30, 4, 0.1), State.BELOW),
    ],
)
def test_a_state_is_true_for_the_whole_band(score, state):
    assert state_of(score, TARGET) is state


def test_the_headline_counts_and_names_what_comes_next():
    lines = [
        line("D1", 4.5),
        line("D2", 3.5, 0.2),
        line("D3", 2.0),
        line("D4", 2.5),
        line("D5", None),
    ]

    assert counts_of(lines) == Counts(met=1, unclear=1, below=2, unknown=1, all=5)
    assert headline(lines, Level.MANAGER) == (
        "You clearly meet one of five manager targets. "
        "Name d3 and name d4 come next, and the company owes both to you."
    )
    assert (
        headline([line("D1", 4.5)], Level.SENIOR, "Ana")
        == "Ana clearly meets all one senior targets."
    )
    assert headline([line("D1", None)], Level.SENIOR, "Ana").startswith("Ana has not been assessed")
    single = [line("D1", 4.0, raters=1), line("D2", None)]
    assert headline(single, Level.SENIOR) == (
        "One rater so far on one of your two senior dimensions: it takes two to tell where "
        "somebody stands."
    )


def test_required_dimensions_come_first_then_the_widest_gap():
    lines = [line("D1", 1.0, required=False), line("D2", 3.0), line("D3", 2.0), line("D4", 4.0)]

    assert [one.code for one in weakest(lines)] == ["D3", "D2", "D1"]


def test_the_ladder_has_one_here_and_five_rungs():
    rungs = ladder(Level.TEAM_LEAD, Counts(2, 3, 2, 0, 7), [])

    assert [rung.kind for rung in rungs] == ["held", "held", "here", "open", "open"]
    assert rungs[2].words == "2 met, 3 too close to tell, 2 below"
    assert rungs[3].words == "next; a person decides, not a score"


def change(*points: Point) -> str:
    return change_words(points, Level.SENIOR)


def point(
    mean: float, error: float | None, level: Level = Level.SENIOR, *, month: int = 1, pure=True
) -> Point:
    on = date(2026, month, 1)
    return Point(on, level, Score(mean, 4, error), is_of_level=pure)


def test_a_change_is_one_only_beyond_what_can_be_detected():
    # 1.96 * sqrt(0.2² + 0.2²) = 0.554
    assert change(point(3.0, 0.2), point(3.5, 0.2)) == (
        "Not yet something to rely on: +0.5 since 1 January 2026 lies within the smallest "
        "detectable change of 0.6."
    )
    assert change(point(3.0, 0.2), point(3.6, 0.2)) == (
        "Yes: +0.6 since 1 January 2026 is more than the smallest detectable change of 0.6."
    )
    assert change(point(3.6, 0.2), point(3.0, 0.2)) == (
        "It has fallen: −0.6 since 1 January 2026 is more than the smallest detectable change "
        "of 0.6."
    )
    assert change(point(3.0, None), point(4.0, 0.2)).startswith("+1.0 since 1 January 2026; how")
    assert "not two overall figures" in change(point(3.0, 0.2))


def test_a_change_is_told_on_one_ladder_alone():
    front, mixed = point(4.0, 0.1, Level.FRONTLINE), point(3.9, 0.1, month=2, pure=False)
    senior = point(3.0, 0.1, month=3)

    assert "not two overall figures" in change(front, senior)
    assert "not two overall figures" in change(front, mixed, senior)
    assert change(front, mixed, senior, point(3.5, 0.1, month=4)).startswith(
        "Yes: +0.5 since 1 March 2026"
    )


def test_the_lowest_required_dimension_that_two_have_seen_decides_against_its_floor():
    def floored(code: str, mean: float | None, floor: float, raters: int = 2) -> Line:
        score = None if mean is None else Score(mean, raters, 0.1)
        target = Target(4.5, True, floor, date(2026, 1, 1))
        return Line(code, f"Name {code}", "", target, score, None, state_of(score, target))

    def words(*lines: Line) -> str:
        scores = {one.code: DimensionScores({}, one.score) for one in lines}
        return level_words(level_standing(Profile(scores, Overall(None, 0, 5)), lines), lines)

    assert words(floored("D1", 3.4, 4.0), floored("D2", 3.0, 2.5)) == (
        "Below what this level takes: Name D1 (3.4, where it takes 4.0)."
    )
    assert words(floored("D1", 3.4, 4.0), floored("D2", 1.0, 2.5, 1), floored("D3", None, 2.0)) == (
        "Below what this level takes: Name D1 (3.4, where it takes 4.0). "
        "Two raters are still missing on Name D2; Name D3."
    )
    assert words(floored("D1", 4.0, 4.0)) == "Each of them reaches what this level takes."


def test_one_rater_is_neither_nothing_nor_enough():
    ones = [line(code, 2.0, raters=1) for code in ("D1", "D2")]
    assert counts_of(ones) == Counts(met=0, unclear=0, below=0, unknown=0, all=2, one=2)
    assert counts_of(ones).words == "2 seen by one rater"
    assert headline(ones, Level.SENIOR) == (
        "One rater so far on two of your two senior dimensions: it takes two to tell where "
        "somebody stands."
    )
    assert headline([*ones, line("D3", None)], Level.SENIOR, "Ana").startswith(
        "One rater so far on two of Ana’s three senior dimensions"
    )
    # Six are met, the seventh was seen by one alone: no duty opens, so none is promised.
    met = [line(f"D{n}", 4.5) for n in range(1, 7)]
    assert headline([*met, line("D7", 2.0, raters=1)], Level.SENIOR) == (
        "You clearly meet six of seven senior targets. On one there is too little evidence to tell."
    )


def test_what_is_missing_is_said_without_a_verdict():
    assert missing_words(line("D1", None)) == "Nobody has seen it yet: two raters are missing."
    assert missing_words(line("D1", 2.5)) == "1.0 is missing."
    assert missing_words(line("D1", 3.4)) == "Too close to tell: 0.1 below the target."
    assert missing_words(line("D1", 4.0)) == "Reached, as far as can be measured."
    assert missing_words(line("D1", 4.0, raters=1)) == "One rater so far: another one is missing."


NAMES = {"D1": "Noticing", "D2": "Warmth"}


@pytest.mark.parametrize(
    ("drafts", "field", "words"),
    [
        ([RatingDraft("D1", 30)], None, "Choose a level or “not observed” for Warmth."),
        ([RatingDraft("D1", None), RatingDraft("D2", None)], None, "Nothing was observed"),
        ([RatingDraft("D1", 10, "bad"), RatingDraft("D2", 30)], "example-D1", "shows a 1"),
        ([RatingDraft("D1", 33), RatingDraft("D2", 30)], "score-D1", "choose a half level"),
        ([RatingDraft("D1", 30), RatingDraft("D2", 30), RatingDraft("D9", 30)], None, "replaced"),
    ],
)
def test_what_cannot_be_said_is_refused_at_its_field(drafts, field, words):
    with pytest.raises(RefusedError, match=words) as refusal:
        check_ratings(drafts, NAMES)

    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("source", "stands"),
    [
        (Source.SELF, Stands(same=False, manages=False, below=False)),
        (Source.PEER, Stands(same=True, manages=False, below=False)),
        (Source.MANAGER, Stands(same=False, manages=False, below=True)),
        (Source.REPORT, Stands(same=False, manages=True, below=False)),
        (Source.PEER, Stands(same=False, manages=True, below=False)),
        (Source.SCENARIO, Stands(same=False, manages=True, below=False)),
    ],
)
def test_a_rater_stands_to_the_person_as_is_said(source, stands):
    with pytest.raises(RefusedError):
        check_stands(source, stands)

"""The words of a profile are true for every value, its band included."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aptitude.rules.asking import RatingDraft, Stands, check_ratings, check_stands
from aptitude.rules.certainty import beside, gap_text, told_apart
from aptitude.rules.course import Point, change_words, ladder
from aptitude.rules.levels import level_check, level_words
from aptitude.rules.profile_words import headline, missing_words, training_words
from aptitude.rules.profiles import (
    Counts,
    Line,
    State,
    Target,
    counts_of,
    state_of,
    weakest,
)
from aptitude.rules.scores import Score
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
        "You clearly meet one of five manager targets. Name d3 and name d4 come next."
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


def owing(*codes: str, name: str = "") -> str:
    """The headline of two that are surely below, one too close to tell and one nobody has seen."""
    lines = [line("D1", 4.5), line("D2", 3.5), line("D3", 2.0), line("D4", 2.5), line("D5", None)]
    return headline(lines, Level.MANAGER, name, codes).removeprefix(
        f"{name or 'You'} clearly {'meets' if name else 'meet'} one of five manager targets. "
    )


def test_the_headline_names_how_much_the_company_owes():
    assert owing("D3", "D4") == "Name d3 and name d4 come next, and the company owes both to you."
    assert owing("D2", "D3", "D4", name="Ana") == (
        "Name d3 and name d4 come next; the company owes them training on three dimensions."
    )
    assert owing("D3") == (
        "Name d3 and name d4 come next; the company owes you training on one dimension."
    )
    assert headline([line("D1", 2.0), line("D2", 4.5)], Level.SENIOR, owed=["D1"]) == (
        "You clearly meet one of two senior targets. "
        "Name d1 comes next, and the company owes it to you."
    )


def test_what_is_too_close_to_tell_is_called_so_and_never_comes_next():
    """Five raters each: that is no lack of evidence."""
    close = [line("D1", 3.4, raters=5), line("D2", 3.45, raters=5), line("D3", 4.5)]

    assert headline(close, Level.SENIOR, owed=["D1", "D2"]) == (
        "You clearly meet one of three senior targets. Two are too close to tell. "
        "The company owes you training on two dimensions."
    )
    assert headline([*close, line("D4", None)], Level.SENIOR) == (
        "You clearly meet one of four senior targets. "
        "Two are too close to tell, and on one too few have spoken."
    )


def test_what_is_surely_below_comes_first_then_what_is_required():
    lines = [line("D1", 1.0, required=False), line("D2", 3.0), line("D3", 2.0), line("D4", 4.0),
             line("D5", 3.4), line("D6", 1.0, raters=1)]  # fmt: skip

    assert [one.code for one in weakest(lines)] == ["D3", "D2", "D1", "D5", "D6"]
    # 2.9 ± 0.98 may be anything, 3.0 ± 0.2 lies surely below 3.5: how far is told by the band.
    assert [one.code for one in weakest([line("D1", 2.9, 0.5), line("D2", 3.0)])] == ["D2", "D1"]


def test_what_holds_the_level_back_comes_before_what_is_farther_below_a_target():
    """A higher target alone makes a dimension no weaker than one that misses the least."""
    high = Target(4.5, True, 2.0, date(2026, 1, 1))
    score = Score(3.0, 4, 0.1)
    charity = Line("D1", "Charity", "", high, score, None, state_of(score, high))
    ownership = line("D2", 2.5)  # of 3.5, and the level takes 3.0

    assert weakest([charity, ownership]) == [ownership, charity]
    assert training_words(ownership, is_first=True) == (
        "Trains Name D2, the required dimension farthest below the least the level takes: "
        "2.5 against 3.0."
    )
    assert training_words(charity, is_first=True) == (
        "Trains Charity, the required dimension farthest below its target: 3.0 against 4.5."
    )
    assert training_words(line("D3", 3.46), is_first=True) == (
        "Trains Name D3: 3.46 against 3.5, too close to tell."
    )


def test_the_ladder_has_one_here_and_five_rungs():
    rungs = ladder(Level.TEAM_LEAD, Counts(2, 3, 2, 0, 7), [])

    assert [rung.kind for rung in rungs] == ["held", "held", "here", "open", "open"]
    assert (rungs[2].label, rungs[2].words) == (
        "Team lead, the level of your job",
        "targets: 2 met, 3 too close to tell, 2 below",
    )
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
        "Yes: +0.60 since 1 January 2026 is more than the smallest detectable change of 0.55."
    )
    assert change(point(3.6, 0.2), point(3.0, 0.2)) == (
        "It has fallen: −0.60 since 1 January 2026 is more than the smallest detectable change "
        "of 0.55."
    )
    assert change(point(3.0, None), point(4.0, 0.2)).startswith("+1.0 since 1 January 2026; how")
    assert "not two overall figures" in change(point(3.0, 0.2))


def test_a_change_is_told_on_one_ladder_alone():
    front, mixed = point(4.0, 0.1, Level.FRONTLINE), point(3.9, 0.1, month=2, pure=False)
    senior = point(3.0, 0.1, month=3)

    assert "not two overall figures" in change(front, senior)
    assert change(front, mixed, senior) == (
        "There are 2 overall figures on this level, but all but one of them hold ratings by what "
        "is expected of another level, so nothing can be said about a change yet."
    )
    assert change(front, mixed, senior, point(3.5, 0.1, month=4)).startswith(
        "Yes: +0.5 since 1 March 2026"
    )


def test_the_line_of_the_level_goes_by_the_band_as_the_badges_do():
    def floored(code: str, mean: float | None, floor: float, error=0.1, raters: int = 2) -> Line:
        score = None if mean is None else Score(mean, raters, error)
        target = Target(floor, True, floor, date(2026, 1, 1))
        return Line(code, f"Name {code}", "", target, score, None, state_of(score, target))

    surely, close = floored("D1", 2.7, 3.0), floored("D2", 2.94, 3.0, 0.153)
    assert (surely.state, close.state) == (State.BELOW, State.UNCLEAR)
    assert level_words([surely, close, floored("D3", 4.0, 3.0)]) == (
        "Below the least this level takes, 3.0: Name D1 (2.7). "
        "Too close to tell whether the least of 3.0 is reached: Name D2 (2.9)."
    )
    nearly = floored("D1", 2.96, 3.0, 0.01)
    assert level_words([nearly, floored("D2", 2.0, 3.0), floored("D3", 2.0, 2.5)]) == (
        "Below the least this level takes, 3.0: Name D2 (2.0); Name D1 (2.96). "
        "Below the least this level takes, 2.5: Name D3 (2.0)."
    )
    assert level_words([floored("D1", 1.0, 2.5, raters=1), floored("D2", None, 2.0)]) == (
        "It takes two raters, and they are not there yet: Name D1; Name D2."
    )
    assert level_words([floored("D1", 4.5, 4.0)]) == (
        "Every required dimension surely reaches the least this level takes."
    )
    # 3.2 of a target of 3.5, where the level takes 3.0: one below, and both sentences are true.
    assert level_words([line("D1", 3.2)]) == (
        "Every required dimension surely reaches the least this level takes; targets ask for more."
    )
    assert level_words([line("D1", 1.0, required=False)]) == ""


scores = st.none() | st.builds(
    Score, st.floats(1, 5), st.integers(1, 8), st.floats(0, 1), st.none() | st.floats(0, 2)
)
targets = st.builds(
    lambda value, floor, required: Target(value, required, floor, date(2026, 1, 1)),
    st.integers(20, 50).map(lambda tenths: tenths / 10),
    st.none() | st.just(2.0),
    st.booleans(),
)
profiles = st.lists(st.tuples(scores, targets), min_size=1, max_size=7).map(
    lambda found: [
        Line(f"D{n}", f"Name {n};", "", target, score, None, state_of(score, target))
        for n, (score, target) in enumerate(found)
    ]
)


def raised(lines: list[Line], at: int, score: Score) -> list[Line]:
    """The profile where one dimension is seen by as many, as surely, and not lower."""
    one = lines[at]
    best = replace(score, mean=max(score.mean, one.score.mean if one.score else 1.0))
    state = state_of(best, one.target)
    return [*lines[:at], replace(one, score=best, state=state), *lines[at + 1 :]]


@given(profiles, st.integers(0, 6), st.floats(1, 5))
def test_raising_one_dimension_never_shows_a_level_while_another_is_not_there(lines, at, mean):
    at %= len(lines)
    before = level_check(lines)
    after = level_check(raised(lines, at, Score(mean, 9, 0.0)))

    held = {one.code for one in (*before.below, *before.unclear, *before.unseen)}
    assert not (after.is_shown and held - {lines[at].code})
    assert not (before.is_shown and not after.is_shown)


@given(profiles)
def test_a_page_never_says_two_things_of_one_dimension(lines):
    """Badge, level line, headline, what comes next and what is missing go by one certainty."""
    found, told = level_check(lines), headline(lines, Level.SENIOR)
    by_least = {one.code for one in lines if one.target.least == one.target.value}
    states = {one.code: one.state for one in lines}

    for named, state in ((found.below, State.BELOW), (found.unclear, State.UNCLEAR),
                         (found.reached, State.AT)):  # fmt: skip
        assert {states[one.code] for one in named if one.code in by_least} <= {state}
    assert {states[one.code] for one in found.below} <= {State.BELOW}
    assert {one.code for one in found.unseen} == {
        one.code for one in lines if one.target.required and one.state in (State.ONE, State.UNKNOWN)
    }
    next_ones = [one for one in lines if f"ame {one.code[1:]};" in told]
    assert {one.state for one in next_ones} <= {State.BELOW}
    for one in lines:
        assert ("Too close to tell" in missing_words(one)) == (one.state is State.UNCLEAR)
        assert ("is missing." in missing_words(one)) == (one.state in (State.BELOW, State.ONE))
        assert ("too close to tell" in training_words(one, is_first=True)) == (
            one.state is State.UNCLEAR
        )


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
        "You clearly meet six of seven senior targets. On one too few have spoken."
    )


def test_no_two_figures_look_equal_that_are_not():
    assert [beside(mean, 3.0) for mean in (2.5, 2.96, 2.996, 3.0, 3.04)] == [
        "2.5", "2.96", "2.996", "3.0", "3.04",
    ]  # fmt: skip
    assert told_apart(0.6, 0.554) == ("0.60", "0.55")
    assert told_apart(0.6, 0.4) == ("0.6", "0.4")
    assert [gap_text(gap) for gap in (0.5, -0.04, 0.004)] == ["0.5", "0.04", "0.004"]


def test_what_is_missing_is_said_without_a_verdict():
    assert missing_words(line("D1", None)) == "Nobody has seen it yet: two raters are missing."
    assert missing_words(line("D1", 2.5)) == "1.0 is missing."
    assert missing_words(line("D1", 3.4)) == "Too close to tell: 0.1 below the target."
    assert missing_words(line("D1", 3.53)) == "Too close to tell: 0.03 above the target."
    assert missing_words(line("D1", 3.5)) == "Too close to tell: just at the target."
    assert missing_words(line("D1", 3.46, 0.0)) == "0.04 is missing."
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


def is_taken(tenths: int | None, example: str = "") -> bool:
    """Tell whether the form takes a score of one dimension of two."""
    try:
        check_ratings([RatingDraft("D1", tenths, example), RatingDraft("D2", 30)], NAMES)
    except RefusedError:
        return False
    return True


def test_scores_are_half_levels_and_their_ends_need_an_example():
    halves = [10, 15, 20, 25, 30, 35, 40, 45, 50]

    assert [one for one in range(60) if is_taken(one, "Stayed until it was mended.")] == halves
    assert [one for one in (*halves, None) if not is_taken(one)] == [10, 50]


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

"""Whatever a file holds, its figures are finite and each that is missing has a reason."""

import math
from dataclasses import asdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aptitude.rules.analysis import analyse
from aptitude.rules.further import Further, further
from aptitude.rules.rating_files import ReadFile, ratings_of, score_from_text
from core.errors import ValueProblem

REASON = {"sd": "SD:", "icc2": "ICC:", "alpha": "alpha:", "sem": "SEM:"}

scores = st.one_of(
    st.integers(2, 10).map(lambda halves: halves / 2),
    st.sampled_from([0.1, -1e6, 1e6, 0.0, 1e-9]),
    st.integers(0, 1).map(lambda step: 1e6 + step / 1000),
)
keys = st.tuples(
    st.sampled_from(["P1", "P2", "P3", "P4"]),
    st.sampled_from(["A", "B", "C"]),
    st.sampled_from(["D1", "D2", "D3"]),
)


def file_of(given_scores: dict[tuple[str, str, str], float]) -> ReadFile:
    names = tuple(sorted({key[2] for key in given_scores}))
    ratings = ratings_of(given_scores.items())
    return ReadFile(True, rows=len(given_scores), dimensions=names, ratings=ratings)


@settings(max_examples=100)
@given(st.dictionaries(keys, scores, min_size=1, max_size=36) | st.fixed_dictionaries(
    {(f"P{p}", r, f"D{d}"): scores for p in (1, 2, 3) for r in "AB" for d in (1, 2)}))  # fmt: skip
def test_every_figure_is_finite_or_has_a_reason(given_scores):
    found = analyse(file_of(given_scores))

    for part in (found.overall, *found.dimensions.values()):
        values = {name: value for name, value in asdict(part).items() if name != "notes"}
        assert all(value is None or math.isfinite(value) for value in values.values())
        assert part.alpha is None or part.alpha_low <= part.alpha <= part.alpha_high <= 1
        for name, word in REASON.items():
            if values[name] is None:
                assert any(note.startswith(word) for note in part.notes), (name, part.notes)
    severities = [one.severity for one in found.raters.values()]
    assert all(one is None or math.isfinite(one) for one in severities)
    assert (None in severities) == (not found.connected or len(severities) == 1)
    more_is_finite_or_has_a_reason(further(file_of(given_scores), connected=found.connected))


def more_is_finite_or_has_a_reason(found: Further) -> None:
    parts = [
        (found.overall, {"omega": "omega:", "krippendorff_interval": "Krippendorff:"}),
        (found.rwg, {"mean": "rwg(j):"}),
        (found.facets, {"raters": "Rasch:"}),
        *((one, {"kappa": "kappa:", "krippendorff_ordinal": "Krippendorff:"})
          for one in found.dimensions.values()),
    ]  # fmt: skip
    for part, reasons in parts:
        values = asdict(part)
        notes = values.pop("notes")
        numbers = [value for value in values.values() if isinstance(value, float)]
        assert all(math.isfinite(value) for value in numbers)
        for name, word in reasons.items():
            if values[name] is None:
                assert any(note.startswith(word) for note in notes), (name, notes)


HALF_EMPTY = """
    P0 A D0 5 | P0 A D3 3 | P0 A D4 3.5 | P1 A D0 3.5 | P1 A D3 3 | P2 A D1 5 | P3 A D3 4.5
    P4 A D0 3.5 | P5 A D0 3.5 | P5 A D3 2.5 | P6 A D0 2.5 | P6 A D2 3.5 | P6 A D4 2.5 | P7 A D0 1
    P7 A D1 1 | P7 A D2 1.5 | P7 A D3 1 | P7 A D4 1 | P8 A D1 1.5 | P8 A D2 2.5 | P8 A D3 1.5
    P9 A D0 1.5 | P9 A D1 1 | P9 A D4 1 | P10 A D0 4.5 | P10 A D1 3.5 | P10 A D2 4.5 | P10 A D3 4
    P10 A D4 4 | P11 A D1 2 | P11 A D3 1.5
"""


def test_half_empty_dimensions_whose_pairs_contradict_each_other_have_no_alpha():
    """By pairs alpha would be 1.027, from 1.163 to 1.001, and the error of a score 0."""
    rows = [cell.split() for cell in HALF_EMPTY.replace("\n", "|").split("|") if cell.strip()]
    found = analyse(file_of({(p, r, d): float(score) for p, r, d, score in rows})).overall

    assert [found.alpha, found.alpha_low, found.alpha_high, found.sem, found.mdc95] == [None] * 5
    assert [note for note in found.notes if note.startswith("alpha:")] == [
        "alpha: each pair of dimensions was scored for other persons, and what the pairs say"
        " contradicts each other; it takes persons with scores on most dimensions."
    ]


half_empty = st.dictionaries(
    st.tuples(
        st.integers(0, 7).map("P{}".format), st.just("A"), st.sampled_from(["D1", "D2", "D3"])
    ),
    st.integers(2, 10).map(lambda halves: halves / 2),
    min_size=12,
)


@given(half_empty)
def test_alpha_lies_within_its_interval_and_below_one(given_scores):
    found = analyse(file_of(given_scores)).overall

    assert found.alpha is None or found.alpha_low <= found.alpha <= found.alpha_high <= 1


@pytest.mark.parametrize(
    ("text", "score"),
    [("4", 4.0), ("3.5", 3.5), ("3,5", 3.5), ("−1", -1.0), ("", None), ("Not observed", None),
     ("not_observed", None), ("NaN", None), ("N/A", None), ("–", None)],
)  # fmt: skip
def test_scores_as_people_write_them(text, score):
    assert score_from_text(text) == score


@pytest.mark.parametrize("text", ["good", "inf", "1_000", "4 of 5", "2000000", "1,000.5", "four"])
def test_what_is_no_score_is_refused(text):
    with pytest.raises(ValueProblem, match="no number"):
        score_from_text(text)

"""Whatever a file holds, its figures are finite and each that is missing has a reason."""

import math
from dataclasses import asdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aptitude.rules.analysis import analyse
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
        for name, word in REASON.items():
            if values[name] is None:
                assert any(note.startswith(word) for note in part.notes), (name, part.notes)
    severities = [one.severity for one in found.raters.values()]
    assert all(one is None or math.isfinite(one) for one in severities)
    assert (None in severities) == (not found.connected or len(severities) == 1)


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

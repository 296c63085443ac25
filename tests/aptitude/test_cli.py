"""`flask aptitude analyse`: the figures of a file of ratings, or why there are none."""

import json
import resource
import time
from collections.abc import Iterable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from app import create_app
from tests.aptitude.tables import ATTITUDE_ITEMS, SHROUT_FLEISS, attitude, facets

HEADER = "person,rater,source,dimension,score\n"
FIGURES = [
    "persons", "raters", "mean", "sd", "alpha", "alpha_low", "alpha_high",
    "icc1", "icc2", "icc3", "icc1k", "icc2k", "icc3k", "sem", "mdc95", "notes",
]  # fmt: skip

Line = tuple[object, ...]
SHROUT_LINES: list[Line] = [
    (f"P{person}", f"J{judge}", "manager", "service", score)
    for person, scores in enumerate(SHROUT_FLEISS, 1)
    for judge, score in enumerate(scores, 1)
]


@pytest.fixture(scope="module")
def plain() -> Flask:
    return create_app({"SQLALCHEMY_DATABASE_URI": "sqlite://"})


@pytest.fixture
def analyse(plain: Flask, tmp_path: Path):
    """Write a file and analyse it."""

    def run(content: str | Iterable[Line], *options: str) -> Result:
        if not isinstance(content, str):
            content = HEADER + "".join(",".join(map(str, line)) + "\n" for line in content)
        path = tmp_path / "ratings.csv"
        path.write_text(content, encoding="utf-8")
        return plain.test_cli_runner().invoke(args=["aptitude", "analyse", str(path), *options])

    return run


@pytest.fixture
def figures(analyse):
    """Return the answer in JSON, whose numbers are all finite."""

    def run(content: str | Iterable[Line], exit_code: int = 0):
        result = analyse(content, "--format", "json")
        assert result.exit_code == exit_code, result.output

        def never(name: str) -> None:
            raise AssertionError(f"{name} is no JSON")

        return json.loads(result.stdout, parse_constant=never)

    return run


def near(value: float, places: float = 1e-6) -> object:
    return pytest.approx(value, abs=places)


def test_the_answer_has_the_promised_shape_and_the_published_figures(figures):
    found = figures(SHROUT_LINES)

    assert list(found) == ["overall", "dimensions", "raters", "connected"]
    service = found["dimensions"]["service"]
    assert list(found["overall"]) == list(service) == FIGURES
    assert (service["persons"], service["raters"], service["mean"]) == (6, 4, near(127 / 24))
    assert {name: service[name] for name in FIGURES if name.startswith("icc")} == {
        "icc1": near(0.165742),
        "icc2": near(0.289764),
        "icc3": near(0.714841),
        "icc1k": near(0.442797),
        "icc2k": near(0.620051),
        "icc3k": near(0.909316),
    }
    assert (service["sem"], service["mdc95"]) == (near(1.009675), near(2.798677))
    assert service["alpha"] is None
    assert any(note.startswith("alpha:") for note in service["notes"])
    assert found["connected"] is True
    assert found["raters"]["J2"] == {"n": 6, "mean": 2.5, "severity": near(2.791667)}
    assert sum(one["severity"] for one in found["raters"].values()) == near(0)


def test_items_of_one_rater_give_alpha_and_the_error_from_it(figures):
    lines = [(f"P{at}", "Lee", "manager", item, score)
             for at, row in enumerate(attitude())
             for item, score in zip(ATTITUDE_ITEMS, row, strict=True)]  # fmt: skip

    overall = figures(lines)["overall"]

    assert (overall["alpha"], overall["sd"]) == (near(0.843143), near(8.24979, 1e-5))
    assert (overall["alpha_low"], overall["alpha_high"]) == (near(0.739376), near(0.915773))
    assert (overall["sem"], overall["mdc95"]) == (near(3.26735, 1e-5), near(9.05662, 1e-5))
    assert overall["icc1"] is None
    assert "ICC: one rater only, so there is nobody to agree with." in overall["notes"]


def test_an_item_scored_the_other_way_is_named(figures):
    lines = [(f"P{at}", "Lee", "manager", item, 100 - score if item == "raises" else score)
             for at, row in enumerate(attitude())
             for item, score in zip(ATTITUDE_ITEMS, row, strict=True)]  # fmt: skip

    notes = figures(lines)["overall"]["notes"]

    assert [note for note in notes if note.startswith("“raises” is negatively related")]


def test_several_raters_on_several_dimensions(figures):
    found = figures((p, r, "peer", c, s) for p, r, c, s in facets())

    assert found["overall"]["icc2"] == near(0.692, 5e-4)
    assert [round(one["severity"], 3) for one in found["raters"].values()] == [-0.359, -0.04, 0.399]
    assert list(found["dimensions"]) == ["C1", "C2", "C3", "C4"]
    assert not any("Severity" in note for note in found["overall"]["notes"])


def test_missing_rows_leave_the_correlations_unknown_with_the_reason(figures):
    found = figures(SHROUT_LINES[:-1])

    for part in (found["overall"], found["dimensions"]["service"]):
        assert {part[name] for name in FIGURES if name.startswith("icc")} == {None}
        assert any(note.startswith("ICC: ") for note in part["notes"])
        assert part["sem"] == near(1.0, 0.1)
        assert any("ratings are missing" in note for note in part["notes"])
    assert found["connected"] is True
    assert found["raters"]["J4"]["n"] == 5


def test_raters_who_share_nobody_are_not_compared(figures):
    lines = [("P1", "A", "peer", "D", 2), ("P2", "A", "peer", "D", 3),
             ("P3", "B", "peer", "D", 4), ("P4", "B", "peer", "D", 5)]  # fmt: skip

    found = figures(lines)

    assert found["connected"] is False
    assert {one["severity"] for one in found["raters"].values()} == {None}
    assert any("not connected" in note for note in found["overall"]["notes"])
    assert found["overall"]["sem"] is None


def test_raters_of_other_dimensions_of_the_same_person_are_not_compared(figures):
    lines = [(person, rater, "peer", dimension, 3)
             for person in ("P1", "P2")
             for rater, dimension in (("A", "D1"), ("B", "D2"))]  # fmt: skip

    assert figures(lines)["connected"] is False


def test_what_people_say_of_themselves_is_in_no_figure(figures):
    own = [(f"P{at}", f"P{at}", "Self-rating", "service", 5) for at in range(1, 7)]

    found, without = figures([*SHROUT_LINES, *own]), figures(SHROUT_LINES)

    assert found["overall"].pop("notes") != without["overall"].pop("notes")
    assert found == without


@pytest.mark.parametrize(
    "source", ["self-evaluation", "self-report", "Self (employee)", "Own rating", "Mitarbeiter", ""]
)
def test_whoever_rates_themself_is_no_rater_whatever_it_is_called(figures, source):
    own = [("P1", "P1", source, "service", 5), ("P2", "P2", source, "service", 5)]

    found, without = figures([*SHROUT_LINES, *own]), figures(SHROUT_LINES)

    assert "Self-ratings stand beside the others, never inside: 2 rows left out." in [
        note.replace("\u202f", " ") for note in found["overall"]["notes"]
    ]
    assert (found["raters"], found["dimensions"]) == (without["raters"], without["dimensions"])


def test_persons_and_raters_may_be_numbered_alike(figures):
    numbered = [(p[1:], r[1:], source, d, s) for p, r, source, d, s in SHROUT_LINES]

    assert figures(numbered)["dimensions"] == figures(SHROUT_LINES)["dimensions"]


def test_one_rater_as_two_sources_is_one_rater(figures):
    """Manager and observer in one: P1 gets 3 of both, P2 4 and 2, so 3 as well."""
    found = figures(
        [("P1", "A", "manager", "D", 3), ("P1", "A", "observer", "D", 3),
         ("P2", "A", "manager", "D", 4), ("P2", "A", "observer", "D", 2),
         ("P3", "A", "manager", "D", 1)]
    )["overall"]  # fmt: skip

    assert (found["raters"], found["persons"], found["mean"]) == (1, 3, near(7 / 3))
    assert found["notes"][-1] == (
        "By raters who speak as several sources: 4 rows; the mean of each counts once."
    )


def test_only_self_ratings_show_nothing(figures):
    found = figures([("P1", "P1", "self", "D", 4), ("P2", "P2", "self", "D", 5)])

    assert (found["overall"]["persons"], found["overall"]["mean"]) == (0, None)
    assert found["raters"] == {}
    assert found["dimensions"]["D"]["notes"] == ["No score is given by anybody but the person."]


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([("P1", "A", "peer", "D", 3)], "there is one score only"),
        ([("P1", rater, "peer", "D", at) for at, rater in enumerate("ABC")], "one person only"),
        ([(f"P{at}", "A", "peer", "D", at) for at in range(5)], "one rater only"),
        ([(f"P{at}", rater, "peer", dimension, 0.1)
          for at in range(9) for rater in "ABC" for dimension in "DE"], "do not differ"),
    ],
    ids=["one score", "one person", "one rater", "all the same"],
)  # fmt: skip
def test_where_nothing_can_be_told_the_note_says_why(figures, lines, reason):
    found = figures(lines)

    for part in (found["overall"], *found["dimensions"].values()):
        assert {part[name] for name in FIGURES if name.startswith("icc")} == {None}
        assert part["alpha"] is None
    assert any(reason in note for note in found["overall"]["notes"])


def test_a_row_twice_counts_once_and_two_that_differ_are_both_refused(analyse, figures):
    lines = [*SHROUT_LINES, SHROUT_LINES[0], ("P9", "J1", "peer", "service", 3),
             ("P9", "J1", "peer", "service", 4)]  # fmt: skip

    result, found = analyse(lines), figures(lines, exit_code=1)

    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        "Row 27, score “3”: J1 gives P9 different scores on service, in rows 27 and 28."
        " Keep one of them.",
        "Row 28, score “4”: J1 gives P9 different scores on service, in rows 27 and 28."
        " Keep one of them.",
    ]
    assert found["overall"]["icc2"] == near(0.289764)
    assert found["overall"]["notes"][-2:] == [
        "Repeated word for word: 1 row counted once.",
        "Refused: 2 rows left out.",
    ]


def test_no_order_of_rows_changes_an_answer(figures):
    lines = [(p, r, "peer", c, s) for p, r, c, s in facets()][:300]
    lines += [("P000", "R1", "peer", "C1", 4), ("P001", "R1", "self", "C1", 4)]
    shuffled = [lines[at * 7 % len(lines)] for at in range(len(lines))]

    assert figures(lines, exit_code=1) == figures(shuffled, exit_code=1)


def test_cells_that_are_no_scores(analyse):
    content = (
        "Rated;Rated by;Relationship;Competency;Rating\n"
        "P1;A;peer;D;3,5\nP1;B;peer;D;n/a\nP2;A;peer;D;good\nP2;B;peer;D;1e999\n;B;peer;D;3\n"
        "P2;;peer;D;3\nP3;A;peer;;2\nP3;B;peer;D;-1\n"
    )

    result = analyse(content)

    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        "Row 4, Rating “good”: The score is no number. Write a number such as 3.5, or leave it"
        " empty.",
        "Row 5, Rating “1e999”: The score is no number people give. Write a number such as 3.5.",
        "Row 6, Rated “”: The person is empty. Fill it in.",
        "Row 7, Rated by “”: The rater is empty. Fill it in.",
        "Row 8, Competency “”: The dimension is empty. Fill it in.",
    ]
    assert "Without a score: 1 row left out." in result.stdout
    assert "Refused: 5 rows left out." in result.stdout


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("person,rater,score\nP,A,3\n", "dimension is missing. This one has person, rater and"),
        (HEADER + "P,A,peer,D,good\n", "No row of the file can be used"),
        (HEADER, "no rows below it"),
        (HEADER + "".join(f"P,A,peer,D{at},3\n" for at in range(121)), "more than 120 dimensions"),
    ],
    ids=["no dimension", "every row refused", "no rows", "too many dimensions"],
)
def test_a_file_that_cannot_be_used_ends_with_2(analyse, content, sentence):
    result = analyse(content, "--format", "json")

    assert result.exit_code == 2
    assert sentence in result.stderr
    assert result.stdout == ""


def test_the_text_answer_says_each_note_once(analyse):
    lines = analyse((p, r, "peer", c, s) for p, r, c, s in facets()).stdout.splitlines()

    assert lines[1].split()[:4] == ["Overall", "120", "3", "2.085"]
    assert lines[6] == (
        "C1, C2, C3 and C4: alpha: a rater gives one score here; it takes several items."
    )
    assert "The design is connected." in lines
    assert lines[-3].split() == ["R1", "480", "2.444", "−0.359"]


def test_without_a_column_source_a_rater_called_like_the_person_is_the_person(figures):
    rows = "P1,A,D,3\nP1,B,D,4\nP2,A,D,1\nP2,B,D,2\nP1,P1,D,5\n"
    found = figures(f"person,rater,dimension,score\n{rows}")

    assert found["overall"]["icc3"] == near(1)
    assert any("no column source" in note for note in found["overall"]["notes"])


def test_a_rater_who_reads_the_scale_the_other_way_round_is_named(figures):
    lines = [(p, r, "peer", c, 4 - s if r == "R2" else s) for p, r, c, s in facets()]

    notes = figures(lines)["overall"]["notes"]

    assert [note[:30] for note in notes if "against the others" in note] == [
        "“R2” scores against the others"
    ]


@pytest.mark.parametrize("kind", ["round", "chain", "one form"])
def test_a_hundred_thousand_rows_take_bounded_time_and_memory(figures, kind):
    lines: Iterable[Line] = {
        "round": ((f"P{at // 35}", f"R{(at // 35 + at % 35 // 7) % 3000}", "peer", f"D{at % 7}",
                   (at * 37 // 11 % 9 + 2) / 2) for at in range(100_000)),
        "chain": ((f"P{at // 2}", f"R{(at + 1) // 2}", "peer", "D", at * 37 // 11 % 5)
                  for at in range(100_000)),
        "one form": ((f"P{at}", f"R{at % 40}", "peer", f"D{at % 120}", 3)
                     for at in range(100_000)),
    }[kind]  # fmt: skip
    began, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    found = figures(lines)

    assert found["overall"]["persons"] > 2_000
    assert found["connected"] is (kind != "one form")
    assert time.process_time() - began < 60
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 1_000_000

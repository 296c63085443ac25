"""`flask aptitude analyse --more`: what other programs say too, or why it is left out."""

import json
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from app import create_app
from tests.aptitude.tables import ATTITUDE_ITEMS, SHROUT_FLEISS, attitude, facets

Line = tuple[object, ...]
COUPLES = ((7, 7, 2, 3), (2, 8, 3, 7), (1, 5, 4, 9), (2, 8, 9, 14))
"""How often husbands (rows) and wives said never, fairly, very often, almost always (vcd)."""

GAPS = (
    "1 2 3 3 2 1 4 1 2 - - -",
    "1 2 3 3 2 2 4 1 2 5 - 3",
    "- 3 3 3 2 3 4 2 2 5 1 -",
    "1 2 3 3 2 4 4 1 2 5 1 -",
)
"""Four raters of twelve units, with gaps (krippendorff)."""


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory):
    """Analyse lines with --more and return what it says, in text or in JSON."""
    plain = create_app({"SQLALCHEMY_DATABASE_URI": "sqlite://"})
    path: Path = tmp_path_factory.mktemp("more") / "ratings.csv"

    def run(lines: Iterable[Line], *options: str) -> str:
        path.write_text("person,rater,source,dimension,score\n" + "".join(
            ",".join(map(str, line)) + "\n" for line in lines), encoding="utf-8")  # fmt: skip
        result = plain.test_cli_runner().invoke(args=["aptitude", "analyse", str(path), *options])
        assert result.exit_code == 0, result.output
        return result.stdout

    return run


@pytest.fixture
def more(answer):
    """Return the part "more" of the answer in JSON."""
    return lambda lines: json.loads(answer(lines, "--more", "--format", "json"))["more"]


def near(value: float, places: float = 1e-6) -> object:
    return pytest.approx(value, abs=places)


def four_criteria() -> list[Line]:
    return [(p, r, "peer", c, s) for p, r, c, s in facets()]


def couples() -> Iterator[Line]:
    number = 0
    for first, row in enumerate(COUPLES, 1):
        for second, count in enumerate(row, 1):
            for _ in range(count):
                number += 1
                yield (f"C{number}", "husband", "peer", "fun", first)
                yield (f"C{number}", "wife", "peer", "fun", second)


def test_without_the_flag_the_answer_is_what_it_was(answer):
    lines = four_criteria()

    plain, beyond = answer(lines), answer(lines, "--more")
    shape = json.loads(answer(lines, "--format", "json"))
    extended = json.loads(answer(lines, "--more", "--format", "json"))

    assert beyond.startswith(plain + "\n")
    assert list(extended) == [*shape, "more"]
    del extended["more"]
    assert extended == shape
    told = beyond.removeprefix(plain).splitlines()
    assert told[1].split()[:5] == ["alpha", "standard", "mean", "r", "omega"]
    assert "C1, C2, C3 and C4: kappa: 3 raters here; it is for exactly two." in told
    assert ["R1", "−0.501", "0.048"] in [line.split() for line in told]
    assert "Thresholds: 1 from −1.651, 2 from −0.276, 3 from 0.490 and 4 from 1.437." in told
    assert told[-1] == "… 120 in all; --format json names each."


def test_omega_and_the_mean_correlation_stand_beside_alpha(more):
    found = more(
        (f"P{at}", "Lee", "manager", item, score)
        for at, row in enumerate(attitude())
        for item, score in zip(ATTITUDE_ITEMS, row, strict=True)
    )

    overall = found["overall"]
    assert (overall["alpha"], overall["omega"]) == (near(0.843143), near(0.856327))
    assert (overall["mean_r"], overall["standardised_alpha"]) == (near(0.426907), near(0.839084))
    assert overall["krippendorff_interval"] is None
    assert found["rwg"] == {
        "persons": 0, "mean": None, "lowest": None, "highest": None,
        "notes": ["rwg(j): 30 persons have fewer than two raters who scored every dimension."],
    }  # fmt: skip
    assert found["facets"]["raters"] is None
    assert found["facets"]["notes"] == [
        "Rasch: one rater only, so there is nobody to compare with."
    ]


def test_the_agreement_of_raters_with_gaps_is_that_of_krippendorff(more):
    found = more(
        (f"P{unit}", f"R{rater}", "peer", "D", score)
        for rater, row in enumerate(GAPS)
        for unit, score in enumerate(row.split())
        if score != "-"
    )

    for part in (found["overall"], found["dimensions"]["D"]):
        assert part["krippendorff_ordinal"] == near(0.815388)
        assert part["krippendorff_interval"] == near(0.849107)
    assert found["dimensions"]["D"]["kappa"] is None
    assert (
        "omega: it takes three dimensions that the same persons were scored on."
        in (found["overall"]["notes"])
    )


def test_two_raters_of_the_same_persons_have_kappas(more):
    fun = more(couples())["dimensions"]["fun"]
    missing = more(list(couples())[:-1])["dimensions"]["fun"]

    assert (fun["same"], fun["kappa"]) == (near(0.362637), near(0.129330))
    assert fun["kappa_se"] == near(0.068599)
    assert (fun["kappa_linear"], fun["kappa_quadratic"]) == (
        near(0.237384, 5e-6),
        near(0.33205, 1e-5),
    )
    assert fun["notes"] == []
    assert (missing["kappa"], missing["same"], missing["notes"]) == (
        None,
        None,
        ["kappa: the two raters share 90 of 91 persons; known only where both scored the same."],
    )


def test_weighted_kappas_take_the_distance_of_scores_and_not_of_their_places(more):
    pairs = ((1, 1), (1, 2), (2, 2), (2, 5), (5, 5), (5, 1))
    found = more(
        (f"P{at}", rater, "peer", "D", score)
        for at, pair in enumerate(pairs)
        for rater, score in zip("AB", pair, strict=True)
    )["dimensions"]["D"]

    # 8 points apart in six pairs; by chance 16 in nine, so 1 − (8 / 6) / (16 / 9)
    assert found["kappa_linear"] == near(0.25)


def test_each_persons_raters_are_held_against_answers_at_random(more):
    table = {"P1": "445 455 545", "P2": "15 51 3-", "P3": "333 ---"}
    found = more(
        (person, f"R{rater}", "peer", f"D{place}", score)
        for person, rows in table.items()
        for rater, row in enumerate(rows.split())
        for place, score in enumerate(row + ("3" if person == "P2" else ""))
        if score != "-"
    )["rwg"]

    share = 2 / 9 / (4 * 6 / 12)  # scores of 1, 3, 4, 5: from 1 to 5 in steps of 1
    expected = 3 * (1 - share) / (3 * (1 - share) + share)
    assert (found["persons"], found["highest"]) == (2, near(expected))
    assert (found["lowest"], found["mean"]) == (0, near(expected / 2))
    assert found["notes"] == [
        "rwg(j): held against answers at random from 1 to 5 in steps of 1, the scores that were"
        " given.",
        "rwg(j): 1 person has fewer than two raters who scored every dimension.",
    ]


def test_severity_in_logits_is_that_of_the_many_facet_model(more):
    found = more(four_criteria())["facets"]

    assert found["log_likelihood"] == near(-1387.6077, 1e-4)
    assert [one["logit"] for one in found["raters"].values()] == [
        near(-0.5011, 1e-4), near(-0.0544, 1e-4), near(0.5555, 1e-4),
    ]  # fmt: skip
    assert [one["se"] for one in found["raters"].values()][:2] == [
        near(0.0483, 1e-4),
        near(0.0441, 1e-4),
    ]
    assert [one["logit"] for one in found["dimensions"].values()] == [
        near(-0.5441, 1e-4), near(-0.1543, 1e-4), near(0.3085, 1e-4), near(0.3899, 1e-4),
    ]  # fmt: skip
    assert found["thresholds"] == [
        near(-1.6514, 1e-4), near(-0.2755, 1e-4), near(0.4903, 1e-4), near(1.4367, 1e-4),
    ]  # fmt: skip
    assert found["levels"] == [0, 1, 2, 3, 4]
    place = found["persons"]["P002"]  # 6 of 48
    assert (place["mean"], place["logit"], place["se"]) == (
        0.5,
        near(-2.1944, 1e-4),
        near(0.4646, 1e-4),
    )


def test_the_same_sum_from_a_lenient_and_a_severe_rater_is_not_the_same(more):
    mild = [("mild", "R1", "peer", f"C{at}", 2) for at in range(1, 5)]
    hard = [("hard", "R3", "peer", f"C{at}", 2) for at in range(1, 5)]
    full = [("full", "R1", "peer", f"C{at}", 4) for at in range(1, 5)]

    found = more([*four_criteria(), *mild, *hard, *full])["facets"]

    lenient, severe = found["persons"]["mild"], found["persons"]["hard"]
    assert (lenient["mean"], severe["mean"]) == (2, 2)
    assert (lenient["fair_average"], severe["fair_average"]) == (near(1.55, 0.02), near(2.51, 0.02))
    assert found["persons"]["full"] == {
        "mean": 4, "fair_average": None, "logit": None, "se": None
    }  # fmt: skip
    ends = sum(1 for one in found["persons"].values() if one["logit"] is None)
    assert found["notes"] == [
        f"Rasch: {ends} of 123 persons have only the highest or only the lowest score, so their"
        " fair average cannot be told."
    ]


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([("P1", "A", "peer", "D", 2), ("P2", "B", "peer", "D", 3)], "design is not connected"),
        ([(f"P{at}", judge, "manager", "service", score)
          for at, row in enumerate(SHROUT_FLEISS)
          for judge, score in zip("ABCD", row, strict=True)], "4 of 4 raters have fewer than 30"),
        ([(f"P{at}", judge, "peer", "D", 3) for at in range(30) for judge in "AB"],
         "everybody gave the same score"),
        ([(f"P{at}", judge, "peer", "D", at if judge == "A" else 40)
          for at in range(30) for judge in "AB"], "too many raters, dimensions, scores"),
        ([(f"P{at}", "A", "self", "D", 3) for at in range(3)], "no score is given by anybody"),
    ],
    ids=["not connected", "few ratings", "one score", "too many scores", "self alone"],
)  # fmt: skip
def test_severity_is_left_out_with_its_reason(more, lines, reason):
    found = more(lines)["facets"]

    assert (found["raters"], found["persons"], found["thresholds"]) == (None, None, None)
    assert [note for note in found["notes"] if reason in note]


def test_a_hundred_thousand_ratings_do_not_wait_for_the_model(more):
    began = time.process_time()

    found = more(
        (f"P{at // 14}", f"R{(at // 14 + at % 14 // 7) % 60}", "peer", f"D{at % 7}",
         (at * 37 // 11 % 9 + 2) / 2)
        for at in range(100_000)
    )  # fmt: skip

    assert time.process_time() - began < 30
    assert found["overall"]["krippendorff_interval"] is not None
    assert "share no factor" in found["overall"]["notes"][0]
    assert found["rwg"]["persons"] == 7_142
    assert "left out above 20\u202f000 ratings" in found["facets"]["notes"][0]


def test_what_would_take_too_long_or_too_much_memory_is_left_out_with_the_reason(more):
    found = more(
        (f"P{person}", rater, "peer", f"D{at:02}", (person * 41 + at) * (7 if rater == "A" else 3))
        for person in range(50)
        for rater in "AB"
        for at in range(41)
    )

    overall, first = found["overall"], found["dimensions"]["D00"]
    assert (overall["omega"], overall["krippendorff_interval"]) == (None, None)
    assert overall["notes"] == [
        "omega: left out above 40 dimensions, where it would take minutes.",
        "Krippendorff: left out, because so many different scores would take too much memory.",
    ]
    assert (first["kappa"], first["notes"]) == (
        None,
        ["kappa: more than 50 different scores; it is for categories."],
    )
    assert first["krippendorff_interval"] is not None

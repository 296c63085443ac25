"""The commands of the planner as scripts see them; names, keys and exit codes are relied on."""

import csv
import io
import json
from collections.abc import Callable

import pytest
from click.testing import Result

FIGURES = [
    "hard_minutes", "soft_minutes", "other_soft_minutes", "unclassified_minutes", "total_minutes",
    "soft_share", "soft_share_low", "soft_share_high", "people", "entries",
]  # fmt: skip
Q1 = ("--from", "2025-01-01", "--to", "2025-03-31")


@pytest.fixture
def flask(lumen) -> Callable[..., Result]:
    """Run a command as `flask --app app …` does."""

    def run(*words: str) -> Result:
        return lumen.test_cli_runner().invoke(lumen.cli, list(words))

    return run


def answer(result: Result) -> dict[str, object]:
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    return json.loads(result.stdout)


def test_balance_answers_with_the_keys_of_the_design_in_their_order(flask):
    found = answer(flask("planner", "balance", *Q1, "--format", "json"))

    assert list(found) == [
        "basis", "definition", "from", "to", "as_of", *FIGURES, "pattern_share", "target_share",
        "groups",
    ]  # fmt: skip
    assert found == {
        "basis": "learner",
        "definition": "narrow",
        "from": "2025-01-01",
        "to": "2025-03-31",
        "as_of": None,
        "hard_minutes": 1441,
        "soft_minutes": 270,
        "other_soft_minutes": 180,
        "unclassified_minutes": 80,
        "total_minutes": 1791,
        "soft_share": 270 / 1711,
        "soft_share_low": 270 / 1791,
        "soft_share_high": 350 / 1791,
        "people": 11,
        "entries": 16,
        "pattern_share": 0.1,
        "target_share": None,
        "groups": [],
    }


def test_without_days_everything_recorded_counts(flask):
    found = answer(flask("planner", "balance", "--format", "json"))

    assert (found["from"], found["to"], found["entries"]) == (None, None, 17)


@pytest.mark.parametrize(
    ("by", "labels"),
    [
        ("unit", ["Service", "Shops"]),
        ("site", ["Oslo", "Bergen"]),
        ("level", ["Executive", "Manager", "Team lead", "Senior", "Front line"]),
        ("month", ["2025-01", "2025-02", "2025-03"]),
        ("delivery", ["Online", "On the job", "Classroom", "Coaching", "Walk", "Not stated"]),
        (
            "person",
            ["Ada Aas", "Bo Berg", "Cy Christ", "Di Dahl", "Ed Eng", "Flo Falk", "Gus Gran",
             "Hal Haug", "Ina Iver", "Jo Juul", "Kim Krog"],
        ),
    ],
)  # fmt: skip
def test_groups_of_every_cut_have_all_figures_and_sum_to_the_whole(flask, by, labels):
    found = answer(flask("planner", "balance", *Q1, "--by", by, "--format", "json"))

    assert [group["label"] for group in found["groups"]] == labels
    for group in found["groups"]:
        assert list(group) == ["key", "label", *FIGURES]
    for name in [*FIGURES[:5], "entries"]:
        assert sum(group[name] for group in found["groups"]) == found[name], name


def test_categories_sum_to_the_whole_in_minutes(flask):
    found = answer(flask("planner", "balance", *Q1, "--by", "category", "--format", "json"))
    groups = {group["key"]: group for group in found["groups"]}

    assert list(groups["technical"]) == ["key", "label", *FIGURES]
    for name in FIGURES[:5]:
        assert sum(group[name] for group in found["groups"]) == found[name], name
    assert groups["hospitality"]["soft_share"] == 1.0
    assert groups["unclassified"]["soft_share"] is None


def test_months_of_odd_days_sum_to_the_whole_too(flask):
    days = ("--from", "2025-01-11", "--to", "2025-02-10")

    found = answer(flask("planner", "balance", *days, "--by", "month", "--format", "json"))

    assert [(group["key"], group["total_minutes"]) for group in found["groups"]] == [
        ("2025-01", 300 + 101 + 50), ("2025-02", 60 + 90),
    ]  # fmt: skip
    assert found["total_minutes"] == 601


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--unit", "Desk"), (1101, 200, 45)),
        (("--unit", "Service / Desk / Team B"), (350, 130, 0)),
        (("--definition", "broad"), (1261, 450, 80)),
        (("--basis", "contact"), (600, 120, 0)),
        (("--as-of", "2025-03-30"), (0, 0, 0)),
        (("--structure", "today"), (1441, 270, 80)),
    ],
)
def test_choices_narrow_what_counts(flask, words, expected):
    found = answer(flask("planner", "balance", *Q1, *words, "--format", "json"))

    assert (found["hard_minutes"], found["soft_minutes"], found["unclassified_minutes"]) == expected


def test_contact_hours_have_no_people(flask):
    found = answer(flask("planner", "balance", "--basis", "contact", "--format", "json"))

    assert (found["people"], found["entries"]) == (None, 2)


@pytest.mark.parametrize("target", ["20", "20%", "0.2"])
def test_a_target_may_be_written_in_three_ways(flask, target):
    found = answer(flask("planner", "balance", *Q1, "--target", target, "--format", "json"))

    assert found["target_share"] == 0.2


def test_balance_as_csv_has_the_same_minutes(flask):
    result = flask("planner", "balance", *Q1, "--by", "unit", "--format", "csv")

    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert [(row["label"], row["hard_minutes"], row["soft_minutes"]) for row in rows] == [
        ("Service", "1351", "270"), ("Shops", "90", "0"),
    ]  # fmt: skip
    assert result.exit_code == 0


def test_balance_as_text_is_the_finding_and_a_line_for_each_group(flask):
    result = flask("planner", "balance", *Q1, "--by", "site")

    lines = result.stdout.splitlines()
    assert lines[0].startswith("About one training hour in six was soft.")
    assert lines[2:] == [
        "Oslo: 7.4\u202f%, 1\u202fh\u202f10 soft of 17\u202fh\u202f01",
        "Bergen: 26.0\u202f%, 3\u202fh\u202f20 soft of 12\u202fh\u202f50",
    ]


def test_gap_answers_with_four_keys(flask):
    found = answer(flask("planner", "gap", *Q1, "--target", "20", "--format", "json"))

    assert found == {
        "add_minutes": 91,
        "swap_minutes": 73,
        "swap_feasible": True,
        "best_share": 1531 / 1711,
    }


def test_gap_of_nothing_classified_is_not_known(flask):
    words = ("--as-of", "2025-03-30", "--format", "json")

    found = answer(flask("planner", "gap", *Q1, "--target", "20", *words))

    assert set(found.values()) == {None}


def test_gap_as_text_is_a_sentence(flask):
    result = flask("planner", "gap", *Q1, "--target", "20")

    assert result.stdout.splitlines()[0] == (
        "Add 1.6 soft hours, or swap 1.3, to reach 20\u202f% by December; "
        "that is 9\u202fminutes a person."
    )


def test_report_writes_a_pdf(flask, tmp_path):
    path = tmp_path / "balance.pdf"

    result = flask("planner", "report", str(path), *Q1)

    assert result.exit_code == 0
    assert path.read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("balance", "--unit", "Nowhere"), "Nowhere"),
        (("balance", "--from", "2025-03-31", "--to", "2025-01-01"), "before it begins"),
        (("gap", "--target", "0"), "whole percentage from 1 to 99"),
        (("gap", "--target", "100"), "whole percentage from 1 to 99"),
        (("gap", "--target", "twenty"), "whole percentage from 1 to 99"),
        (("balance", "--definition", "wide"), "'wide' is not one of"),
        (("balance", "--from", "31.03.2025"), "does not match the format"),
        (("gap",), "Missing option '--target'"),
    ],
)
def test_what_cannot_be_done_exits_with_2_and_one_sentence(flask, words, sentence):
    result = flask("planner", *words)

    assert result.exit_code == 2
    assert sentence in result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("group", "commands"),
    [
        ("planner", {"balance", "gap", "report"}),
        ("ledger", {"import", "classify", "undo", "check"}),
        ("people", {"import", "add-account"}),
        ("demo", {"load"}),
        ("db", {"upgrade"}),
    ],
)
def test_the_commands_people_rely_on_exist(lumen, group, commands):
    assert commands <= set(lumen.cli.commands[group].commands)

"""Balances of Lumen: every figure is a sum that can be added up by hand from `worlds.HOURS`."""

import json
from dataclasses import replace
from datetime import date

import pytest

from ledger.rules.kinds import Basis, Definition
from people.rules.levels import Level
from planner.queries import sources
from planner.queries.balances import EVERYTHING, balance
from planner.queries.persons import people_without_soft, person_figures
from planner.queries.sources import Circle
from planner.rules.periods import all_recorded, between, parse
from planner.rules.questions import Question, Structure
from tests.planner.worlds import (
    NOW,
    OF_Q1,
    Q1,
    months_of,
    opened_everywhere,
    rows_of,
    site_id,
    sums_by,
    sums_of,
    unit_id,
)

BROAD = replace(OF_Q1, definition=Definition.BROAD)
WHOLE = (1441, 270, 80, 11, 16)


def test_the_whole_is_every_entry_of_the_period(lumen):
    document = balance(OF_Q1)
    figures = document["figures"]

    assert sums_of(figures) == WHOLE
    assert figures["total_minutes"] == 1791
    assert figures["other_soft_minutes"] == 120 + 60
    assert figures["compliance_minutes"] == 90 + 90
    assert figures["soft_share"] == 270 / 1711
    assert figures["soft_share_low"] == 270 / 1791
    assert figures["soft_share_high"] == 350 / 1791


def test_broad_moves_other_soft_from_hard_to_soft(lumen):
    document = balance(BROAD)

    assert sums_of(document["figures"]) == (1261, 450, 80, 11, 16)
    assert document["figures"]["soft_share"] == 450 / 1711


def test_by_unit_is_the_sum_of_everybody_below_it(lumen):
    assert sums_by(balance(opened_everywhere(OF_Q1)), "unit") == {
        "All units": WHOLE,
        "Service": (1351, 270, 45, 9, 14),
        "Desk": (1101, 200, 45, 7, 11),
        "Team A": (391, 70, 45, 3, 5),
        "Team B": (350, 130, 0, 3, 4),
        "Directly in Desk": (360, 0, 0, 1, 2),
        "Field": (130, 70, 0, 1, 2),
        "Directly in Service": (120, 0, 0, 1, 1),
        "Shops": (90, 0, 35, 2, 2),
        "North": (90, 0, 0, 1, 1),
        "Directly in Shops": (0, 0, 35, 1, 1),
    }


def test_by_level_goes_from_the_executives_to_the_front_line(lumen):
    by_level = sums_by(balance(OF_Q1), "level")

    assert list(by_level.items()) == [
        ("All units", WHOLE),
        ("Executive", (120, 0, 0, 1, 1)),
        ("Manager", (360, 0, 35, 2, 3)),
        ("Team lead", (61, 90, 0, 2, 2)),
        ("Senior", (220, 100, 0, 2, 4)),
        ("Front line", (680, 80, 45, 4, 6)),
    ]


def test_by_site(lumen):
    assert sums_by(balance(OF_Q1), "site") == {
        "All units": WHOLE,
        "Oslo": (871, 70, 80, 6, 9),
        "Bergen": (570, 200, 0, 5, 7),
    }


def test_by_delivery(lumen):
    assert sums_by(balance(OF_Q1), "delivery") == {
        "All units": WHOLE,
        "Online": (870, 0, 35, None, 6),
        "On the job": (330, 0, 0, None, 2),
        "Classroom": (181, 120, 0, None, 4),
        "Coaching": (60, 70, 0, None, 2),
        "Walk": (0, 80, 0, None, 1),
        "Not stated": (0, 0, 45, None, 1),
    }


def test_by_category_a_shared_course_stands_in_both_its_categories(lumen):
    table = balance(OF_Q1)["tables"]["category"]

    assert {
        row["label"]: (row["side"], row["minutes"], row["entries"]) for row in table["rows"]
    } == {
        "Technical": ("hard", 300 + 61 + 240 + 130, 4),
        "Operational": ("hard", 200, 1),
        "Compliance": ("hard", 180, 2),
        "Product knowledge": ("hard", 150, 1),
        "Other soft, counted as hard here": ("hard", 180, 2),
        "Hospitality": ("soft", 40 + 30, 2),
        "Relationship": ("soft", 70, 1),
        "Service recovery": ("soft", 50, 1),
        "Experiential": ("soft", 80, 1),
        "Unclassified": ("unclassified", 80, 2),
    }
    assert table["total_minutes"] == 1791


def test_by_month(lumen):
    assert months_of(balance(OF_Q1)) == {
        "2025-01": (611, 90, 0, None, 5),
        "2025-02": (350, 30, 35, None, 5),
        "2025-03": (480, 150, 45, None, 6),
    }


@pytest.mark.parametrize("definition", Definition)
@pytest.mark.parametrize("basis", Basis)
def test_children_sum_to_their_parent_by_every_cut(lumen, definition, basis):
    document = balance(opened_everywhere(OF_Q1, definition=definition, basis=basis))
    names = ("hard_minutes", "soft_minutes", "unclassified_minutes", "total_minutes", "entries")

    def added(rows):
        return [sum(row[name] for row in rows) for name in names]

    whole = [document["figures"][name] for name in names]
    for cut in ("unit", "level", "site", "delivery"):
        rows = document["tables"][cut]["rows"]
        assert added([row for row in rows if not row["total"] and not row["depth"]]) == whole, cut
    assert added([row for row in document["trend"] if row["in_period"]]) == whole
    categories = document["tables"]["category"]["rows"]
    assert sum(row["minutes"] for row in categories) == document["figures"]["total_minutes"]
    units = document["tables"]["unit"]["rows"]
    for parent in units:
        children = [row for row in units if row["parent"] == parent["key"] and parent["key"]]
        if children:
            assert added(children) == added([parent]), parent["label"]


def test_an_opened_unit_is_all_that_counts(lumen):
    document = balance(replace(OF_Q1, unit_id=unit_id("Service / Desk")))

    assert document["scope"]["label"] == "Desk"
    assert sums_by(document, "unit") == {
        "Desk": (1101, 200, 45, 7, 11),
        "Team A": (391, 70, 45, 3, 5),
        "Team B": (350, 130, 0, 3, 4),
        "Directly in Desk": (360, 0, 0, 1, 2),
    }
    assert sums_by(document, "site") == {
        "Desk": (1101, 200, 45, 7, 11),
        "Oslo": (360 + 391, 70, 45, 4, 7),
        "Bergen": (350, 130, 0, 3, 4),
    }
    assert months_of(document)["2025-03"] == (390, 80, 45, None, 4)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"level": Level.SENIOR}, (220, 100, 0, 2, 4), id="level"),
        pytest.param({"period": parse("2025-02", NOW.date())}, (350, 30, 35, 4, 5), id="month"),
        pytest.param({"period": all_recorded()}, (1541, 270, 80, 12, 17), id="everything"),
        pytest.param(
            {"period": between(date(2025, 1, 11), date(2025, 2, 10))},
            (300 + 60 + 61 + 90, 40 + 50, 0, 4, 5),
            id="odd days",
        ),
        pytest.param({"period": parse("2024", NOW.date())}, (0, 0, 0, 0, 0), id="nothing"),
    ],
)
def test_other_periods_and_filters(lumen, changes, expected):
    assert sums_of(balance(replace(OF_Q1, **changes))["figures"]) == expected


def test_a_site_alone(lumen):
    assert sums_of(balance(replace(OF_Q1, site_id=site_id("Bergen")))["figures"]) == (
        570, 200, 0, 5, 7,
    )  # fmt: skip


def test_contact_hours_are_about_sessions_not_people(lumen):
    document = balance(replace(OF_Q1, basis=Basis.CONTACT))

    assert sums_of(document["figures"]) == (600, 120, 0, None, 2)
    assert document["interval"] is None
    assert document["no_soft_people"] is None
    assert sums_by(document, "unit") == {
        "All units": (600, 120, 0, None, 2),
        "Unit not known": (600, 120, 0, None, 2),
        "Service": (0, 0, 0, None, 0),
        "Shops": (0, 0, 0, None, 0),
    }


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({}, id="whole"),
        pytest.param({"definition": Definition.BROAD}, id="broad"),
        pytest.param({"basis": Basis.CONTACT}, id="contact"),
        pytest.param({"level": Level.FRONTLINE}, id="level"),
        pytest.param({"period": all_recorded()}, id="everything"),
    ],
)
def test_roll_ups_and_entries_give_the_same_answer(lumen, changes):
    question = opened_everywhere(OF_Q1, **changes)
    months = [date(2025, month, 1) for month in range(1, 5)]

    from_rollups = sources._from_rollups(question, months)
    from_entries = sources._from_entries(question, Circle(), months)

    for part in ("total", "months", "units", "direct", "levels", "sites", "deliveries"):
        assert getattr(from_rollups, part) == getattr(from_entries, part), part
    assert {k: v for k, v in from_rollups.categories.items() if v.entries} == {
        k: v for k, v in from_entries.categories.items() if v.entries
    }
    if question.basis is Basis.LEARNER:
        for definition in Definition:
            assert from_rollups.people.sums(definition) == from_entries.people.sums(definition)
        assert from_rollups.people.trained() == from_entries.people.trained()


def test_as_of_today_equals_now_but_for_saying_so(lumen):
    question = opened_everywhere(OF_Q1)

    now, as_of = balance(question), balance(replace(question, as_of=NOW.date()))

    differing = {name for name in now if now[name] != as_of[name]}
    assert differing <= {"as_of", "unclassified_note"}


def test_as_of_a_day_counts_what_was_recorded_by_its_end(lumen):
    everything = Question(all_recorded())

    assert sums_of(balance(replace(everything, as_of=date(2025, 3, 30)))["figures"])[4] == 0
    assert sums_of(balance(replace(everything, as_of=date(2025, 3, 31)))["figures"]) == WHOLE
    assert sums_of(balance(replace(everything, as_of=date(2025, 4, 3)))["figures"])[4] == 17


def test_before_anybody_classified_nothing_is_known(lumen):
    figures = balance(replace(OF_Q1, as_of=date(2025, 3, 30)))["figures"]

    assert (figures["soft_share"], figures["soft_share_low"]) == (None, None)


def test_by_person(lumen):
    rows = {number: sums_of(figures) for number, _, figures in person_figures(OF_Q1)}

    assert rows == {
        "P01": (120, 0, 0, 1, 1),
        "P02": (360, 0, 0, 1, 2),
        "P03": (61, 40, 0, 1, 1),
        "P04": (90, 30, 0, 1, 2),
        "P05": (240, 0, 45, 1, 2),
        "P06": (0, 50, 0, 1, 1),
        "P07": (200, 80, 0, 1, 2),
        "P08": (150, 0, 0, 1, 1),
        "P09": (130, 70, 0, 1, 2),
        "P10": (0, 0, 35, 1, 1),
        "P11": (90, 0, 0, 1, 1),
    }


def test_who_had_no_soft_hour_is_named_with_or_without_other_hours(lumen):
    people = people_without_soft(OF_Q1, EVERYTHING)

    assert [(one.number, one.has_hours) for one in people] == [
        ("P01", True), ("P02", True), ("P05", True), ("P08", True), ("P10", True), ("P11", True),
        ("P12", False),
    ]  # fmt: skip
    assert balance(OF_Q1)["no_soft_people"] == 7
    assert balance(BROAD)["no_soft_people"] == 5
    assert balance(replace(OF_Q1, unit_id=unit_id("Shops")))["no_soft_people"] == 3


def test_the_interval_follows_from_the_differences_between_people(lumen):
    # By person, soft and classified: ten people, P10 has only unclassified minutes.
    soft = [0, 0, 40, 30, 0, 50, 80, 0, 70, 0]
    counted = [120, 360, 101, 120, 240, 50, 280, 150, 200, 90]
    share, mean = 270 / 1711, 1711 / 10
    squares = sum((s - share * t) ** 2 for s, t in zip(soft, counted, strict=True))
    error = (squares / (10 * 9)) ** 0.5 / mean

    found = balance(OF_Q1)["interval"]

    assert found["standard_error"] == pytest.approx(error)


def test_four_people_have_no_interval(lumen):
    document = balance(replace(OF_Q1, level=Level.FRONTLINE))

    assert document["interval"] is None
    assert document["interval_note"] == "not shown for fewer than five people"


def test_the_title_and_the_sentence_below_it_say_what_is_counted(lumen):
    document = balance(OF_Q1)

    assert document["title"].startswith("About one training hour in six was soft.")
    assert "11 people" in document["lede"]
    assert "as recorded on 1 July 2025" in document["lede"]
    assert json.loads(json.dumps(document)) == document


def test_todays_structure_without_a_move_is_the_structure_of_the_day(lumen):
    question = opened_everywhere(OF_Q1)

    assert sums_by(balance(replace(question, structure=Structure.TODAY)), "unit") == sums_by(
        balance(question), "unit"
    )


def test_rows_without_training_are_there_too(lumen):
    shops = rows_of(balance(opened_everywhere(Question(Q1))), "unit")["North"]

    assert shops["soft_share"] == 0.0
    assert shops["opens"] is False

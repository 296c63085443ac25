"""Who may not see individuals sees no figure about fewer than five, in no table and no file."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from sqlalchemy import func, select

from core.db import db
from core.export.sheets import csv_bytes
from curricula.services.modules import begin_module
from ledger.models import Batch, Entry
from ledger.queries.catalogue import category_ids
from ledger.rules.corrections import CorrectionDraft
from ledger.rules.kinds import Definition, Side
from ledger.services.classifying import add_category, move_category
from ledger.services.correcting import correct_entry, undo_batch
from people.queries.settings import ledger_version
from people.rules.levels import Level, RoleName
from people.services.accounts import add_account
from people.services.settings import keep_setting
from planner.exports.sheets import balance_tables
from planner.queries.balances import balance
from planner.queries.elements import elements_of, forget_years
from planner.queries.levels import soft_minutes_by_level
from planner.queries.persons import person_figures
from planner.queries.sources import Circle
from planner.rules.periods import between
from planner.rules.questions import Question
from planner.rules.sentences import TOO_FEW_ON_A_SIDE
from planner.services.publishing import publish
from planner.services.targets import TargetDraft, set_target
from tests.curricula.worlds import module
from tests.ledger.worlds import add_people, classify, classify_file, take
from tests.planner.worlds import (
    OF_Q1,
    employee_id,
    opened_everywhere,
    rows_of,
    scope_of,
    sums_by,
    sums_of,
    take_rows,
    unit_id,
)

WITH_CATEGORY = "employee_number,course,date,hours,category"
HIDDEN = (None, None, None, None, None)


@pytest.fixture(params=[RoleName.EXECUTIVE, RoleName.TRAINER], ids=["executive", "trainer"])
def groups(request, lumen):
    return scope_of(request.param)


def hidden_in(document, cut):
    return {label for label, row in rows_of(document, cut).items() if row.get("suppressed")}


def test_small_levels_are_hidden_and_so_is_a_whole_with_few_unclassified_hours(groups):
    document = balance(OF_Q1, groups)

    # The 80 unclassified minutes of the whole are those of fewer than five people.
    assert sums_of(document["figures"]) == HIDDEN
    assert document["title"] == TOO_FEW_ON_A_SIDE
    assert (document["gap"], document["interval"], document["lede"]) == (None, None, "")
    assert hidden_in(document, "level") == {
        "All units", "Executive", "Manager", "Team lead", "Senior", "Front line",
    }  # fmt: skip


def test_the_only_small_unit_takes_another_with_it(groups):
    document = balance(opened_everywhere(OF_Q1), groups)

    assert hidden_in(document, "unit") == set(rows_of(document, "unit"))


def test_a_site_of_five_is_hidden_where_fewer_had_a_soft_hour(groups):
    assert sums_by(balance(OF_Q1, groups), "site")["Bergen"] == HIDDEN


def test_small_deliveries_are_hidden(groups):
    # Online had six people; it goes too, or the classroom's four follow by subtraction.
    assert hidden_in(balance(OF_Q1, groups), "delivery") == {
        "All units", "On the job", "Classroom", "Coaching", "Walk", "Not stated", "Online",
    }  # fmt: skip


def test_small_categories_are_hidden(groups):
    rows = balance(OF_Q1, groups)["tables"]["category"]["rows"]

    # Technical is the training of P02, P03, P05 and P09: four people.
    assert {row["label"] for row in rows if row["minutes"] is not None} == set()


def test_small_months_are_hidden(groups):
    trend = {row["month"]: row for row in balance(OF_Q1, groups)["trend"]}

    # February had four people; January, with five, goes too, or February follows by subtraction.
    assert trend["2025-02"].get("suppressed")
    assert trend["2025-01"].get("suppressed")
    # March had six, of whom fewer had a soft hour.
    assert sums_of(trend["2025-03"]) == HIDDEN


def test_a_group_under_five_has_no_figures_at_all(groups):
    document = balance(replace(OF_Q1, level=Level.FRONTLINE), groups)

    assert document["title"] == (
        "This choice is about fewer than five people, so its figures are not shown."
    )
    assert document["figures"]["suppressed"]
    assert (document["gap"], document["interval"], document["lede"]) == (None, None, "")
    for cut in ("unit", "level", "site", "delivery"):
        assert all(row.get("suppressed") for row in document["tables"][cut]["rows"]), cut
    assert all(row["minutes"] is None for row in document["tables"]["category"]["rows"])
    assert all(row.get("suppressed") for row in document["trend"])
    assert document["no_soft_people"] is None


def test_nobody_is_counted_out_who_had_no_soft_hour(groups):
    assert balance(OF_Q1, groups)["no_soft_people"] is None
    assert balance(OF_Q1)["no_soft_people"] == 7


def test_files_hide_what_the_page_hides(groups):
    document = balance(opened_everywhere(OF_Q1), groups)

    text = b"".join(csv_bytes(table) for table in balance_tables(document)).decode()

    for figure in ("1101", "391", "350", "360", "130,70"):
        assert f",{figure}," not in text
    assert "P0" not in text


def test_enough_people_in_a_delivery_do_not_show_it_where_the_rest_is_of_a_few(own_lumen, tmp_path):
    take_rows(
        tmp_path,
        *(f"P{number:02},Welcome,2025-03-05,10,walk" for number in range(6, 11)),
        *(f"P{number:02},Fire,2025-03-05,10,online" for number in (1, 2, 3, 5)),
        "P01,Systems,2025-03-05,10,classroom",
        "P05,Systems,2025-03-06,10,classroom",
    )

    document = balance(OF_Q1, scope_of(RoleName.EXECUTIVE))

    # The walk's six had soft hours only, and the soft hours of all others are those of a few.
    assert hidden_in(document, "delivery") == {
        "All units", "On the job", "Coaching", "Not stated", "Classroom", "Online", "Walk",
    }  # fmt: skip
    shown = {
        row["label"]: row["minutes"]
        for row in document["tables"]["category"]["rows"]
        if row["minutes"] is not None
    }
    # Compliance has six people, five of them in March: the quarter less March would be one.
    assert shown == {}


def test_a_manager_counts_the_own_tree_with_names(lumen):
    scope = scope_of(number="P02")

    document = balance(opened_everywhere(OF_Q1), scope)

    assert sums_by(document, "unit") == {
        "All my people": (1101, 200, 45, 7, 11),
        "Service": (1101, 200, 45, 7, 11),
        "Desk": (1101, 200, 45, 7, 11),
        "Team A": (391, 70, 45, 3, 5),
        "Team B": (350, 130, 0, 3, 4),
        "Directly in Desk": (360, 0, 0, 1, 2),
    }
    assert [number for number, _, _ in person_figures(OF_Q1, scope)] == [
        "P02", "P03", "P04", "P05", "P06", "P07", "P08",
    ]  # fmt: skip
    assert document["no_soft_people"] == 3
    # The year by level, added up by person: what the balance counts from the entries.
    year = Question(between(date(2025, 1, 1), date(2025, 12, 31)))
    levels = balance(year, scope)["tables"]["level"]["rows"]
    by_level = {row["key"]: row["soft_minutes"] for row in levels if not row["total"]}
    assert soft_minutes_by_level(year, scope) == by_level
    assert sum(by_level.values()) == 200


def test_a_plain_employee_sees_no_figure_of_a_unit_of_three(lumen):
    document = balance(OF_Q1, scope_of(number="P04"))

    assert document["figures"]["suppressed"]


def test_a_plain_employee_sees_no_mix_of_the_own_unit_with_few_soft_hours(own_lumen, tmp_path):
    text = "employee_number,name,unit,site,level\n" + "".join(
        f"{number},{number},Service / Desk / Team A,Oslo,frontline\n" for number in ("N1", "N2")
    )
    add_people(tmp_path, text, effective_on=date(2025, 1, 1))
    take_rows(tmp_path, "N1,Fire,2025-03-05,10,online", "N2,Fire,2025-03-05,10,online")
    scope = scope_of(number="P04")
    document = balance(OF_Q1, scope)

    assert scope.unit_id == unit_id("Service / Desk / Team A")
    assert document["scope"]["label"] == "Team A"
    assert sums_of(document["figures"]) == HIDDEN
    assert hidden_in(document, "level") == {"Team A", "Team lead", "Senior", "Front line"}


def test_added_hours_are_read_on_and_all_else_is_read_anew(own_lumen, tmp_path):
    """Nothing tells the memory of a change: it looks at counters, as if another process wrote."""
    entry = select(Entry.id).where(Entry.employee_id == employee_id("P09")).order_by(Entry.id)
    mended = CorrectionDraft(1, date(2025, 5, 2), 45, "mended")
    to_shops = "employee_number,name,unit\nP09,Ina Iver,Shops\n"
    changes = {
        "hours": lambda: take_rows(tmp_path, "P01,Systems,2025-05-01,60,online"),
        "undone": lambda: undo_batch(last_batch(), account_id=None),
        "corrected": lambda: correct_entry(
            db.session.scalars(entry).first(), mended, account_id=None
        ),
        "hours that classify": lambda: take(
            tmp_path, "P02,Riddle,2025-05-01,1,technical", header=WITH_CATEGORY
        ),
        "undone with it": lambda: undo_batch(last_batch(), account_id=None),
        "classified": lambda: classify("Riddle", ("hospitality", 100), from_on=date(2025, 1, 1)),
        "moved": lambda: add_people(tmp_path, to_shops, effective_on=date(2025, 1, 1)),
    }
    raises, seen = [], [behind_2025()]
    for name, change in changes.items():
        shifts = ledger_version()[1]
        change()
        raises += [name] if ledger_version()[1] > shifts else []
        held = behind_2025()
        forget_years()
        assert held == behind_2025(), name
        seen.append(held)

    assert raises == ["hours that classify", "undone with it", "classified", "moved"]
    assert [len(rows) - len(seen[0]) for rows in seen[1:3]] == [1, 0]
    assert all(before != after for before, after in pairwise(seen[2:]))


def test_what_moves_nobody_and_no_entry_lets_memory_stand(own_lumen, tmp_path):
    """Else a year would be read anew whenever a trainer saves a module."""
    changes = {
        "course without hours classified": lambda: classify_file(tmp_path, "Whistling,technical"),
        "the same otherwise": lambda: classify("Whistling", ("hospitality", 100)),
        "category added": lambda: add_category(
            "music", "Music", Side.SOFT, family=False, account_id=None
        ),
        "target": lambda: set_target(
            TargetDraft(20, Definition.NARROW, date(2025, 1, 1)), account_id=None
        ),
        "published": lambda: publish(balance(OF_Q1), account_id=None),
        "account": lambda: add_account("new@example.org", [], password="long enough 97531"),
        "setting": lambda: keep_setting("aptitude_levels_down", "1"),
        "module": lambda: begin_module(module(), account_id=None),
        "category moved": lambda: move_category(
            category_ids()["hospitality"],
            date(2025, 1, 1),
            Side.HARD,
            family=False,
            account_id=None,
        ),
    }
    raises, before = [], behind_2025()
    for name, change in changes.items():
        version, shifts = ledger_version()
        change()
        assert ledger_version()[0] > version, name
        raises += [name] if ledger_version()[1] > shifts else []
        held = behind_2025()
        forget_years()
        assert held == behind_2025(), name
        assert (held == before) is (name != "category moved"), name

    assert raises == ["category moved"]


def behind_2025():
    """Return who stands behind the figures of a year, as it is held in memory."""
    found = elements_of(Circle(), ledger_version()[1], 2025, from_months=False)
    columns = (getattr(found, name).tolist() for name in found.__dataclass_fields__)
    return sorted(zip(*columns, strict=True))


def last_batch():
    return db.session.scalar(select(func.max(Batch.id)))

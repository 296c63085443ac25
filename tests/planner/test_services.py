"""Targets and publishing."""

import hashlib
import io
import json
from dataclasses import replace
from datetime import date

import pytest
from openpyxl import load_workbook

from core.errors import NotFoundError, RefusedError
from core.export.sheets import xlsx_bytes
from ledger.rules.kinds import Definition
from people.rules.levels import Level, RoleName
from planner.exports.sheets import balance_tables
from planner.queries.balances import EVERYTHING, balance
from planner.queries.reports import get_report, report_rows
from planner.queries.targets import all_targets
from planner.rules.questions import Question
from planner.services.publishing import publish
from planner.services.targets import TargetDraft, set_target
from tests.ledger.worlds import classify
from tests.planner.worlds import (
    END_OF_MARCH,
    OF_Q1,
    Q1,
    on,
    opened_everywhere,
    scope_of,
    sums_by,
    take_rows,
    unit_id,
)


def aim(percent, **changes):
    values = {"definition": Definition.NARROW, "from_on": date(2025, 1, 1), **changes}
    return set_target(TargetDraft(percent, **values), account_id=None)


def target_at(path=None, **changes):
    unit = unit_id(path) if path else None
    found = balance(replace(OF_Q1, unit_id=unit, **changes))["target"]
    return (found["percent"], found["unit_label"], found["level_label"]) if found else None


def test_without_a_target_there_is_no_gap(own_lumen):
    document = balance(OF_Q1)

    assert (document["target"], document["gap"]) == (None, None)


def test_a_target_holds_for_everything_below_until_a_unit_has_its_own(own_lumen):
    aim(20)
    aim(30, unit_id=unit_id("Service / Desk"))

    assert target_at() == (20, "All units", "every level")
    assert target_at("Shops / North") == (20, "All units", "every level")
    assert target_at("Service / Desk") == (30, "Desk", "every level")
    assert target_at("Service / Desk / Team A") == (30, "Desk", "every level")


def test_a_target_of_a_level_holds_where_that_level_is_looked_at(own_lumen):
    aim(20)
    aim(40, level=Level.MANAGER)

    assert target_at() == (20, "All units", "every level")
    assert target_at(level=Level.MANAGER) == (40, "All units", "Manager")


def test_a_target_holds_for_its_definition_and_from_its_day(own_lumen):
    aim(20)
    aim(25, from_on=date(2025, 3, 31))
    aim(28, from_on=date(2025, 4, 1))

    assert target_at() == (25, "All units", "every level")
    assert target_at(definition=Definition.BROAD) is None


def test_a_report_as_of_an_earlier_day_does_not_know_a_later_target(own_lumen):
    aim(20)

    assert target_at(as_of=END_OF_MARCH) is None


def test_the_gap_is_what_the_target_takes(own_lumen):
    aim(20)

    gap = balance(OF_Q1)["gap"]

    # Hard 1441, soft 270: 1441 / 4 - 270 rounded up; 1711 / 5 - 270 rounded up.
    assert (gap["add_minutes"], gap["swap_minutes"], gap["swap_feasible"]) == (91, 73, True)
    assert gap["best_share"] == (1711 - 180) / 1711
    assert gap["add_per_person_minutes"] == 9  # 91 over 11 people, rounded up
    assert gap["add_per_month_minutes"] == 16  # July to December


def test_a_swap_that_would_cut_compliance_is_not_feasible(own_lumen):
    question = replace(OF_Q1, unit_id=unit_id("Shops"), target_percent=20)

    gap = balance(question)["gap"]

    assert (gap["add_minutes"], gap["swap_minutes"]) == (23, 18)
    assert (gap["swap_feasible"], gap["best_share"]) == (False, 0.0)


def test_a_target_out_of_range_or_for_no_unit_is_refused(own_lumen):
    with pytest.raises(RefusedError, match="1 to 99") as refusal:
        aim(100)
    assert refusal.value.field == "percent"
    with pytest.raises(RefusedError, match="no such unit") as refusal:
        aim(20, unit_id=9999)
    assert refusal.value.field == "unit_id"
    assert all_targets() == []


def test_targets_are_listed_with_who_and_why(own_lumen):
    aim(20, why="Service year", unit_id=unit_id("Shops / North"), level=Level.SENIOR)

    [row] = all_targets()

    assert (row.percent, row.unit_label, row.level_label, row.why, row.who) == (
        20, "Shops / North", "Senior", "Service year", "Command line",
    )  # fmt: skip


@pytest.fixture
def published(own_lumen):
    aim(20)
    document = balance(opened_everywhere(OF_Q1))
    return publish(document, account_id=None), document


def test_a_published_report_opens_as_it_was_signed(published, tmp_path):
    report, document = published
    before = get_report(report.id, EVERYTHING)

    take_rows(tmp_path, "P12,Welcome,2025-03-05,60,classroom")
    classify("Riddle", ("hospitality", 100))
    aim(50)

    after = get_report(report.id, EVERYTHING)
    assert after == before
    assert after.document == document
    assert balance(opened_everywhere(OF_Q1)) != document
    assert hashlib.sha256(after.text.encode()).hexdigest() == after.sha256


def test_the_frozen_text_says_when_and_names_nobody(published):
    report, _ = published

    content = json.loads(get_report(report.id, EVERYTHING).text)

    assert "published_by" not in content
    assert content["published_at"] == "2025-07-01T09:00:00+00:00"


def test_the_workbook_of_a_report_holds_its_figures(published):
    report, document = published
    frozen = get_report(report.id, EVERYTHING)

    book = load_workbook(io.BytesIO(xlsx_bytes(balance_tables(frozen.document))))

    rows = list(book["By unit"].values)
    start = next(at for at, row in enumerate(rows) if row[0] == "Unit")
    found = {row[0]: row[2:5] for row in rows[start + 1 :] if row[0]}
    expected = {label: sums[:3] for label, sums in sums_by(document, "unit").items()}
    assert {label: found[label] for label in expected} == expected


def test_no_report_is_a_sentence(own_lumen):
    with pytest.raises(NotFoundError, match="no such report"):
        get_report(1, EVERYTHING)


def test_groups_only_readers_see_no_report_without_a_version_for_them(published):
    executive = scope_of(RoleName.EXECUTIVE)
    other = publish(balance(OF_Q1, executive), account_id=None)

    assert [row.id for row in report_rows(EVERYTHING)] == [other.id, published[0].id]
    assert report_rows(executive) == []
    for report in (other, published[0]):
        with pytest.raises(NotFoundError):
            get_report(report.id, executive)


def test_groups_only_readers_open_the_same_report_as_groups(own_lumen):
    executive = scope_of(RoleName.EXECUTIVE)
    whole, as_groups = balance(OF_Q1), balance(OF_Q1, executive)
    report = publish(whole, account_id=None, for_groups=as_groups)

    seen, signed = get_report(report.id, executive), get_report(report.id, EVERYTHING)

    assert (seen.document, signed.document) == (as_groups, whole)
    assert seen.sha256 == signed.sha256
    assert seen.text is None
    assert [row.id for row in report_rows(executive)] == [report.id]


def test_managers_of_a_part_see_no_report_of_the_whole(published):
    manager = scope_of(number="P02")

    assert report_rows(manager) == []
    with pytest.raises(NotFoundError):
        get_report(published[0].id, manager)


def test_a_report_of_a_unit_names_it(own_lumen):
    document = balance(Question(Q1, unit_id=unit_id("Shops")))

    with on(date(2025, 7, 2)):
        publish(document, account_id=None)

    [row] = report_rows(EVERYTHING)
    assert (row.scope_label, row.period_label) == ("Shops", "Q1 2025")

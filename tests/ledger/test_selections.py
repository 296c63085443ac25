"""The rows behind a figure add up to it, whichever way a balance is cut."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from core.clock import at
from core.db import db
from core.errors import NotFoundError, RefusedError
from ledger.models import Batch, Category, Entry
from ledger.queries import narrowing
from ledger.queries.selections import (
    selected_lines,
    selected_page,
    selection_names,
    selection_totals,
)
from ledger.rules.corrections import CorrectionDraft
from ledger.rules.kinds import Basis, Definition, Kind, Side
from ledger.rules.selections import Selection, selection_from
from ledger.services.classifying import move_category
from ledger.services.correcting import correct_entry
from people.models import Employee, Unit
from people.queries.visibility import BalanceScope, visible_employees
from people.rules.access import Viewer
from people.rules.levels import Level
from planner.queries.balances import balance
from planner.rules.addresses import rows_address
from planner.rules.periods import parse
from planner.rules.questions import Question, Structure
from tests.ledger.worlds import PEOPLE, add_people, classify, course_id, take

TODAY = datetime(2026, 5, 20, 9, tzinfo=UTC)
HEADER = "employee_number,course,date,hours,delivery"
HOURS = (
    "E1,Complaints,2026-01-10,1:30,classroom",
    "E1,Till,2026-01-12,2,online",
    "E2,Complaints,2026-02-03,0:50,coaching",
    "E2,Mixed,2026-02-04,1:11,",
    "E3,Mixed,2026-02-20,0:37,online",
    "E3,Nobody knows,2026-03-01,3,on_the_job",
    "E1,Nobody knows,2026-03-15,0:45,",
    "E1,Team spirit,2026-03-16,2:15,classroom",
    "E3,Team spirit,2026-04-30,1:00,classroom",
    "E2,Till,2026-04-01,4,online",
    "E5,Till,2026-04-02,1,online",
)
SESSIONS = ("Complaints,2026-02-01,2,classroom", "Nobody knows,2026-02-02,1:10,")


@pytest.fixture
def world(built_once, tmp_path):
    built_once(many_changes, tmp_path)
    with at(TODAY):
        yield


def many_changes(tmp_path):
    """Splits, a move of people, a reclassification, a correction and a moved category."""
    with at(datetime(2026, 3, 20, 9, tzinfo=UTC)):
        add_people(tmp_path, PEOPLE + "E5,Eb Free,,,,\n")
        take(tmp_path, *HOURS[:8], header=HEADER)
        take(tmp_path, *SESSIONS, header="course,date,hours,delivery", basis=Basis.CONTACT)
        classify("Complaints", ("service_recovery", 100))
        classify("Till", ("technical", 100))
        classify("Mixed", ("compliance", 67), ("hospitality", 33))
        classify("Team spirit", ("other_soft", 100), from_on=date(2026, 3, 1))
    with at(datetime(2026, 5, 2, 9, tzinfo=UTC)):
        take(tmp_path, *HOURS[8:], header=HEADER)
        moved = "employee_number,unit,site,level\nE1,Finance,Airport,senior\n"
        add_people(tmp_path, moved, effective_on=date(2026, 3, 10))
        classify("Till", ("operational", 50), ("experiential", 50), from_on=date(2026, 4, 2))
        category = _one(select(Category.id).where(Category.code == "hospitality"))
        move_category(category, date(2026, 2, 10), Side.HARD, False, account_id=None)
        wrong = _one(
            select(Entry.id).where(
                Entry.course_id == course_id("Complaints"), Entry.done_on == date(2026, 2, 3)
            )
        )
        draft = CorrectionDraft(course_id("Complaints"), date(2026, 2, 3), 65, "it ran longer")
        correct_entry(wrong, draft, account_id=None)


def _one(query):
    return db.session.scalars(query).one()


def unit_called(path):
    return _one(select(Unit.id).where(Unit.path == path))


EVERYTHING = BalanceScope(None, None, groups_only=False)


def questions():
    """Return balances that differ in every choice there is."""
    team = unit_called("Operations / Contact centre")
    periods = ("all", "2026-q1", "2026-03", "2026-02-04..2026-04-02", "..2026-03-15")
    for name in periods:
        for definition in Definition:
            yield Question(parse(name, TODAY.date()), definition=definition)
    usual = parse("all", TODAY.date())
    yield Question(usual, as_of=date(2026, 3, 31))
    yield Question(usual, as_of=date(2026, 1, 1))
    yield Question(usual, structure=Structure.TODAY)
    yield Question(usual, structure=Structure.TODAY, as_of=date(2026, 4, 1), unit_id=team)
    yield Question(usual, basis=Basis.CONTACT)
    yield Question(usual, unit_id=team)
    yield Question(usual, level=Level.FRONTLINE)
    finance = unit_called("Finance")
    yield Question(usual, unit_id=finance, level=Level.SENIOR, definition=Definition.BROAD)


def figures_of(question, scope=EVERYTHING):
    """Yield every figure of a balance with the address of its rows."""
    units = frozenset(db.session.scalars(select(Unit.id)))
    opened = Question(**{**vars(question), "opened": units})
    document = balance(opened, scope, demo=False)
    yield rows_address(opened, "all", None), document["figures"]
    for cut, table in document["tables"].items():
        for row in table["rows"]:
            yield rows_address(opened, cut, row), row


def summed(lines):
    parts = ("minutes", "hard_minutes", "soft_minutes", "unclassified_minutes")
    return tuple(sum(getattr(line, part) for line in lines) for part in parts)


@pytest.mark.parametrize("dense_part", [0, 20])
def test_the_rows_behind_every_figure_of_a_balance_add_up_to_it(world, monkeypatch, dense_part):
    # 0: the database leaves out whom it can; 20: in a ledger this small, it reads every entry.
    monkeypatch.setattr(narrowing, "DENSE_PART", dense_part)
    checked = 0
    for question in questions():
        for address, row in figures_of(question):
            selection = selection_from(address)
            totals = selection_totals(selection, None)
            lines = list(selected_lines(selection, None))
            minutes = row.get("total_minutes", row.get("minutes"))
            assert (totals.minutes, totals.entries) == (minutes, row["entries"]), address
            assert summed(lines) == (
                totals.minutes, totals.hard_minutes, totals.soft_minutes,
                totals.unclassified_minutes,
            ), address  # fmt: skip
            assert sum(line.sign for line in lines) == totals.entries
            if "total_minutes" in row:
                assert totals.soft_minutes == row["soft_minutes"], address
                assert totals.hard_minutes == row["hard_minutes"], address
            checked += 1
    assert checked > 200


def test_pages_of_a_list_hold_every_line_once_newest_first(world):
    seen, place = [], None
    while True:
        page = selected_page(Selection(), None, place, 3)
        seen += page.lines
        place = page.following
        if place is None:
            break

    assert [line.id for line in seen] == [line.id for line in selected_lines(Selection(), None)]
    assert len({line.id for line in seen}) == len(seen) == 13
    assert [line.done_on for line in seen] == sorted((x.done_on for x in seen), reverse=True)


def test_lines_of_a_split_course_show_the_part_in_the_category(world):
    asked = Selection(category="compliance", course_id=course_id("Mixed"))

    lines = list(selected_lines(asked, None))

    assert [(line.minutes, line.entry_minutes) for line in lines] == [(25, 37), (48, 71)]


def test_a_correction_shows_as_a_reversal_and_a_new_line_with_its_reason(world):
    asked = Selection(course_id=course_id("Complaints"), from_on=date(2026, 2, 1))

    lines = list(selected_lines(asked, None))

    assert [(line.minutes, line.sign, line.why) for line in lines] == [
        (65, 1, "it ran longer"),
        (-50, -1, "it ran longer"),
        (50, 1, None),
    ]
    assert lines[1].reverses_id == lines[2].id
    assert lines[2].reversed_by == lines[1].id
    totals = selection_totals(asked, None)
    assert (totals.entries, totals.minutes) == (1, 65)


def test_somebody_who_does_not_see_everyone_gets_the_people_in_sight_and_no_contact_hours(world):
    ada = _one(select(Employee.id).where(Employee.number == "E1"))
    viewer = Viewer(1, "Ada", ada, frozenset(), manages=False)
    visible = visible_employees(viewer, TODAY.date())

    assert {line.person_number for line in selected_lines(Selection(), visible)} == {"E1"}
    assert selection_totals(Selection(), visible).minutes == 90 + 120 + 45 + 135
    assert list(selected_lines(Selection(basis=Basis.CONTACT), visible)) == []
    assert selection_totals(Selection(basis=Basis.CONTACT), visible).minutes == 0


def test_figures_of_a_circle_of_people_are_their_rows(world):
    ada = _one(select(Employee.id).where(Employee.number == "E1"))
    visible = select(Employee.id).where(Employee.id == ada)
    question = Question(parse("all", TODAY.date()))

    for address, row in figures_of(question, BalanceScope(visible, None, groups_only=False)):
        totals = selection_totals(selection_from(address), visible)
        minutes = row.get("total_minutes", row.get("minutes"))
        assert (totals.minutes, totals.entries) == (minutes, row["entries"]), address


def test_a_batch_has_the_lines_of_its_file(world):
    first = _one(select(Batch.id).order_by(Batch.id).limit(1))

    lines = list(selected_lines(Selection(batch_id=first), None))

    assert sorted(line.line for line in lines) == [2, 3, 4, 5, 6, 7, 8, 9]


@pytest.mark.parametrize(
    "arguments",
    [
        {"from": "tomorrow"},
        {"from": "1800-01-01"},
        {"from": "2026-02-01", "to": "2026-01-01"},
        {"basis": "guess"},
        {"definition": "wide"},
        {"structure": "now"},
        {"direct": "yes"},
        {"unit": "0"},
        {"unit": "-1"},
        {"unit": "99999999999999999999"},
        {"unit": "²"},
        {"level": "wizard"},
        {"site": "harbour"},
        {"delivery": "pigeon"},
        {"kind": "sharp"},
        {"category": "a" * 61},
        {"category": "a\x00b"},
        {"person": "E1"},
        {"batch": "1 or 1"},
    ],
)
def test_an_address_that_means_nothing_is_refused_with_its_field(arguments):
    with pytest.raises(RefusedError) as refused:
        selection_from(arguments)

    assert refused.value.field == list(arguments)[-1]


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"from": "2026-01-01", "to": "2026-03-31", "basis": "contact", "definition": "broad"},
        {"unit": "none", "level": "none", "site": "none", "delivery": "none"},
        {"unit": "3", "direct": "1", "as_of": "2026-01-31", "structure": "today"},
        {"category": "unclassified", "kind": "none", "person": "7", "course": "8", "batch": "9"},
    ],
)
def test_an_address_says_the_same_after_it_was_read(arguments):
    usual = {"basis": "learner", "definition": "narrow", "structure": "then"}

    assert selection_from(arguments).address() == usual | arguments


@pytest.mark.parametrize(
    "arguments",
    [{"unit": "999"}, {"site": "999"}, {"course": "999"}, {"batch": "999"}, {"category": "nope"}],
)
def test_what_does_not_exist_is_not_found(world, arguments):
    with pytest.raises(NotFoundError):
        selection_names(selection_from(arguments), None)


def test_a_kind_tells_the_days_before_a_category_was_moved_from_those_after(world):
    before = Selection(category="hospitality", kind=Kind.FAMILY)
    after = Selection(category="hospitality", kind=Kind.HARD)

    assert selection_totals(before, None).minutes == 23
    assert selection_totals(after, None).minutes == 12

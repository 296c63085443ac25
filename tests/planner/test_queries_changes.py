"""What happens to balances when people move and records are mended, and what stays as it was."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from core.db import db
from ledger.models import Batch
from ledger.rules.corrections import CorrectionDraft
from ledger.rules.kinds import Side
from ledger.services.classifying import move_category
from ledger.services.correcting import correct_entry, undo_batch
from planner.exports.pdf import balance_pdf
from planner.queries.balances import balance
from planner.rules.questions import Structure
from tests.ledger.worlds import add_people, assert_rollups, classify, course_id
from tests.planner.worlds import (
    END_OF_MARCH,
    FROM_THE_FIRST_OF_JUNE,
    OF_Q1,
    entry_id,
    months_of,
    on,
    opened_everywhere,
    sums_by,
    sums_of,
    take_rows,
)

MARCH_VIEW = replace(OF_Q1, as_of=END_OF_MARCH)
WHOLE = (1441, 270, 80, 11, 16)


def sums(question):
    return sums_of(balance(question)["figures"])


def move(folder, day, *rows):
    text = "\n".join(["employee_number,name,unit,site,level", *rows]) + "\n"
    add_people(folder, text, effective_on=day)


def correct(number, day, minutes, **changes):
    course = course_id(changes.pop("course"))
    draft = CorrectionDraft(course, changes.pop("on", day), minutes, "typed wrongly")
    correct_entry(entry_id(number, day), draft, account_id=None)


def import_of(kind="hours", last=True):
    query = select(Batch.id).where(Batch.basis == "learner").order_by(Batch.id)
    found = db.session.scalars(query).all()
    return found[-1] if last else found[0]


def anything_later(folder):
    """Everything that may happen after 31 March."""
    classify("Systems", ("relationship", 100), from_on=FROM_THE_FIRST_OF_JUNE)
    classify("Riddle", ("experiential", 100))
    move_category(5, date(2025, 1, 1), Side.HARD, False, account_id=None)
    correct("P07", date(2025, 2, 28), 20, course="Cleaning")
    take_rows(folder, "P12,Welcome,2025-03-05,60,classroom")
    move(folder, date(2025, 2, 1), "P08,Hal Haug,Shops / North,Bergen,senior")
    move(folder, date(2025, 6, 1), "P02,Bo Berg,Shops,Oslo,executive")


def test_reclassifying_from_june_leaves_the_report_of_march_identical_to_the_byte(
    own_lumen, tmp_path
):
    question = opened_everywhere(MARCH_VIEW)
    document = balance(question)
    paper = balance_pdf(document)

    classify("Systems", ("hospitality", 100), from_on=FROM_THE_FIRST_OF_JUNE)

    again = balance(question)
    assert again == document
    assert balance_pdf(again) == paper
    assert sums(OF_Q1) == WHOLE


@pytest.mark.parametrize("by_today", [False, True], ids=["on the day", "today"])
def test_whatever_happens_later_the_report_of_march_stays(own_lumen, tmp_path, by_today):
    question = opened_everywhere(MARCH_VIEW)
    with on(date(2025, 4, 1)):
        document = balance(question)
        paper = balance_pdf(document)

    with on(date(2025, 8, 15)):
        anything_later(tmp_path)
        again = balance(question)
        assert again == document
        assert balance_pdf(again) == paper
    assert_rollups()


def test_a_course_reclassified_from_the_beginning_changes_now_but_not_then(own_lumen):
    classify("Riddle", ("hospitality", 100))

    assert sums(OF_Q1) == (1441, 350, 0, 11, 16)
    assert sums(MARCH_VIEW) == WHOLE


def test_a_reclassification_counts_from_its_day_on(own_lumen):
    classify("Systems", ("hospitality", 100), from_on=date(2025, 3, 1))

    assert months_of(balance(OF_Q1)) == {
        "2025-01": (611, 90, 0, None, 5),
        "2025-02": (350, 30, 35, None, 5),
        "2025-03": (240, 390, 45, None, 6),
    }


def test_a_correction_counts_now_and_not_before_it(own_lumen):
    correct("P07", date(2025, 2, 28), 20, course="Cleaning")

    assert sums(OF_Q1) == (1261, 270, 80, 11, 16)
    assert sums(replace(OF_Q1, as_of=date(2025, 6, 30))) == WHOLE
    assert sums(replace(OF_Q1, as_of=date(2025, 7, 1))) == (1261, 270, 80, 11, 16)


def test_an_entry_corrected_away_leaves_nobody_behind(own_lumen):
    correct("P08", date(2025, 3, 10), None, course="Catalogue")

    assert sums(OF_Q1) == (1291, 270, 80, 10, 15)


def test_a_correction_to_another_day_moves_between_months(own_lumen):
    correct("P06", date(2025, 1, 31), 50, course="Recovery", on=date(2025, 2, 1))

    assert months_of(balance(OF_Q1))["2025-01"] == (611, 40, 0, None, 4)
    assert months_of(balance(OF_Q1))["2025-02"] == (350, 80, 35, None, 6)


def test_a_late_import_counts_now_and_not_before_it(own_lumen, tmp_path):
    take_rows(tmp_path, "P12,Welcome,2025-03-05,60,classroom")

    assert sums(OF_Q1) == (1441, 330, 80, 12, 17)
    assert sums(MARCH_VIEW) == WHOLE


def test_an_undone_import_is_gone_now_and_still_there_then(own_lumen):
    undo_batch(import_of(last=False), account_id=None)

    assert sums(OF_Q1) == (0, 0, 0, 0, 0)
    assert sums(MARCH_VIEW) == WHOLE


def test_a_move_counts_from_its_day_and_today_if_asked(own_lumen, tmp_path):
    move(tmp_path, date(2025, 3, 1), "P07,Gus Gran,Shops / North,Oslo,senior")

    then = sums_by(balance(opened_everywhere(OF_Q1)), "unit")
    assert then["Team B"] == (350, 50, 0, 3, 3)
    assert then["North"] == (90, 80, 0, 2, 2)
    assert then["Shops"] == (90, 80, 35, 3, 3)
    today = sums_by(balance(opened_everywhere(OF_Q1, structure=Structure.TODAY)), "unit")
    assert today["Team B"] == (150, 50, 0, 2, 2)
    assert today["North"] == (290, 80, 0, 2, 3)
    assert today["Service"] == (1151, 190, 45, 8, 12)
    assert sums_by(balance(replace(OF_Q1, structure=Structure.TODAY)), "level")["Senior"] == (
        420, 180, 0, 3, 6,
    )  # fmt: skip


def test_a_move_told_late_is_not_known_before(own_lumen, tmp_path):
    move(tmp_path, date(2025, 2, 1), "P07,Gus Gran,Shops / North,Oslo,senior")

    assert sums_by(balance(opened_everywhere(OF_Q1)), "unit")["North"] == (290, 80, 0, 2, 3)
    assert sums_by(balance(opened_everywhere(MARCH_VIEW)), "unit")["North"] == (90, 0, 0, 1, 1)


def test_whatever_happens_children_sum_to_their_parent(own_lumen, tmp_path):
    anything_later(tmp_path)

    for structure in Structure:
        document = balance(opened_everywhere(OF_Q1, structure=structure))
        whole = document["figures"]["total_minutes"]
        assert whole == 1791 - 180 + 60
        for cut in ("unit", "level", "site", "delivery"):
            rows = document["tables"][cut]["rows"]
            added = sum(r["total_minutes"] for r in rows if not r["total"] and not r["depth"])
            assert added == whole, cut

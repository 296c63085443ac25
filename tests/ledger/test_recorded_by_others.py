"""A file replaces what somebody else recorded only where hours may be corrected."""

import pytest

from core.db import db
from ledger.models import Batch
from tests.ledger.test_views_imports import bring, record, refused
from tests.ledger.worlds import add_people, assert_rollups, counts, standing, take

HEADER = "employee_number,course,date,minutes,external_id"
OTHER = "The entry with this id says something else and was recorded by somebody else."


@pytest.fixture
def trainer(browser, tmp_path):
    add_people(tmp_path)
    take(
        tmp_path,
        "E1,Fire,2025-02-01,60,77",
        "E2,Fire,2025-02-01,60,78",
        header=HEADER,
    )
    browser.sign_in("trainer")
    return browser


def stand():
    return sorted((row[0], row[3], row[8]) for row in standing())


def test_a_trainer_does_not_replace_what_somebody_else_recorded(trainer):
    address = bring(
        trainer,
        f"{HEADER}\nE1,Fire,2025-02-01,5,77\nE2,Fire,2025-02-01,60,78\nE2,Tour,2025-02-02,9,79\n",
    )
    page = trainer.get(address)

    report = record(trainer, address)

    assert refused(page)[0][-2:] == [OTHER, "Ask HR to correct the entry."]
    assert OTHER in report.text
    assert stand() == [("E1", 60, "77"), ("E2", 9, "79"), ("E2", 60, "78")]
    assert_rollups()


def test_a_trainer_replaces_what_they_recorded_themselves(trainer):
    record(trainer, bring(trainer, f"{HEADER}\nE1,Tour,2025-02-02,9,79\n"))

    record(trainer, bring(trainer, f"{HEADER}\nE1,Tour,2025-02-02,12,79\n"))

    assert stand() == [("E1", 12, "79"), ("E1", 60, "77"), ("E2", 60, "78")]
    assert_rollups()


def test_hr_and_the_command_replace_what_anybody_recorded(trainer, tmp_path):
    record(trainer, bring(trainer, f"{HEADER}\nE1,Tour,2025-02-02,9,79\n"))
    trainer.sign_in("hr")

    record(trainer, bring(trainer, f"{HEADER}\nE1,Tour,2025-02-02,12,79\n"))
    db.session.rollback()
    by_command = take(tmp_path, "E1,Tour,2025-02-02,15,79", header=HEADER)

    assert counts(by_command) == (0, 0, 1, 0, 0)
    assert stand() == [("E1", 15, "79"), ("E1", 60, "77"), ("E2", 60, "78")]
    assert_rollups()


@pytest.mark.parametrize(
    ("role", "reason", "remedy"),
    [
        ("trainer", "The person had left by then.", "Check the day, or ask HR."),
        (
            "hr",
            "The person left on 30 June 2024, before this day.",
            "Check the day, or change the leaving day.",
        ),
    ],
)
def test_the_last_day_of_a_leaver_is_told_to_those_who_see_everybody(trainer, role, reason, remedy):
    trainer.sign_in(role)
    address = bring(trainer, f"{HEADER}\nE4,Fire,2025-02-01,5,80\nE1,Fire,2025-02-03,5,81\n")
    page = trainer.get(address)

    report = record(trainer, address)
    stored = db.session.get_one(Batch, 2).counts["reasons"]

    assert refused(page)[0][-2:] == [reason, remedy]
    assert reason in report.text
    assert stored == {reason: 1}

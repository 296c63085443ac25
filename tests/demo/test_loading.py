"""The demo organisation once it is loaded: what people find who open it."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from core.clock import at
from core.db import db
from core.errors import RefusedError
from curricula.models.sessions import SessionClosing
from demo.services.loading import demo_is_loaded, load_demo
from ledger.models import Batch, CourseSum, Entry, PersonMonth, RejectedRow
from ledger.queries.checking import check_rollups
from people.models import Account, Assignment, Employee, PeopleBatch, Unit
from people.queries.visibility import everyone_below
from people.rules.levels import Level
from people.services.signing import authenticate
from planner.models import MixTarget, PublishedReport
from planner.queries.balances import EVERYTHING, balance
from planner.rules.periods import all_recorded, between
from planner.rules.questions import Question
from tests.demo.conftest import OPENED_AT

YEAR = Question(between(date(2025, 10, 1), date(2026, 9, 30)))


def share(question):
    return balance(question, EVERYTHING, demo=True)["figures"]["soft_share"]


def test_hard_to_soft_is_about_ninety_two_to_eight(demo):
    assert 0.07 < share(Question(all_recorded())) < 0.09


def test_the_soft_share_rises_slowly_in_the_last_year(demo):
    halves = [
        share(Question(between(date(2025, 10, 1), date(2026, 3, 31)))),
        share(Question(between(date(2026, 4, 1), date(2026, 9, 30)))),
    ]
    year_before = share(Question(between(date(2024, 10, 1), date(2025, 9, 30))))

    assert year_before < halves[0] < halves[1] < 0.12


def test_every_sum_equals_the_entries(demo):
    found = check_rollups()

    assert found.difference_count == 0
    assert 25_000 < found.entries < 40_000


def test_loading_again_does_nothing(demo):
    before = db.session.scalar(select(func.count()).select_from(Entry))

    assert demo_is_loaded()
    assert load_demo().was_there
    assert db.session.scalar(select(func.count()).select_from(Entry)) == before


@pytest.mark.engines("sqlite")
def test_a_database_with_people_is_left_alone(database):
    db.session.add(Employee(number="1", name="Ana", name_key="ana"))
    db.session.commit()

    with pytest.raises(RefusedError, match="This database holds people already"):
        load_demo()


def test_nothing_is_recorded_before_it_happened_or_after_today(demo):
    for model in (Batch, PeopleBatch):
        moments = list(db.session.scalars(select(model.recorded_at).order_by(model.id)))
        assert moments == sorted(moments)
        assert moments[-1] <= OPENED_AT
    late = select(func.count()).select_from(Entry).join(Batch, Batch.id == Entry.batch_id)
    assert db.session.scalar(late.where(Entry.done_on > func.date(Batch.recorded_at))) == 0


def test_a_report_as_of_a_past_day_counts_what_was_known_then(demo):
    quarter = between(date(2026, 7, 1), date(2026, 9, 30))
    known = balance(Question(quarter, as_of=date(2026, 9, 30)), EVERYTHING, demo=True)
    known_later = balance(Question(quarter, as_of=date(2026, 10, 2)), EVERYTHING, demo=True)

    sheets = select(func.sum(SessionClosing.minutes)).where(
        SessionClosing.closed_at < datetime(2026, 10, 1, tzinfo=UTC)
    )
    # A closed sheet is known at once; what other systems recorded comes with the file of October.
    assert known["figures"]["total_minutes"] == db.session.scalar(sheets) == 6450
    assert known_later["figures"]["total_minutes"] > 100_000


def test_one_leader_has_no_soft_hour(demo):
    leaders = select(Assignment.employee_id).where(
        Assignment.level == Level.EXECUTIVE, Assignment.superseded_at.is_(None)
    )
    softened = select(PersonMonth.employee_id).where(
        PersonMonth.family_minutes + PersonMonth.other_soft_minutes > 0
    )
    without = leaders.where(Assignment.employee_id.not_in(softened)).distinct()

    assert len(db.session.scalars(leaders.distinct()).all()) == 6
    assert len(db.session.scalars(without).all()) == 1


def test_one_region_is_far_better_and_some_teams_have_nothing(demo):
    def of(path):
        unit_id = db.session.scalars(select(Unit.id).where(Unit.path == path)).one()
        return share(Question(YEAR.period, unit_id=unit_id))

    assert 0.20 < of("Shops / Coast") < 0.32
    assert of("Contact centre / Night line") == 0
    assert of("Back office / Billing") == 0
    assert of("Field service / Installations") == 0


def test_a_dozen_titles_decide_four_fifths_of_the_unclassified_hours(demo):
    minutes = sorted(db.session.scalars(select(CourseSum.unclassified_minutes)), reverse=True)
    total = db.session.scalar(select(func.sum(Entry.minutes)))

    assert 0.04 < sum(minutes) / total < 0.06
    assert 0.74 < sum(minutes[:12]) / sum(minutes) < 0.86


def test_one_file_was_undone_one_entry_corrected_one_file_had_refused_rows(demo):
    kinds = dict(db.session.execute(select(Batch.kind, func.count()).group_by(Batch.kind)).all())
    correction = db.session.scalars(select(Batch).where(Batch.kind == "correction")).one()
    refused = db.session.execute(
        select(RejectedRow.batch_id, func.count()).group_by(RejectedRow.batch_id)
    ).all()

    assert kinds == {
        "import": 13, "attendance": 9, "classification": 1, "undo": 1, "correction": 1,
    }  # fmt: skip
    assert correction.why.startswith("Typed as 10:00 instead of 1:00")
    assert correction.account_id is not None
    assert [count for _, count in refused] == [9]


def test_the_last_quarter_is_published(demo):
    report = db.session.scalars(select(PublishedReport)).one()

    assert report.period_label == "Q3 2026"
    assert report.published_at.date() == date(2026, 10, 5)


def test_targets_are_set_for_all_and_for_one_region(demo):
    found = db.session.execute(select(MixTarget.percent, MixTarget.from_on)).all()

    assert found == [(20, date(2026, 1, 1)), (30, date(2026, 1, 1))]


def test_six_people_can_be_signed_in_as_by_one_click_and_none_by_password(demo):
    accounts = db.session.scalars(select(Account).order_by(Account.id)).all()

    others = [one for one in accounts if one.demo_role is None]
    assert [(one.password, one.roles) for one in others] == [(None, [])] * 6
    assert [one.demo_role for one in accounts if one.demo_role] == [
        "hr",
        "trainer",
        "manager",
        "executive",
        "chief",
        "learner",
    ]
    assert all(one.employee_id for one in accounts)
    for password in ("", "password", "demo", "hr"):
        with pytest.raises(RefusedError):
            authenticate("hr@meridian.example", password)


def test_three_have_a_tree_of_their_own_and_the_chief_executive_has_all_others(demo):
    asked = select(Account.demo_role, Account.employee_id).where(Account.demo_role.is_not(None))
    ids = dict(db.session.execute(asked).all())

    below = {role: set(everyone_below(id_, date(2026, 10, 15))) for role, id_ in ids.items()}

    assert 40 <= len(below["manager"]) <= 90
    assert 5 <= len(below["executive"]) <= 20
    assert set(ids.values()) - below["chief"] == {ids["chief"]}


def test_the_command_says_what_it_did(demo_app):
    with at(OPENED_AT):
        answer = demo_app.test_cli_runner().invoke(args=["demo", "load"])

    assert answer.exit_code == 0, answer.output
    assert "is here already" in answer.output

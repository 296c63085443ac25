"""Sessions through their lives: scheduled, filled, changed, attended, closed and taken back."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from sqlalchemy import func, select

from core.clock import at
from core.db import db
from core.errors import NotFoundError, RefusedError
from core.jobs import Job, queue_due, run_here
from curricula.models.notices import Notice
from curricula.models.outcomes import Completion, CompletionWithdrawal
from curricula.models.sessions import Enrolment, SessionClosing, SessionDay
from curricula.queries.clashes import clashes_of_people, staffing_of
from curricula.rules.attending import Presence
from curricula.rules.sessions import Span, TypedDay
from curricula.services.attending import close_sheet, save_sheet, sign_in, undo_closing
from curricula.services.ending import end_after_marks
from curricula.services.enrolling import (
    decide_request,
    enrol_people,
    request_seat,
    take_offer,
    withdraw,
)
from curricula.services.modules import begin_version, publish_module, retire_module
from curricula.services.sessions import (
    ask_for_module,
    cancel_session,
    change_session,
    schedule_session,
    set_staffing_minimum,
)
from ledger.models import Batch, Entry
from ledger.rules.corrections import CorrectionDraft
from ledger.services.correcting import correct_entry, undo_batch
from people.models import Employee, Unit
from tests.curricula.classes import (
    BEGINS,
    DAY,
    NOW,
    draft,
    enrolment_id,
    here,
    later,
    numbers,
    published,
    scheduled,
    standing,
    trainer_account,
)
from tests.curricula.learners import counted

pytestmark = pytest.mark.usefixtures("database", "second_of_november")


def told(kind: str) -> list[int]:
    db.session.rollback()
    asked = select(Notice.employee_id).where(Notice.kind == kind).order_by(Notice.id)
    return list(db.session.scalars(asked))


def test_a_session_keeps_its_times_in_utc_and_tells_them_in_its_zone():
    session_id = scheduled()

    held = here(session_id)
    assert held.starts_at == BEGINS
    assert held.ends_at == BEGINS + timedelta(hours=2)
    assert (held.status.value, held.minutes, held.calendar_sequence) == ("open", 120, 0)
    day = db.session.scalars(select(SessionDay)).one()
    assert (day.position, day.minutes, day.room) == (1, 120, "Room 2")


def test_several_days_share_the_minutes_by_their_length():
    days = (TypedDay(DAY, time(9), time(12)), TypedDay(date(2026, 11, 20), time(9), time(10)))

    session_id = scheduled(days=days)

    asked = select(SessionDay.minutes).where(SessionDay.session_id == session_id)
    assert list(db.session.scalars(asked.order_by(SessionDay.position))) == [90, 30]


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        (
            (TypedDay(date(2027, 3, 28), time(2, 30), time(5)),),
            "There is no 02:30 on 28 March 2027 in Europe/Berlin: the clocks go forward then.",
        ),
        ((TypedDay(DAY, time(12), time(10)),), "it ends at 10:00, before it begins at 12:00"),
        ((TypedDay(DAY, time(10), time(11)),), "The training takes 2\u202fh, the times give 1"),
        ((TypedDay(DAY, time(9), time(11)), TypedDay(DAY, time(10), time(12))), "overlap"),
    ],
)
def test_times_that_cannot_be_are_refused(days, sentence):
    module_id = published()

    with pytest.raises(RefusedError, match=sentence):
        schedule_session(draft(module_id, days=days), account_id=None, confirmed=False)


def test_only_a_published_module_is_scheduled():
    with pytest.raises(RefusedError, match="Publish it first"):
        schedule_session(draft(99), account_id=None, confirmed=False)


def test_trainer_and_room_needed_twice_are_refused_unless_meant_so():
    trainer = trainer_account()
    module_id = published()
    scheduled(module_id, trainer_account_id=trainer)
    second = draft(module_id, trainer_account_id=trainer, days=(TypedDay(DAY, time(11), time(13)),))

    with pytest.raises(RefusedError) as refusal:
        schedule_session(second, account_id=None, confirmed=False)

    assert refusal.value.message == (
        "Trainer is also in “Title of HOS-01” on Thursday 19 November 2026, 10:00 to 12:00."
        " Room 2 is also in “Title of HOS-01” on Thursday 19 November 2026, 10:00 to 12:00."
        " Choose another time, or tick that it is meant so."
    )
    assert schedule_session(second, account_id=None, confirmed=True)


def test_one_after_the_other_in_one_room_is_no_clash():
    module_id = published()
    scheduled(module_id)

    assert scheduled(module_id, days=(TypedDay(DAY, time(12), time(14)),))


def test_people_with_a_seat_elsewhere_at_that_time_are_named(ids):
    module_id = published()
    first = scheduled(module_id)
    enrol_people(first, numbers(ids, 1, 2), account_id=None)

    found = clashes_of_people(numbers(ids, 1, 3), [Span(BEGINS, later(hours=1))], None)

    assert [one.sentence for one in found[ids["P01"]]] == [
        "Amara Nwosu is also in “Title of HOS-01” on Thursday 19 November 2026, 10:00 to 12:00."
    ]
    assert list(found) == [ids["P01"]]


def test_a_unit_left_with_too_few_people_is_warned_about(ids):
    session_id = scheduled()
    unit_id = db.session.scalars(select(Unit.id).where(Unit.name == "Voice")).one()
    set_staffing_minimum(unit_id, 8, account_id=None)
    enrol_people(session_id, numbers(ids, 1, 2, 11), account_id=None)
    assert [one.is_short for one in staffing_of(session_id)] == [False]

    other = scheduled(published("HOS-02"), room="Room 3")
    enrol_people(other, numbers(ids, 3), account_id=None)

    assert [one.sentence for one in staffing_of(session_id) if one.is_short] == [
        "Voice would have 7 people at work on 19 November 2026: 3 of 10 are in training at the"
        " same time, and 8 have to stay."
    ]


def test_twelve_on_ten_seats_and_the_first_who_waits_moves_up(ids):
    session_id = scheduled()

    outcome = enrol_people(session_id, numbers(ids, *range(1, 13)), account_id=None)
    assert outcome.sentence == ("10 people have a seat now, 2 wait because the seats are taken.")
    assert standing(session_id)[ids["P11"]] == ("waitlisted", 1)
    assert standing(session_id)[ids["P12"]] == ("waitlisted", 2)

    moved = withdraw(
        session_id, enrolment_id(session_id, ids["P04"]), "On holiday", account_id=None
    )

    assert moved == 1
    now = standing(session_id)
    assert now[ids["P04"]] == ("withdrawn", None)
    assert now[ids["P11"]] == ("enrolled", None)
    assert now[ids["P12"]] == ("waitlisted", 1)
    row = db.session.scalars(select(Enrolment).where(Enrolment.employee_id == ids["P11"])).one()
    assert row.promotion_reason == "Somebody gave a seat back. First on the waiting list."
    assert told("seat_promoted") == [ids["P11"]]
    assert told("session_enrolled") == numbers(ids, *range(1, 11))


def test_close_to_the_beginning_a_seat_is_held_and_passed_on(ids):
    session_id = scheduled(capacity=1, hold_hours=12)
    enrol_people(session_id, numbers(ids, 1, 2, 3), account_id=None)

    with at(BEGINS - timedelta(hours=48)):
        withdraw(session_id, enrolment_id(session_id, ids["P01"]), "", account_id=None)
    now = standing(session_id)
    assert (now[ids["P02"]], now[ids["P03"]]) == (("offered", None), ("waitlisted", 1))
    assert told("seat_offered") == [ids["P02"]]

    with at(BEGINS - timedelta(hours=35)):
        queue_due("ended_holds", BEGINS - timedelta(hours=35))
        run_here(db.session.scalars(select(Job.id).where(Job.kind == "ended_holds")).one())
    now = standing(session_id)
    assert (now[ids["P02"]], now[ids["P03"]]) == (("waitlisted", 1), ("offered", None))

    with at(BEGINS - timedelta(hours=34)):
        with pytest.raises(RefusedError, match="held for you no longer"):
            take_offer(session_id, enrolment_id(session_id, ids["P02"]), account_id=None)
        take_offer(session_id, enrolment_id(session_id, ids["P03"]), account_id=None)
    assert standing(session_id)[ids["P03"]] == ("enrolled", None)


def run_daily(moment) -> None:
    with at(moment):
        queue_due("learning_daily", moment)
        run_here(db.session.scalars(select(Job.id).order_by(Job.id.desc())).first())
    assert db.session.scalars(select(Job.problem).where(Job.problem.is_not(None))).all() == []


def test_the_seat_of_somebody_who_left_goes_to_the_first_who_waits(ids):
    session_id = scheduled(capacity=1)
    enrol_people(session_id, numbers(ids, 1, 2), account_id=None)
    db.session.get_one(Employee, ids["P01"]).left_on = NOW.date()
    db.session.commit()

    run_daily(NOW)
    assert standing(session_id)[ids["P01"]] == ("enrolled", None)
    run_daily(NOW + timedelta(days=1))

    assert standing(session_id) == {
        ids["P01"]: ("withdrawn", None),
        ids["P02"]: ("enrolled", None),
    }
    assert told("seat_promoted") == [ids["P02"]]
    assert told("session_changed") == []


def test_who_left_while_waiting_keeps_nobody_from_a_free_seat(ids):
    session_id = scheduled(capacity=1)
    with at(NOW):
        enrol_people(session_id, numbers(ids, 1, 2), account_id=None)
        db.session.get_one(Employee, ids["P02"]).left_on = NOW.date() - timedelta(days=1)
        db.session.commit()
        withdraw(session_id, enrolment_id(session_id, ids["P01"]), "", account_id=None)
        enrol_people(session_id, numbers(ids, 3), account_id=None)

    assert standing(session_id)[ids["P03"]] == ("enrolled", None)


def test_nobody_is_reminded_of_a_session_that_is_over_before_the_next_letter(ids):
    session_id = scheduled()  # on a Thursday
    with at(BEGINS - timedelta(days=2)):
        enrol_people(session_id, numbers(ids, 1), account_id=None)

    run_daily(BEGINS - timedelta(days=2))

    assert told("session_enrolled") == [ids["P01"]]
    assert told("session_reminder") == []


def test_a_session_is_in_the_letter_of_the_monday_before_and_an_open_sheet_in_the_next(ids):
    trainer = trainer_account(ids["M2"])
    session_id = scheduled(trainer_account_id=trainer)  # on a Thursday
    enrol_people(session_id, numbers(ids, 1), account_id=None)

    run_daily(BEGINS - timedelta(days=8))
    assert told("session_reminder") == []
    run_daily(BEGINS - timedelta(days=7))
    run_daily(BEGINS - timedelta(days=6))
    assert told("session_reminder") == [ids["P01"]]
    assert told("sheet_open") == []
    run_daily(BEGINS + timedelta(days=1))
    run_daily(BEGINS + timedelta(days=2))

    assert told("sheet_open") == [ids["M2"]]
    notice = db.session.scalars(select(Notice).where(Notice.kind == "sheet_open")).one()
    assert (notice.subject, notice.path) == (
        "Close the sheet: Title of HOS-01",
        f"/sessions/{session_id}/attendance",
    )
    assert notice.body.startswith("1 person is on it.")


def test_a_trainer_from_outside_hears_of_requests_changes_and_cancelling(ids):
    module_id, trainer = published(), trainer_account()
    session_id = scheduled(module_id, trainer_account_id=trainer, needs_approval=True)
    changed = draft(module_id, trainer_account_id=trainer, needs_approval=True, room="Room 7")
    asked = select(Notice.kind, Notice.why).where(Notice.account_id == trainer).order_by(Notice.id)

    request_seat(session_id, ids["M1"], account_id=None)  # nobody stands above them
    change_session(session_id, changed, account_id=None, confirmed=False)
    change_session(session_id, replace(changed, room="R"), account_id=trainer, confirmed=False)
    cancel_session(session_id, "No heating.", account_id=None)

    assert [tuple(row) for row in db.session.execute(asked)] == [
        ("seat_requested", "You manage this person or teach this session."),
        ("session_changed", "You teach this session."),
        ("session_cancelled", "You teach this session."),
    ]


def test_enrolling_many_asks_little_more_for_each(ids):
    few, many = scheduled(), scheduled(published("HOS-02"), room="Room 4")

    def statements(session_id, wanted):
        with counted() as found:
            enrol_people(session_id, wanted, account_id=None)
        return len(found)

    for_one = statements(few, numbers(ids, 1))
    for_ten = statements(many, numbers(ids, *range(1, 11)))
    assert (for_ten - for_one) / 9 <= 8


def test_requests_wait_for_approval_and_keep_the_order_in_which_they_came(ids):
    session_id = scheduled(capacity=1, needs_approval=True)
    for minutes, number in enumerate((1, 2, 3)):
        with at(NOW + timedelta(minutes=minutes)):
            assert request_seat(session_id, ids[f"P0{number}"], account_id=None).value == (
                "requested"
            )
    assert told("seat_requested") == [ids["M1"]] * 3

    def decide(number, approve, reason=""):
        row = enrolment_id(session_id, ids[f"P0{number}"])
        return decide_request(
            session_id, row, approve=approve, reason=reason, account_id=None
        ).value

    assert decide(3, approve=True) == "enrolled"
    assert decide(2, approve=True) == "waitlisted"
    assert decide(1, approve=True) == "waitlisted"
    now = standing(session_id)
    assert (now[ids["P01"]], now[ids["P02"]]) == (("waitlisted", 1), ("waitlisted", 2))
    with pytest.raises(RefusedError, match="decided before"):
        decide(1, approve=False)
    with pytest.raises(RefusedError, match="in this session already"):
        request_seat(session_id, ids["P01"], account_id=None)


def test_what_is_declined_is_told_with_its_reason_and_can_be_asked_again(ids):
    session_id = scheduled(needs_approval=True)
    request_seat(session_id, ids["P01"], account_id=None)

    row = enrolment_id(session_id, ids["P01"])
    decide_request(session_id, row, approve=False, reason="Peak week.", account_id=None)

    assert told("seat_decided") == [ids["P01"]]
    assert request_seat(session_id, ids["P01"], account_id=None).value == "requested"


def test_more_seats_let_those_who_wait_in_and_fewer_than_taken_are_refused(ids):
    module_id = published()
    session_id = scheduled(module_id, capacity=2)
    enrol_people(session_id, numbers(ids, 1, 2, 3), account_id=None)

    with pytest.raises(RefusedError, match="2 seats are taken"):
        change_session(session_id, draft(module_id, capacity=1), account_id=None, confirmed=False)
    assert (
        change_session(session_id, draft(module_id, capacity=3), account_id=None, confirmed=False)
        == 1
    )
    assert standing(session_id)[ids["P03"]] == ("enrolled", None)
    assert here(session_id).calendar_sequence == 0


def test_another_room_is_told_and_counts_in_the_invitation(ids):
    module_id = published()
    session_id = scheduled(module_id)
    enrol_people(session_id, numbers(ids, 1, 2), account_id=None)

    change_session(session_id, draft(module_id, room="Room 9"), account_id=None, confirmed=False)

    assert here(session_id).calendar_sequence == 1
    assert told("session_changed") == numbers(ids, 1, 2)


def test_a_session_teaches_the_version_it_was_scheduled_with(ids):
    module_id = published()
    session_id, wanted = (
        scheduled(module_id),
        ask_for_module(module_id, ids["P02"], account_id=None),
    )
    first = here(session_id).version_id
    begin_version(module_id, account_id=None)
    publish_module(module_id, account_id=None)

    change_session(session_id, draft(module_id, note="Pens"), account_id=None, confirmed=False)
    other = draft(module_id, room="Room 4")
    change_session(wanted, other, account_id=None, confirmed=False)
    assert (here(session_id).version_id, here(wanted).version_id) == (first, first + 1)

    retire_module(module_id, account_id=None)
    change_session(session_id, draft(module_id, room="R9"), account_id=None, confirmed=False)
    assert (here(session_id).room, here(session_id).version_id) == ("R9", first)


def test_a_cancelled_session_tells_everybody_in_it_or_waiting(ids):
    session_id = scheduled(capacity=1)
    enrol_people(session_id, numbers(ids, 1, 2), account_id=None)

    assert cancel_session(session_id, "The trainer is ill.", account_id=None) == 2

    assert told("session_cancelled") == numbers(ids, 1, 2)
    assert (here(session_id).status.value, here(session_id).calendar_sequence) == ("cancelled", 1)
    for act in (
        lambda: enrol_people(session_id, numbers(ids, 3), account_id=None),
        lambda: cancel_session(session_id, "Again.", account_id=None),
    ):
        with pytest.raises(RefusedError, match="cancelled"):
            act()


def test_who_wants_a_module_waits_for_a_date_and_is_held_a_seat_then(ids):
    module_id = published()
    first = ask_for_module(module_id, ids["P01"], account_id=None)
    with at(NOW + timedelta(days=1)):
        assert ask_for_module(module_id, ids["P02"], account_id=None) == first
    assert (here(first).status.value, here(first).starts_at) == ("planned", None)
    with pytest.raises(RefusedError, match="already"):
        ask_for_module(module_id, ids["P01"], account_id=None)

    moved = change_session(first, draft(module_id, capacity=1), account_id=None, confirmed=False)

    assert moved == 1
    now = standing(first)
    assert (now[ids["P01"]], now[ids["P02"]]) == (("offered", None), ("waitlisted", 1))
    assert ask_for_module(module_id, ids["P03"], account_id=None) != first
    assert told("session_changed") == [ids["P02"]]  # waits on, and is told that there is a date
    amara = db.session.get_one(Enrolment, enrolment_id(first, ids["P01"]))
    assert amara.hold_until == NOW + (BEGINS - NOW) / 4

    with at(NOW + timedelta(days=5)):  # far ahead, and yet the next one has to say yes as well
        queue_due("ended_holds", NOW + timedelta(days=5))
        run_here(db.session.scalars(select(Job.id).where(Job.kind == "ended_holds")).one())
        now = standing(first)
        assert (now[ids["P01"]], now[ids["P02"]]) == (("withdrawn", None), ("offered", None))
        take_offer(first, enrolment_id(first, ids["P02"]), account_id=None)
    assert standing(first)[ids["P02"]] == ("enrolled", None)


def marked(session_id: int, marks: dict[int, Presence], position: int = 1) -> None:
    by_row = {enrolment_id(session_id, one): mark for one, mark in marks.items()}
    save_sheet(session_id, position, by_row, account_id=None)


def standing_minutes() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.coalesce(func.sum(Entry.minutes), 0)))


def test_closing_the_sheet_writes_exactly_these_minutes_in_one_batch(ids):
    trainer = trainer_account()
    session_id = scheduled(cost_cents=10_000, trainer_account_id=trainer)
    enrol_people(session_id, numbers(ids, 1, 2, 3), account_id=None)
    marked(
        session_id,
        {ids["P01"]: Presence(120), ids["P02"]: Presence(80), ids["P03"]: Presence(0, "ill")},
    )

    with at(later(hours=3)):
        closed = close_sheet(session_id, account_id=trainer)

    assert (closed.people, closed.minutes, closed.completed) == (2, 200, 1)
    batch = db.session.get_one(Batch, closed.batch_id)
    assert (batch.kind, batch.account_id) == ("attendance", trainer)
    rows = db.session.execute(
        select(Entry.employee_id, Entry.minutes, Entry.done_on, Entry.delivery, Entry.cost_cents,
               Entry.status, Entry.batch_id).order_by(Entry.id)
    ).all()  # fmt: skip
    assert [tuple(row) for row in rows] == [
        (ids["P01"], 120, DAY, "classroom", 6000, "attended", batch.id),
        (ids["P02"], 80, DAY, "classroom", 4000, "attended", batch.id),
    ]
    assert standing(session_id)[ids["P03"]] == ("absent", None)
    done = db.session.scalars(select(Completion)).one()
    assert (done.employee_id, done.completed_on, done.version_id) == (
        ids["P01"],
        DAY,
        here(session_id).version_id,
    )


def test_a_closed_sheet_cannot_be_closed_twice(ids):
    session_id = scheduled()
    enrol_people(session_id, numbers(ids, 1), account_id=None)
    marked(session_id, {ids["P01"]: Presence(120)})

    with at(later(hours=3)):
        close_sheet(session_id, account_id=None)
        with pytest.raises(RefusedError, match="closed before"):
            close_sheet(session_id, account_id=None)
        with pytest.raises(RefusedError, match="closed before"):
            marked(session_id, {ids["P01"]: Presence(10)})
    assert standing_minutes() == 120


@pytest.mark.parametrize("among_imports", [False, True], ids=["on the sheet", "among the imports"])
def test_undoing_the_closing_takes_hours_and_completions_back(ids, among_imports):
    session_id = scheduled()
    enrol_people(session_id, numbers(ids, 1, 2), account_id=None)
    marked(session_id, {ids["P01"]: Presence(120), ids["P02"]: Presence(0, "ill")})
    with at(later(hours=3)):
        closed = close_sheet(session_id, account_id=None)

        if among_imports:
            undo_batch(closed.batch_id, account_id=None)
        else:
            undo_closing(session_id, account_id=None)

        assert standing_minutes() == 0
        assert db.session.query(CompletionWithdrawal).count() == 1
        assert (here(session_id).status.value, here(session_id).closed_at) == ("open", None)
        assert set(standing(session_id).values()) == {("enrolled", None)}
        closing = db.session.scalars(select(SessionClosing)).one()
        assert closing.undone_at is not None
        assert closing.undo_batch_id is not None
        with pytest.raises(RefusedError, match="nothing to undo"):
            undo_closing(session_id, account_id=None)

        marked(session_id, {ids["P02"]: Presence(60)})
        assert close_sheet(session_id, account_id=None).minutes == 180
    assert standing_minutes() == 180
    lines = select(Entry.employee_id, Entry.minutes, Entry.reverses_id.is_not(None))
    assert [tuple(row) for row in db.session.execute(lines.order_by(Entry.id))] == [
        (ids["P01"], 120, False),
        (ids["P01"], -120, True),
        (ids["P01"], 120, False),
        (ids["P02"], 60, False),
    ]
    assert db.session.query(Completion).count() == 2
    assert db.session.query(CompletionWithdrawal).count() == 1


def test_an_hour_corrected_in_the_ledger_is_not_undone_with_its_sheet(ids):
    session_id = scheduled()
    enrol_people(session_id, numbers(ids, 1, 2), account_id=None)
    marked(session_id, {ids["P01"]: Presence(120), ids["P02"]: Presence(120)})
    with at(later(hours=3)):
        close_sheet(session_id, account_id=None)
        entry = db.session.scalars(select(Entry).order_by(Entry.id)).first()
        late = CorrectionDraft(entry.course_id, DAY, 90, "Came late.")
        correct_entry(entry.id, late, account_id=None)
        assert standing_minutes() == 210

        with pytest.raises(RefusedError, match="corrected"):
            undo_closing(session_id, account_id=None)

    assert standing_minutes() == 210
    assert here(session_id).status.value == "closed"


def test_a_sheet_is_not_closed_too_early_or_with_somebody_unmarked(ids):
    session_id = scheduled()
    with at(later(hours=1)), pytest.raises(RefusedError, match="Nobody is on the sheet"):
        close_sheet(session_id, account_id=None)
    enrol_people(session_id, numbers(ids, 1, 2), account_id=None)
    with pytest.raises(RefusedError, match="not begun"):
        close_sheet(session_id, account_id=None)
    marked(session_id, {ids["P01"]: Presence(120)})

    with at(later(hours=1)), pytest.raises(RefusedError, match="every day yet: Ben Whitaker"):
        close_sheet(session_id, account_id=None)


def test_each_day_has_its_own_line_in_the_ledger(ids):
    days = (TypedDay(DAY, time(9), time(10)), TypedDay(date(2026, 11, 20), time(9), time(10)))
    session_id = scheduled(days=days)
    enrol_people(session_id, numbers(ids, 1), account_id=None)
    marked(session_id, {ids["P01"]: Presence(60)})
    marked(session_id, {ids["P01"]: Presence(45)}, position=2)

    with at(later(days=2)):
        close_sheet(session_id, account_id=None)

    rows = db.session.execute(select(Entry.done_on, Entry.minutes).order_by(Entry.id)).all()
    assert [tuple(row) for row in rows] == [(DAY, 60), (date(2026, 11, 20), 45)]
    assert db.session.scalars(select(Completion.completed_on)).one() == date(2026, 11, 20)


def test_when_everybody_was_absent_nothing_is_written_and_it_can_be_undone(ids):
    session_id = scheduled()
    enrol_people(session_id, numbers(ids, 1), account_id=None)
    marked(session_id, {ids["P01"]: Presence(0, "ill")})

    with at(later(hours=3)):
        assert close_sheet(session_id, account_id=None).batch_id is None
        undo_closing(session_id, account_id=None)
    assert here(session_id).status.value == "open"
    assert standing_minutes() == 0


def test_times_do_not_move_once_the_sheet_has_marks(ids):
    module_id = published()
    session_id = scheduled(module_id)
    enrol_people(session_id, numbers(ids, 1), account_id=None)
    marked(session_id, {ids["P01"]: Presence(120)})

    moved = draft(module_id, days=(TypedDay(DAY, time(11), time(13)),))
    with pytest.raises(RefusedError, match="has marks"):
        change_session(session_id, moved, account_id=None, confirmed=False)
    assert here(session_id).starts_at == BEGINS
    change_session(session_id, draft(module_id, room="Room 9"), account_id=None, confirmed=False)
    with pytest.raises(RefusedError, match="Room 9 is also in"):
        scheduled(module_id, room="Room 9")
    assert scheduled(module_id, room="Room 2")


def test_a_session_at_night_ends_on_the_next_day():
    session_id = scheduled(days=(TypedDay(DAY, time(22), time(2)),))

    assert here(session_id).ends_at - here(session_id).starts_at == timedelta(hours=4)


def test_minutes_on_the_sheet_are_not_lost_when_people_go_or_it_ends_early(ids):
    days = tuple(TypedDay(date(2026, 11, one), time(9), time(10)) for one in (19, 20, 23))
    session_id = scheduled(days=days)
    enrol_people(session_id, numbers(ids, 1, 2), account_id=None)
    amara, ben = (enrolment_id(session_id, one) for one in numbers(ids, 1, 2))
    with pytest.raises(RefusedError, match="Nobody is marked on any date yet"):
        end_after_marks(session_id, account_id=None)

    with at(later(hours=2)):
        with pytest.raises(RefusedError, match="has begun; ask the trainer"):
            withdraw(session_id, ben, "", account_id=None, by_oneself=True)
        marked(session_id, {ids["P01"]: Presence(40), ids["P02"]: Presence(0, "ill")})
        with pytest.raises(RefusedError) as refusal:
            withdraw(session_id, amara, "", account_id=None)
        assert refusal.value.message == (
            "This person has 40\u202fmin on the attendance sheet. To take them out, mark them"
            " absent there on every date first."
        )
        with pytest.raises(RefusedError) as refusal:
            cancel_session(session_id, "The trainer is ill.", account_id=None)
        assert refusal.value.message == (
            "There are 40\u202fmin on the attendance sheet. Cancelling would lose them. Open the"
            " sheet and end the session there; then close the sheet."
        )
        assert end_after_marks(session_id, account_id=None) == 2
        assert told("session_changed") == numbers(ids, 1, 2)
        assert here(session_id).ends_at == later(minutes=0)
        with pytest.raises(RefusedError, match="The last date has marks"):
            end_after_marks(session_id, account_id=None)
        assert close_sheet(session_id, account_id=None).minutes == 40
    assert standing_minutes() == 40


def test_whoever_is_absent_only_can_still_be_taken_out(ids):
    session_id = scheduled()
    enrol_people(session_id, numbers(ids, 1), account_id=None)
    marked(session_id, {ids["P01"]: Presence(0, "ill")})

    with at(later(hours=1)):
        withdraw(session_id, enrolment_id(session_id, ids["P01"]), "", account_id=None)
        cancel_session(session_id, "Nobody came.", account_id=None)

    assert here(session_id).status.value == "cancelled"


def test_people_sign_in_with_the_code_while_the_session_goes_on(ids):
    session_id = scheduled()
    enrol_people(session_id, numbers(ids, 1), account_id=None)
    code = here(session_id).sign_in_code

    with pytest.raises(RefusedError, match="half an hour"):
        sign_in(session_id, ids["P01"], code, account_id=None)
    with at(later(minutes=-10)):
        with pytest.raises(RefusedError, match="not the code"):
            sign_in(session_id, ids["P01"], "0", account_id=None)
        with pytest.raises(RefusedError, match="no seat"):
            sign_in(session_id, ids["P02"], code, account_id=None)
        sign_in(session_id, ids["P01"], f"{code[:3]} {code[3:]}", account_id=None)
    with at(later(hours=3)):
        assert close_sheet(session_id, account_id=None).minutes == 120


def test_what_is_not_there_is_not_found(ids):
    for act in (
        lambda: enrol_people(99, [ids["P01"]], account_id=None),
        lambda: withdraw(scheduled(), 99, "", account_id=None),
        lambda: save_sheet(99, 1, {}, account_id=None),
    ):
        with pytest.raises(NotFoundError):
            act()

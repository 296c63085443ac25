"""What the company owes, from the letter to its owner until it was taught and seen at work."""

from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from aptitude.models.assessments import (
    Assessment,
    AssessmentComment,
    AssessmentRater,
    AssessmentWithdrawal,
)
from aptitude.models.duties import Duty, DutyEvent, DutyModule
from aptitude.queries.frameworks import TargetBook, target_book
from aptitude.rules.duties import PlanDraft, day_hint
from aptitude.rules.sources import Source
from aptitude.rules.targets import TargetDraft
from aptitude.rules.words import CommentKind, ContestOutcome, DutyEnd
from aptitude.services.commenting import answer, comment
from aptitude.services.duties import note_observed, plan_duty
from aptitude.services.frameworks import set_target
from aptitude.services.standings import renew_one
from aptitude.services.working import APTITUDE_DAILY
from core.clock import at, now
from core.db import db, transaction
from core.errors import RefusedError
from core.jobs import Job, queue_due, run_here
from curricula.models.notices import Notice
from curricula.models.outcomes import Practice
from curricula.rules.attending import Presence
from curricula.rules.sessions import TypedDay
from curricula.rules.words import NoticeMode
from curricula.services.attending import close_sheet, save_sheet
from curricula.services.enrolling import enrol_people
from curricula.services.modules import retire_module
from curricula.services.notifying import set_preference
from people.models import Employee, OutboxMail
from people.rules.access import OPERATOR, Viewer
from people.rules.levels import Level
from tests.aptitude.worlds import company, rate, viewer
from tests.curricula.classes import enrolment_id, published, scheduled, trainer_account

pytestmark = pytest.mark.usefixtures("database")
TODAY = datetime(2026, 3, 16, 9, tzinfo=UTC)
LOW = [1.5, *[3.5] * 6]
"""Below the target of 3 on the first dimension alone."""


@pytest.fixture
def people(built_once, tmp_path):
    with at(TODAY):
        yield built_once(company, tmp_path)


def daily(moment: datetime) -> None:
    with at(moment):
        for part in APTITUDE_DAILY.divide({}):
            with transaction() as session:
                APTITUDE_DAILY.do(session, part)


def seen_low(people, who: str = "E1") -> Duty:
    """Two managers see the front line low on noticing; return the duty that opens."""
    for above in ("LEAD", "DIR"):
        rate(people[who], people[above], Source.MANAGER, LOW, on=TODAY.date())
    return owed(people[who])


def owed(employee_id: int) -> Duty:
    db.session.expire_all()
    newest = select(Duty).where(Duty.subject_id == employee_id).order_by(Duty.id.desc())
    found = db.session.scalars(newest).first()
    assert found is not None
    return found


def told(kind: str) -> list[tuple[str, str, str | None]]:
    rows = select(Notice).where(Notice.kind == kind).order_by(Notice.id)
    return [(one.address, one.subject, one.dropped_reason) for one in db.session.scalars(rows)]


def teach(module_id: int, employee_id: int, on: date) -> None:
    """Hold a session of the module for one person and close its sheet."""
    trainer = trainer_account()
    with at(datetime.combine(on - timedelta(days=7), time(9), UTC)):
        session_id = scheduled(
            module_id, days=(TypedDay(on, time(10), time(12)),), trainer_account_id=trainer
        )
        enrol_people(session_id, [employee_id], account_id=trainer, waiver="", may_waive=False)
    with at(datetime.combine(on, time(15), UTC)):
        here = enrolment_id(session_id, employee_id)
        save_sheet(session_id, 1, {here: Presence(120)}, account_id=trainer)
        close_sheet(session_id, account_id=trainer)


def test_a_duty_is_met_when_its_module_was_taught_and_it_was_seen_at_work(people, browser):
    module_id = published("HOS-01", dimensions=("D1",), title="See the person")
    duty = seen_low(people)
    assert (duty.dimension_code, duty.owner_id) == ("D1", people["LEAD"])

    teach(module_id, people["E1"], date(2026, 4, 9))
    daily(datetime(2026, 4, 10, 5, tzinfo=UTC))
    assert owed(people["E1"]).closed_on is None  # taught, but nobody has seen it at work

    with at(datetime(2026, 4, 20, 9, tzinfo=UTC)):
        browser.sign_in("manager", people["LEAD"])
        team = browser.get("/team-aptitude").select_one("main").get_text(" ", strip=True)
        assert "1 of 1 module done, not seen at work yet" in team.replace("\u202f", " ")
        path = f"/team-aptitude/duties/{duty.id}"
        taught = browser.get(path).select_one("section[aria-labelledby=modules] li")
        assert taught.get_text(" ", strip=True) == "See the person done 9 Apr 2026"
        assert taught.a["href"] == f"/modules/{module_id}"
        seen = {"note": "Asked a guest what the hurry was, and waited.", "is_done": "yes"}
        for wrong, why in (
            ({"note": "😀"}, "Write in a sentence what you have seen them do."),
            ({"is_done": ""}, "Say whether they do it now."),
        ):
            page = browser.post(f"{path}/observed", {**seen, **wrong}, status=200)
            assert why in page.get_text(" ", strip=True)
        browser.post(f"{path}/observed", {**seen, "is_done": "not_yet"})
        team = browser.get("/team-aptitude").select_one("main").get_text(" ", strip=True)
        assert "1 of 1 module done, not seen at work yet" in team.replace("\u202f", " ")
        assert owed(people["E1"]).closed_on is None
        assert practised() == []
        browser.post(f"{path}/observed", seen)
        assert practised() == [(people["E1"], 1)]  # of 23 April, which is near
        met = browser.get(path).get_text(" ", strip=True)
    assert "The modules are done, and it was seen at work." in met
    closed = owed(people["E1"])
    assert (closed.ending, closed.closed_on) == (DutyEnd.TRAINED, date(2026, 4, 20))

    daily(datetime(2026, 4, 21, 5, tzinfo=UTC))
    assert owed(people["E1"]).id == duty.id  # the old score alone opens no second one


def practised():
    return db.session.execute(select(Practice.employee_id, Practice.number)).all()


def test_what_was_seen_before_the_training_meets_no_duty(people, browser):
    module_id = published("HOS-01", dimensions=("D1",), title="See the person")
    duty = seen_low(people)
    with at(TODAY):
        note_observed(duty.id, "Asked a guest what the hurry was.", viewer_of(people))
    teach(module_id, people["E1"], date(2026, 3, 20))
    daily(datetime(2026, 4, 10, 5, tzinfo=UTC))
    assert owed(people["E1"]).closed_on is None

    with at(datetime(2026, 4, 20, 9, tzinfo=UTC)):
        browser.sign_in("employee", people["E1"])
        line = browser.get("/aptitude").select_one("section[aria-labelledby=owed] li")
        assert " ".join(line.get_text(" ").split()) == (
            "See the person (done 20 Mar 2026) due 14 Jun 2026 For Noticing and empathy. Owed by "
            "Pat LEAD since 16 Mar 2026. No coach yet. Seen at work 16 Mar 2026: Asked a guest "
            "what the hurry was. To be seen again after the training."
        )
        note_observed(duty.id, "Asked a guest what the hurry was.", viewer_of(people))
        renew_one(people["E1"])
    assert owed(people["E1"]).ending is DutyEnd.TRAINED


@pytest.mark.parametrize(
    ("on", "due_on", "refused"),
    [
        (date(2026, 4, 1), date(2026, 3, 31), "Choose a day from today to 14 June 2026"),
        (date(2026, 4, 1), date(2026, 6, 15), "Choose a day from today to 14 June 2026"),
        (date(2026, 4, 1), date(2026, 4, 1), None),
        (date(2026, 7, 1), date(2026, 6, 14), None),  # the coach alone may change then
        (date(2026, 7, 1), date(2026, 7, 2), "Leave the day at 14 June 2026"),
    ],
)
def test_a_duty_is_due_on_no_day_that_has_gone_by(people, on, due_on, refused):
    duty = seen_low(people)
    with at(datetime.combine(on, time(9), UTC)):
        if refused is None:
            plan_duty(duty.id, PlanDraft(due_on, ""), viewer_of(people))
        else:
            with pytest.raises(RefusedError, match=refused):
                plan_duty(duty.id, PlanDraft(due_on, ""), viewer_of(people))
    assert owed(people["E1"]).due_on == (due_on if refused is None else date(2026, 6, 14))
    said = day_hint(duty.opened_on, duty.due_on, on)
    assert said.startswith("The three months are over" if on.month == 7 else "From today on")


def test_a_duty_is_met_by_a_later_score_beyond_what_can_be_measured(people):
    opened = seen_low(people)
    with at(datetime(2026, 6, 1, 9, tzinfo=UTC)):
        for above in ("LEAD", "DIR"):  # two who agree: beyond 1.96 · √2 · 0.57 / √2 = 1.12
            rate(people["E1"], people[above], Source.MANAGER, 3.5, on=date(2026, 6, 1))

    assert (owed(people["E1"]).id, owed(people["E1"]).ending) == (opened.id, DutyEnd.IMPROVED)
    assert owed(people["E1"]).closed_on == date(2026, 6, 1)


def test_taking_back_a_job_title_s_target_leaves_that_of_the_level_and_its_duty(people):
    opened = seen_low(people)
    with at(TODAY):
        set_target(
            TargetDraft("D1", None, "Keeper", 45, None, False, date(2026, 1, 1)), account_id=None
        )
    with at(TODAY + timedelta(days=1)):
        set_target(
            TargetDraft("D1", None, "Keeper", None, None, False, date(2026, 3, 17)), account_id=None
        )
        renew_one(people["E1"])

    book = target_book()
    until_first = TargetBook([row for row in book.rows if row.recorded_at < TODAY])
    until_second = TargetBook([row for row in book.rows if row.recorded_at <= TODAY])
    steps = [
        found.targets_of(Level.FRONTLINE, "Keeper", date(2026, 3, 17))["D1"]
        for found in (until_first, until_second, book)
    ]
    assert [(one.value, one.required, one.is_of_job) for one in steps] == [
        (3.0, True, False),
        (4.5, False, True),
        (3.0, True, False),
    ]
    assert book.targets_of(Level.FRONTLINE, "Keeper", date(2026, 3, 16))["D1"].value == 4.5
    assert (owed(people["E1"]).id, owed(people["E1"]).closed_on) == (opened.id, None)


def test_a_rise_within_the_error_meets_no_duty(people):
    rate(people["E1"], people["LEAD"], Source.MANAGER, [1.0, *LOW[1:]], on=TODAY.date())
    rate(people["E1"], people["DIR"], Source.MANAGER, [3.0, *LOW[1:]], on=TODAY.date())
    opened = owed(people["E1"])
    with at(datetime(2026, 6, 1, 9, tzinfo=UTC)):
        rate(people["E1"], people["LEAD"], Source.MANAGER, [2.0, *LOW[1:]], on=date(2026, 6, 1))
        renew_one(people["E1"])

    # 2.0 ± 2.6 then, 2.5 ± 1.3 now: half a level is less than √(2.6² + 1.3²) = 2.9.
    assert (owed(people["E1"]).id, owed(people["E1"]).closed_on) == (opened.id, None)


def test_a_rise_of_two_who_agree_within_what_one_rating_allows_meets_no_duty(people):
    opened = seen_low(people)
    with at(datetime(2026, 6, 1, 9, tzinfo=UTC)):
        for above in ("LEAD", "DIR"):  # +0.5, and 1.96 · √2 · 0.57 / √2 is 1.12
            rate(people["E1"], people[above], Source.MANAGER, [2.0, *LOW[1:]], on=date(2026, 6, 1))

    assert (owed(people["E1"]).id, owed(people["E1"]).closed_on) == (opened.id, None)


@pytest.mark.parametrize(
    ("left", "score", "error", "ending"),
    [
        ((), None, None, DutyEnd.NO_LONGER_NEEDED),
        ((4.0,), 4.0, 0.57, DutyEnd.NO_LONGER_NEEDED),  # one rater alone opens none
        ((2.0, 2.5), 2.25, 0.4031, None),  # two still see it low: 0.57 / √2
    ],
)
def test_no_duty_outlives_the_ratings_it_rested_on(people, left, score, error, ending):
    for who, value in zip(("OTHER", "O1"), left, strict=False):
        rate(people["E1"], people[who], Source.OBSERVER, [value, *LOW[1:]], on=TODAY.date())
    for above in ("LEAD", "DIR"):
        rate(people["E1"], people[above], Source.MANAGER, [1.0, *LOW[1:]], on=TODAY.date())
    opened = owed(people["E1"])
    assert opened.score is not None
    assert opened.score < 3.0

    with at(datetime(2026, 3, 20, 12, tzinfo=UTC)):
        with transaction() as session:
            asked = select(Assessment.id).where(Assessment.source == Source.MANAGER)
            for one in session.scalars(asked).all():
                session.add(
                    AssessmentWithdrawal(
                        assessment_id=one, subject_id=people["E1"], withdrawn_at=now(),
                        account_id=None, reason="Contested, and set aside.",
                    )
                )  # fmt: skip
        renew_one(people["E1"])
    found = owed(people["E1"])
    assert (found.id, found.ending, found.score) == (opened.id, ending, score)
    assert found.score_error == (error if error is None else pytest.approx(error, abs=1e-4))


def test_what_the_person_says_opens_no_duty_that_was_just_taught(people):
    module_id = published("HOS-01", dimensions=("D1",), title="See the person")
    duty = seen_low(people)
    teach(module_id, people["E1"], date(2026, 4, 9))
    with at(datetime(2026, 4, 20, 9, tzinfo=UTC)):
        note_observed(duty.id, "Asked a guest what the hurry was.", viewer_of(people))
        renew_one(people["E1"])
    assert owed(people["E1"]).ending is DutyEnd.TRAINED

    rate(people["E1"], people["E1"], Source.SELF, 4.5, on=date(2026, 5, 2))
    rate(people["E1"], people["E2"], Source.PEER, 1.5, on=date(2026, 5, 3))
    daily(datetime(2026, 5, 20, 5, tzinfo=UTC))
    assert owed(people["E1"]).id == duty.id  # one hidden peer and the person are no new evidence

    rate(people["E1"], people["LEAD"], Source.MANAGER, LOW, on=date(2026, 5, 21))
    assert owed(people["E1"]).id != duty.id


def viewer_of(people) -> Viewer:
    return viewer(people["LEAD"], manages=True)


def test_a_module_that_is_offered_no_more_holds_no_duty(people):
    first = published("HOS-01", dimensions=("D1",), title="See the person")
    duty = seen_low(people)
    assert modules_of(duty) == [first]
    retire_module(first, account_id=None)
    daily(datetime(2026, 4, 10, 5, tzinfo=UTC))
    assert modules_of(duty) == []

    other = published("HOS-02", dimensions=("D1",), title="Notice more")
    daily(datetime(2026, 4, 11, 5, tzinfo=UTC))
    assert modules_of(duty) == [other]
    daily(datetime(2026, 4, 12, 5, tzinfo=UTC))
    steps = select(DutyEvent.step).where(DutyEvent.duty_id == duty.id).order_by(DutyEvent.id)
    assert [one.value for one in db.session.scalars(steps)] == [
        "opened", "chosen_anew", "chosen_anew",
    ]  # fmt: skip


def test_what_was_done_before_it_was_offered_no_more_stays_done(people, browser):
    first = published("HOS-01", dimensions=("D1",), title="See the person")
    gone = published("HOS-02", dimensions=("D1",), title="Notice more")
    duty = seen_low(people)
    assert modules_of(duty) == [first, gone]
    teach(first, people["E1"], date(2026, 4, 9))
    for module_id in (first, gone):
        retire_module(module_id, account_id=None)

    with at(datetime(2026, 4, 20, 9, tzinfo=UTC)):
        browser.sign_in("manager", people["LEAD"])
        page = browser.get(f"/team-aptitude/duties/{duty.id}")
        assert [
            " ".join(one.get_text(" ").split())
            for one in page.select("section[aria-labelledby=modules] li")
        ] == ["See the person done 9 Apr 2026 It is offered no more; that it was done counts."]
        assert "No published module trains this" not in page.get_text(" ")
        team = browser.get("/team-aptitude").select_one("main").get_text(" ", strip=True)
        assert "1 of 1 module done, not seen at work yet" in team.replace("\u202f", " ")
        browser.sign_in("employee", people["E1"])
        owes = browser.get("/aptitude").select_one("section[aria-labelledby=owed] li .t")
        assert owes.get_text(" ", strip=True) == "See the person (done 9 Apr 2026)"
        sheet = PdfReader(BytesIO(browser.open("/aptitude/sheet.pdf").data)).pages
        assert "See the person (done 9 April 2026), by" in " ".join(
            " ".join(one.extract_text() for one in sheet).split()
        )
        browser.sign_in("manager", people["LEAD"])
        browser.post(
            f"/team-aptitude/duties/{duty.id}/observed",
            {"note": "Asked what was wrong.", "is_done": "yes"},
        )
    assert (closed := owed(people["E1"])).ending is DutyEnd.TRAINED
    assert closed.closed_on == date(2026, 4, 20)


def modules_of(duty: Duty) -> list[int]:
    return list(
        db.session.scalars(select(DutyModule.module_id).where(DutyModule.duty_id == duty.id))
    )


def test_its_owner_is_told_once_when_it_opens_and_once_when_it_is_overdue(people, browser):
    duty = seen_low(people)
    seen_low(people, "E2")
    expected = [
        ("lead@people.example", f"You owe Pat {who}: Noticing and empathy, by 14 June 2026", None)
        for who in ("E1", "E2")
    ]
    assert told("duty_opened") == expected
    for day in (15, 16, 23):
        daily(datetime(2026, 6, day, 5, tzinfo=UTC))
    assert told("duty_opened") == expected
    assert told("duty_overdue") == [
        ("lead@people.example", f"Overdue since 14 June 2026: what you owe Pat {who}", None)
        for who in ("E1", "E2")
    ]
    assert {one.mode for one in db.session.scalars(select(Notice)) if "duty" in one.kind} == {
        NoticeMode.DIGEST
    }
    monday = datetime(2026, 6, 29, 6, tzinfo=UTC)
    with at(monday):
        queue_due("weekly_letters", monday)
        run_here(db.session.scalars(select(Job.id).order_by(Job.id.desc())).first())
    letter = db.session.scalars(
        select(OutboxMail).where(OutboxMail.to_address == "lead@people.example")
        .order_by(OutboxMail.id.desc())
    ).first()  # fmt: skip
    assert letter is not None
    assert "Why you get this: You lead them, and the day of a duty you owe" in letter.body
    assert "1.5" not in letter.body

    with at(monday):
        browser.sign_in("manager", people["LEAD"])
        page = browser.get(f"/team-aptitude/duties/{duty.id}").get_text(" ", strip=True)
        assert "Overdue for 15 days" in page.replace("\u202f", " ")
        assert "It counts against House / Service / Desk." in page
        messages = browser.get("/learning/messages").get_text(" ", strip=True)
        assert "You lead them, and a duty of the company is met by whoever leads." in messages
        browser.sign_in("employee", people["E1"])
        own = browser.get("/aptitude").get_text(" ", strip=True)
        assert "It counts against House / Service / Desk, not you." in own


def test_who_wants_no_letters_of_duties_gets_none_and_the_list_says_why(people):
    set_preference("lead@people.example", "duty_opened", NoticeMode.NONE)
    seen_low(people)

    [(_, _, reason)] = told("duty_opened")
    assert reason == "Not wanted by mail."


def test_a_coach_is_found_by_name_or_chosen_among_those_who_are_called_so(people, browser):
    duty = seen_low(people)
    path = f"/team-aptitude/duties/{duty.id}"
    db.session.get_one(Employee, people["O1"]).left_on = date(2026, 2, 1)
    db.session.commit()

    def planned(coach: str) -> str:
        sent = {"due_on": "2026-04-30", "coach": coach}
        return browser.post(path, sent, status=200).select_one("main").get_text(" ", strip=True)

    with at(TODAY):
        browser.sign_in("manager", people["LEAD"])
        assert "Nobody here is called “Sergei”, and nobody has that number." in planned("Sergei")
        assert "Pat O1 works here no longer. Choose somebody else." in planned("pat o1")
        assert "O1 works here no longer." in planned("O1")
        assert "Nobody coaches themself." in planned("Pat E1")
        several = planned("pat e")
        assert "5 people are called so. Choose the one you mean." in several
        assert "Pat E2 E2, Desk" in several
        browser.post(path, {"due_on": "2026-04-30", "coach": ["E2", "pat e"]})
        assert owed(people["E1"]).coach_id == people["E2"]
        page = browser.get(path)
        assert page.select_one("#coach")["value"] == "Pat E2, E2"
        browser.post(path, {"due_on": "2026-04-30", "coach": "oth"})
        assert owed(people["E1"]).coach_id == people["OTHER"]
        browser.post(path, {"due_on": "2026-04-29", "coach": "Pat OTHER, OTHER"})
        assert owed(people["E1"]).coach_id == people["OTHER"]
        assert told("duty_coach") == [
            (f"{who}@people.example", f"You coach Pat E1: Noticing and empathy, by {day}", None)
            for who, day in (("e2", "30 April 2026"), ("other", "30 April 2026"))
        ]
        letter = db.session.scalars(select(Notice).where(Notice.kind == "duty_coach")).first()
        assert letter is not None
        assert "1.5" not in f"{letter.body} {letter.why}"
        for who, shown in (("E2", []), ("OTHER", [
            "Pat E1: Noticing and empathy by 29 Apr 2026 Talk with Pat LEAD, who owes it, about "
            "what helps most."
        ])):  # fmt: skip
            browser.sign_in("employee", people[who])
            lines = browser.get("/aptitude/asked").select("section[aria-labelledby=coached] li")
            assert [" ".join(one.get_text(" ").split()) for one in lines] == shown


def test_what_i_owe_myself_is_never_left_out_however_much_others_owe(people, browser, monkeypatch):
    monkeypatch.setattr("aptitude.queries.team_duties.MOST_DUTIES", 2)
    for who in ("E1", "E2", "E3"):
        seen_low(people, who)
    for above in ("DIR", "CEO"):
        rate(people["LEAD"], people[above], Source.MANAGER, LOW, on=TODAY.date())
    browser.sign_in("manager", people["DIR"])
    page = browser.get("/team-aptitude")
    mine = [one.get_text() for one in page.select("section[aria-labelledby=mine] .t")]
    assert "Pat LEAD: Noticing and empathy" in mine
    others = page.select_one("section[aria-labelledby=others]")
    assert len(others.select("li")) == 2
    shown = " ".join(others.get_text(" ").split())
    assert "3 duties in all; these are the first 2, overdue ones before the others." in shown
    assert [one.get_text()[:6] for one in others.select(".t")] == ["Pat E1", "Pat E2"]
    owed(people["E3"]).due_on = date(2026, 3, 10)
    db.session.commit()
    others = browser.get("/team-aptitude").select("section[aria-labelledby=others] .t")
    assert [one.get_text()[:6] for one in others] == ["Pat E3", "Pat E1"]


def read(browser, who: int, path: str, part: str, role: str = "employee") -> str:
    browser.sign_in(role, who)
    text = browser.get(path).select_one(part).get_text(" ")
    return " ".join(text.replace("\u202f", " ").split())


def ways(browser, people, duty: Duty) -> tuple[str, str]:
    """What is said of the module of a duty to the person and to the manager."""
    own, part = "section[aria-labelledby=owed] li", "section[aria-labelledby=modules] li"
    mine = read(browser, people["E1"], "/aptitude", own).partition("Not seen at work yet. ")[2]
    path = f"/team-aptitude/duties/{duty.id}"
    return mine, read(browser, people["LEAD"], path, part, "manager").partition("not done yet ")[2]


WHEN = "Thursday 9 April 2026, 10:00 to 12:00"


def test_the_way_to_a_module_of_a_duty_is_told_day_by_day(people, browser):
    """No day, a day, a seat, and over: on the duty, on one's own page and paper, in My learning."""
    module_id = published("HOS-01", dimensions=("D1",), title="See the person")
    duty, trainer = seen_low(people), trainer_account()
    assert ways(browser, people, duty) == (
        "No day is set yet. Ask for one for See the person",
        "No day is set yet. Let them ask for one under My aptitude : trainers see who waits and "
        "for how long, and whoever asked is told first.",
    )
    day = TypedDay(date(2026, 4, 9), time(10), time(12))
    session_id = scheduled(module_id, days=(day,), trainer_account_id=trainer)
    assert ways(browser, people, duty) == (
        f"Next day: {WHEN}, Room 2, Harbour. Take a seat of See the person",
        f"Next day: {WHEN}, Room 2, Harbour. Enrol them of See the person",
    )
    enrol_people(session_id, [people["E1"]], account_id=trainer, waiver="", may_waive=False)
    assert [f"Seat on {WHEN}" in one for one in ways(browser, people, duty)] == [True, True]
    browser.sign_in("employee", people["E1"])
    paper = PdfReader(BytesIO(browser.open("/aptitude/sheet.pdf").data))
    told = " ".join(" ".join(page.extract_text() for page in paper.pages).split())
    assert f"Seat on {WHEN}" in told

    def coming(moment: datetime) -> str:
        with at(moment):
            return read(browser, people["E1"], "/learning", "section[aria-labelledby=coming]")

    during, after = (datetime(2026, 4, 9, hour, tzinfo=UTC) for hour in (9, 15))
    assert "waiting for attendance" not in coming(during)
    assert WHEN in coming(during)
    over = coming(after)
    assert over.startswith("My sessions You are in no session that is still to come.")
    assert f"Over, waiting for attendance See the person {WHEN}" in over
    with at(after):
        assert ways(browser, people, duty)[0].startswith("No day is set yet.")
        here = enrolment_id(session_id, people["E1"])
        save_sheet(session_id, 1, {here: Presence(120)}, account_id=trainer)
        close_sheet(session_id, account_id=trainer)
    assert "waiting" not in coming(after)


def test_a_plan_says_by_when_and_with_whom_until_a_newer_one_does(people, browser):
    duty = seen_low(people)
    path = f"/team-aptitude/duties/{duty.id}"
    browser.sign_in("manager", people["LEAD"])
    browser.post(path, {"due_on": "2026-04-30", "coach": ""})
    browser.post(path, {"due_on": "2026-04-29", "coach": "OTHER"})
    steps = browser.get(path).select("section[aria-labelledby=story] li")
    assert [" ".join(one.get_text(" ").split()) for one in steps[-2:]] == [
        "Planned 16 Mar 2026 A newer plan took its place. Manager 3",
        "Planned 16 Mar 2026 By 29 April 2026, with Pat OTHER as coach. Manager 3",
    ]


def test_what_is_set_aside_is_told_with_what_counts_now_and_the_duty_keeps_its_start(
    people, browser
):
    rate(people["E1"], people["LEAD"], Source.MANAGER, [2.5, *LOW[1:]], on=date(2026, 3, 2))
    duty = seen_low(people)
    with at(TODAY + timedelta(days=1)):
        by_lead = select(Assessment.id).join(AssessmentRater).where(
            AssessmentRater.rater_id == people["LEAD"]
        ).order_by(Assessment.id.desc())  # fmt: skip
        own, words = viewer(people["E1"]), "We had not met that month."
        comment(Source.MANAGER, CommentKind.CONTEST, words, own,
                assessment_id=db.session.scalars(by_lead).first())  # fmt: skip
        found = db.session.scalars(select(AssessmentComment.id)).one()
        answer(found, "You are right.", ContestOutcome.SET_ASIDE, OPERATOR)
        browser.sign_in("employee", people["E1"])
        page = " ".join(browser.get("/aptitude").get_text(" ").split())
        assert (
            "It was set aside. You are right. What counts of this source now was said on 2 March "
            "2026 and 16 March 2026."
        ) in page
        browser.sign_in("manager", people["LEAD"])
        shown = browser.get(f"/team-aptitude/duties/{duty.id}").select_one(".tm-lede")
        assert " ".join(shown.get_text(" ").split()).startswith(
            "1.5 was known against a target of 3.0. Part of that was set aside since; 2.0 is left."
        )

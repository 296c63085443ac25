"""Where people stand is kept with every change, and the log says the same when it is replayed."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import delete, select

from aptitude.models.assessments import AptitudeStanding, AssessmentRequest
from aptitude.models.duties import Duty
from aptitude.queries.agreement import error_book
from aptitude.queries.evidence import evidence_on
from aptitude.queries.frameworks import get_framework, target_book
from aptitude.queries.freshness import figures_behind
from aptitude.queries.known import Known, standing_values, stands_of
from aptitude.queries.profiles import aptitude_page
from aptitude.queries.versions import framework_book
from aptitude.rules.mirror_words import Behind
from aptitude.rules.sources import Source
from aptitude.rules.targets import TargetDraft
from aptitude.services import renewing
from aptitude.services.assessing import answer_request
from aptitude.services.frameworks import set_target
from aptitude.services.standings import rebuild_standings
from aptitude.services.working import APTITUDE_DAILY
from core.clock import at
from core.db import db, transaction
from core.jobs import Job, finish_job, queue_due, run_here
from curricula.models.notices import Notice
from people.queries.opening import looking
from people.queries.retention import kept_days
from people.rules.access import OPERATOR
from people.rules.levels import Level
from people.services.importing import import_people
from people.services.retaining import retain
from people.services.settings import keep_setting
from people.services.undoing import undo_people
from tests.aptitude.test_views_own import text_of
from tests.aptitude.worlds import asked, company, publish_another, rate, round_of, said, viewer
from tests.ledger.worlds import write

pytestmark = pytest.mark.usefixtures("database")
TODAY = datetime(2026, 3, 16, 9, tzinfo=UTC)


@pytest.fixture
def people(built_once, tmp_path):
    with at(TODAY):
        yield built_once(company, tmp_path)


def standing(employee_id: int) -> AptitudeStanding | None:
    db.session.expire_all()
    return db.session.get(AptitudeStanding, employee_id)


def test_one_manager_is_not_enough_for_an_overall_figure(people):
    rate(people["E1"], people["LEAD"], Source.MANAGER, 4.0)
    held = standing(people["E1"])

    assert held is not None
    assert (held.overall, held.dimensions, held.raters) == (None, 0, 0)
    assert held.profile["D1"] == {"score": 4.0, "error": 0.57, "raters": 1, "own": None}
    assert standing(people["E2"]) is None


def test_a_self_rating_alone_shows_no_overall_and_moves_nothing(people):
    rate(people["E1"], people["E1"], Source.SELF, 5.0)
    held = standing(people["E1"])

    assert held is not None
    assert held.overall is None
    assert held.profile["D1"] == {"score": None, "error": None, "raters": 0, "own": 5.0}
    page = aptitude_page(people["E1"], OPERATOR, TODAY.date())
    assert (page.overall, page.counts.unknown, page.points) == (None, 7, ())
    assert page.level_words == (
        "It takes two raters, and they are not there yet: Noticing and empathy; Warm engagement; "
        "Ownership; Charity and composure; Recovery."
    )


def test_raising_one_dimension_shows_no_level_while_the_others_stay_below(people):
    """Front line: D1, D2, D4, D5 and D6 are required, each with 2.0 at least."""
    for top in (1.0, 5.0):
        for above in ("LEAD", "DIR"):
            rate(people["E1"], people[above], Source.MANAGER, [top, *[1.0] * 6])
        page = aptitude_page(people["E1"], OPERATOR, TODAY.date())
        first = "Noticing and empathy (1.0); " if top == 1.0 else ""
        assert page.level_words == (
            f"Below the least this level takes, 2.0: {first}Warm engagement (1.0); "
            "Ownership (1.0); Charity and composure (1.0); Recovery (1.0)."
        )


def test_peers_count_when_their_round_is_over_and_the_day_s_work_brings_them_in(people):
    rate(people["E1"], people["LEAD"], Source.MANAGER, 3.0)
    for who in ("E2", "E3", "E4"):
        rate(people["E1"], people[who], Source.PEER, 4.0, due_on=date(2026, 3, 16))
    held = standing(people["E1"])
    assert held is not None
    assert held.profile["D1"]["score"] == 3.0

    with at(datetime(2026, 3, 17, 5, tzinfo=UTC)):
        for part in APTITUDE_DAILY.divide({}):
            with transaction() as session:
                APTITUDE_DAILY.do(session, part)
        held = standing(people["E1"])
    assert held is not None
    assert held.profile["D1"]["score"] == 3.75
    assert held.profile["D1"]["raters"] == 4
    assert held.overall == 3.75


def daily(*moments: datetime) -> None:
    for moment in moments:
        with at(moment):
            for part in APTITUDE_DAILY.divide({}):
                with transaction() as session:
                    APTITUDE_DAILY.do(session, part)


def morning(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 5, tzinfo=UTC)


def is_up_to_date(employee_id: int, on: date) -> bool:
    """Tell whether what is kept of a person is what their page of that day shows."""
    held = standing(employee_id)
    assert held is not None
    evidence = evidence_on([employee_id], None)[employee_id]
    known = Known(
        framework_book(), target_book(), stands_of(employee_id, None), evidence, error_book()
    )
    wanted = standing_values(known, on)
    return {name: getattr(held, name) for name in wanted} == wanted


def test_a_late_answer_and_a_missed_day_reach_the_standing(people):
    rate(people["E1"], people["LEAD"], Source.MANAGER, 3.0)
    for who in ("E2", "E3"):
        rate(people["E1"], people[who], Source.PEER, 4.0, due_on=date(2026, 3, 10))
    with at(morning(2026, 3, 3)):
        late = asked(people["E1"], people["E4"], Source.PEER, date(2026, 3, 10))
    daily(morning(2026, 3, 11))
    with at(morning(2026, 3, 12)):  # nobody works on the 13th
        answer_request(late, said(4.0), viewer(people["E4"]))
    assert standing(people["E1"]).profile["D1"]["score"] == 3.0

    daily(morning(2026, 3, 14))
    assert standing(people["E1"]).profile["D1"]["score"] == 3.75
    assert is_up_to_date(people["E1"], date(2026, 3, 14))


def test_a_standing_grows_old_with_its_page(people):
    rate(people["E1"], people["LEAD"], Source.MANAGER, 3.0)
    rate(people["E1"], people["DIR"], Source.MANAGER, 3.5)
    assert standing(people["E1"]).overall == 3.25

    daily(morning(2028, 3, 1))  # 730 days after
    assert standing(people["E1"]).overall == 3.25
    behind = [figures_behind(date(2028, 3, day)) for day in (1, 2, 4)]
    assert behind == [
        None,
        Behind(date(2028, 3, 1)),
        Behind(date(2028, 3, 1)),
    ]  # it changes on the 2nd
    daily(morning(2028, 3, 2))
    assert standing(people["E1"]).overall is None
    assert is_up_to_date(people["E1"], date(2028, 3, 2))


def test_a_target_and_a_move_reach_the_standing_and_the_duties_at_once(people, tmp_path):
    for subject in ("E1", "E2"):
        for above in ("LEAD", "DIR"):
            rate(people[subject], people[above], Source.MANAGER, 3.5, on=TODAY.date())
    open_ones = select(Duty.dimension_code).where(Duty.closed_on.is_(None))
    assert db.session.scalars(open_ones).all() == []

    with at(morning(2026, 3, 17)):  # from an earlier day on, of one job title
        title = TargetDraft("D2", None, "Head Keeper", 45, 20, True, date(2026, 3, 1))
        set_target(title, account_id=None)
        set_target(replace(title, dimension_code="D3", from_on=date(2026, 4, 1)), account_id=None)
        assert db.session.scalars(open_ones).all() == []
        moved = write(tmp_path, "employee_number,job_title,level\nE1,Head Keeper,\n", "moves.csv")
        import_people(moved, file_name="moves.csv", account_id=None, effective_on=date(2026, 3, 17))
        assert is_up_to_date(people["E1"], date(2026, 3, 17))
        assert standing(people["E1"]).renew_on == date(2026, 4, 1)  # the day D3 begins
    assert db.session.execute(select(Duty.subject_id, Duty.dimension_code)).all() == [
        (people["E1"], "D2")
    ]
    daily(morning(2026, 4, 3))  # the day it begins was missed
    assert db.session.scalars(open_ones.order_by(Duty.id)).all() == ["D2", "D3"]

    with at(morning(2026, 4, 4)):
        set_target(TargetDraft("D5", Level.FRONTLINE, None, 45, 20, True, date(2026, 4, 4)),
                   account_id=None)  # fmt: skip
        assert sorted(db.session.scalars(open_ones).all()) == ["D2", "D3", "D5", "D5"]
        assert is_up_to_date(people["E2"], date(2026, 4, 4))


def test_a_promotion_its_undoing_and_a_new_version_reach_the_standing_at_once(people, tmp_path):
    for subject in ("E1", "E2"):
        rate(people[subject], people["LEAD"], Source.MANAGER, 3.5, on=TODAY.date())
    hr = viewer(people["CEO"])  # what a page may read is enough for what follows from it
    with at(morning(2026, 4, 5)), looking(hr, "people:import"):
        up = write(tmp_path, "employee_number,level\nE2,team_lead\n", "up.csv")
        batch = import_people(up, file_name="up.csv", account_id=None).batch
    assert standing(people["E2"]).level is Level.TEAM_LEAD
    assert is_up_to_date(people["E2"], date(2026, 4, 5))
    assert batch is not None
    with at(morning(2026, 4, 6)):
        with looking(hr, "people:import"):
            undo_people(batch)
        assert standing(people["E2"]).level is Level.FRONTLINE
        with looking(hr, "aptitude:edit"):
            publish_another()
            set_target(TargetDraft("D5", Level.FRONTLINE, None, 45, 20, True, date(2026, 4, 4)),
                       account_id=None)  # fmt: skip
        for who in ("E1", "E2"):
            assert standing(people[who]).framework_id == get_framework().id
            assert is_up_to_date(people[who], date(2026, 4, 6))
    assert "aptitude_renewing" not in db.session.scalars(select(Job.kind)).all()


def test_what_concerns_many_is_left_to_a_worker_and_the_pages_say_so(people, browser, monkeypatch):
    for above in ("LEAD", "DIR"):
        rate(people["E1"], people[above], Source.MANAGER, 3.5, on=TODAY.date())
    monkeypatch.setattr(renewing, "MOST_AT_HAND", 0)
    with at(morning(2026, 3, 17)):
        publish_another()
        set_target(TargetDraft("D5", Level.FRONTLINE, None, 45, 20, True, date(2026, 3, 1)),
                   account_id=None)  # fmt: skip
        assert not is_up_to_date(people["E1"], date(2026, 3, 17))
        jobs = db.session.scalars(select(Job.id).where(Job.kind == "aptitude_renewing")).all()
        assert len(jobs) == 2
        browser.sign_in("hr")
        said = "Some figures were worked out on 17 March 2026 and are being renewed."
        assert said in text_of(browser.get("/leader-mirror"))
        paper = PdfReader(BytesIO(browser.open("/leader-mirror.pdf").data))
        assert said in " ".join(" ".join(one.extract_text() for one in paper.pages).split())
        browser.sign_in("manager", people["LEAD"])
        mine = text_of(browser.get("/team-aptitude"))
        assert (
            "Some of it may still be what was worked out on 17 March 2026: it is being renewed"
            in mine
        )

        for job in jobs:
            finish_job(job, "OSError: no space left")
        assert "Renewing it failed and is tried again in the night" in text_of(
            browser.get("/team-aptitude")
        )
        browser.sign_in("hr")
        failed = "Some figures were worked out on 17 March 2026. Renewing it failed"
        assert failed in text_of(browser.get("/leader-mirror"))
        run_here(jobs[0])  # what was asked for before does not make up for what failed since
        assert figures_behind(date(2026, 3, 17)) == Behind(date(2026, 3, 17), has_failed=True)
        browser.sign_in("manager", people["LEAD"])
        run_here(jobs[1])
        assert is_up_to_date(people["E1"], date(2026, 3, 17))
        assert db.session.scalars(select(Duty.dimension_code)).all() == ["D5"]
        assert "being renewed" not in text_of(browser.get("/team-aptitude"))
        browser.sign_in("hr")
        assert "being renewed" not in text_of(browser.get("/leader-mirror"))


def test_the_night_works_out_many_people_in_parts_of_their_own(people, monkeypatch):
    for subject, above in (("E1", "LEAD"), ("E1", "DIR"), ("E2", "LEAD")):
        rate(people[subject], people[above], Source.MANAGER, 2.0, on=TODAY.date())
    monkeypatch.setattr(renewing, "AT_ONCE", 1)
    with at(morning(2028, 6, 1)):  # what was said is too old by now
        assert APTITUDE_DAILY.divide({}) == [
            {"what": "people", "ids": [people["E1"]]},
            {"what": "people", "ids": [people["E2"]]},
            {"what": "agreement"},
            {"what": "people", "ids": [people["E1"]]},  # towards whom duties stand
            {"what": "duties"},
            {"what": "reminders"},
            {"what": "overdue"},
            {"what": "answers"},
        ]
        with transaction() as session:
            APTITUDE_DAILY.do(session, {"what": "people", "ids": [people["E1"]]})
        assert is_up_to_date(people["E1"], date(2028, 6, 1))
        assert standing(people["E2"]).renew_on <= date(2028, 6, 1)

    monkeypatch.setattr(renewing, "MOST_AT_HAND", 0)
    with at(morning(2028, 6, 2)):
        with transaction() as session:
            renewing.renew_with_new_error(session)
        job = db.session.scalars(select(Job).where(Job.kind == "aptitude_renewing")).one()
        assert renewing.RENEWAL.divide(job.payload) == [
            {"ids": [people["E1"]]}, {"ids": [people["E2"]]},
        ]  # fmt: skip
        finish_job(job.id, "OSError: no space left")
        night = APTITUDE_DAILY.divide({})  # nothing but that job says so of E1
    assert [one["ids"] for one in night if one["what"] == "people"] == [
        [people["E1"]], [people["E2"]], [people["E1"]],
    ]  # fmt: skip
    with at(morning(2028, 6, 3)):
        queue_due(APTITUDE_DAILY.name, morning(2028, 6, 3))
        run_here(db.session.scalars(select(Job.id).where(Job.kind == APTITUDE_DAILY.name)).one())
        assert figures_behind(date(2028, 6, 3)) is None


def test_whoever_has_not_answered_is_reminded_once(people):
    asked(people["E1"], people["LEAD"], Source.MANAGER, due_on=date(2026, 3, 18))
    for day in (16, 17):
        with at(datetime(2026, 3, day, 5, tzinfo=UTC)), transaction() as session:
            APTITUDE_DAILY.do(session, {"what": "reminders"})

    kinds = db.session.scalars(select(Notice.kind).order_by(Notice.id)).all()
    assert kinds == ["assessment_asked", "assessment_due"]


@pytest.mark.engines("sqlite")
def test_any_order_of_arrival_and_a_replay_give_the_same(people):
    rng = random.Random(7)  # noqa: S311  # no secret
    said = [("LEAD", 2.5), ("E2", 3.0), ("E3", 4.5), ("E4", 1.5), ("E5", 4.0)]
    for subject in ("E1", "E6"):
        rng.shuffle(said)
        round_of(people, subject, dict(said))
    assert rebuild_standings() == 2
    first, second = standing(people["E1"]), standing(people["E6"])
    assert first is not None
    assert second is not None
    assert first.profile == second.profile
    kept = first.profile, first.overall, first.overall_error

    db.session.execute(delete(AptitudeStanding))
    db.session.commit()
    assert rebuild_standings() == 2
    again = standing(people["E1"])
    assert again is not None
    assert (again.profile, again.overall, again.overall_error) == kept


@pytest.mark.engines("sqlite")
def test_what_was_said_long_ago_goes(people, app):
    rate(people["E1"], people["LEAD"], Source.MANAGER, 4.0)
    with at(morning(2026, 3, 3)):
        late = asked(people["E1"], people["E2"], Source.PEER, date(2026, 3, 30))
    with at(morning(2026, 3, 30)):
        answer_request(late, said(4.0), viewer(people["E2"]))
    with at(datetime(2031, 3, 20, tzinfo=UTC)):
        due = {one.kind: one.count for one in retain(dry_run=False)}

    assert due["assessments"] == 2  # the assessment and its request
    # A request stays with what was answered: its day says from when on that may be shown.
    assert db.session.scalars(select(AssessmentRequest.id)).all() == [late]


@pytest.mark.engines("sqlite")
def test_what_peers_said_goes_all_at_once_and_the_rest_tells_nobody_what_one_gave(people, app):
    for day, (who, value) in enumerate((("E5", 1.5), ("E2", 4.0), ("E3", 4.5), ("E4", 4.0)), 1):
        said_on, due_on = date(2026, 2, day), date(2026, 2, 10)
        rate(people["E1"], people[who], Source.PEER, value, on=said_on, due_on=due_on)
    rate(people["E1"], people["E1"], Source.SELF, 4.0, on=date(2030, 12, 1))

    def known(moment: datetime) -> tuple[int, list[float]]:
        with at(moment):
            due = {one.kind: one.count for one in retain(dry_run=False)}
            points = aptitude_page(people["E1"], OPERATOR, moment.date()).points
        return due.get("assessments", 0), [one.overall.mean for one in points if one.overall]

    first = datetime(2031, 1, 31, 11, tzinfo=UTC)
    assert known(first) == (0, [3.5])
    assert known(first + timedelta(days=1)) == (0, [3.5])  # that of 1 February 2026 is old
    assert known(first + timedelta(days=2)) == (0, [3.5])
    assert known(first + timedelta(days=3)) == (8, [])  # with their requests

    keep = ["privacy", "keep", "assessments", "1096"]
    refused = app.test_cli_runner().invoke(args=keep)
    assert refused.exit_code == 2
    assert "kept for 1097 to 36500 days." in refused.output
    keep_setting("keep_assessments_days", "7")  # by an earlier version
    assert kept_days()["assessments"] == 1097


@pytest.mark.engines("sqlite")
def test_commands_load_the_framework_and_rebuild(database, app):
    run = app.test_cli_runner().invoke
    load = ["aptitude", "library", "load"]
    assert "Framework: loaded." in run(args=load).output
    assert "Framework: as it is." in run(args=load).output
    assert run(args=["aptitude", "rebuild"]).output == "0\u202fpeople worked out anew.\n".replace(
        "\u202f", " "
    )

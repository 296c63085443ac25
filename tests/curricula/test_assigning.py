"""Who has which curriculum to do: by audience, by hand, and what follows when people move."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from core.clock import at
from core.db import db
from core.errors import NotFoundError, RefusedError
from core.jobs import Job, queue_due, run_here
from curricula.models.notices import Notice
from curricula.models.outcomes import Practice
from curricula.models.paths import AudienceRule, Curriculum, LearningAssignment
from curricula.queries.audiences import RuleDraft, audience_of, people_of_audience, preview_of
from curricula.rules.words import AssignmentSource, Path
from curricula.services.assigning import (
    add_audience_rule,
    assign_by_hand,
    change_due,
    end_assignment,
    end_audience_rule,
    end_exemption,
    exempt,
)
from curricula.services.curricula import remove_item
from curricula.services.next_versions import begin_next_version, publish_next_version
from people.models import Employee, Unit
from people.rules.access import OPERATOR, Viewer
from people.rules.levels import Level
from people.services.importing import import_people
from people.services.undoing import undo_people
from tests.curricula.learners import complete, counted, path, taught
from tests.ledger.worlds import add_people, write
from tests.prepared import prepared

pytestmark = pytest.mark.usefixtures("database")
PEOPLE = """employee_number,name,email,manager_number,unit,level,job_title,hired_on,left_on
M1,Mo Myr,mo@example.org,,Desk,manager,Head,2020-01-01,
A1,Ana Aas,ana@example.org,M1,Desk / North,frontline,Agent,2026-01-15,
B1,Bo Berg,bo@example.org,M1,Desk / South,frontline,Agent,2024-01-15,
C1,Cy Christ,cy@example.org,M1,Shop,frontline,Clerk,2024-01-15,
D1,Di Dahl,di@example.org,M1,Desk / North,senior,Agent,2024-01-15,
G1,Gus Gone,gus@example.org,M1,Desk / North,frontline,Agent,2020-01-15,2025-12-31
"""
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MOVED = "employee_number,name,email,manager_number,unit,level,effective_on\n"


@pytest.fixture(autouse=True)
def now_is_march():
    with at(NOON):
        yield


@prepared
def people(tmp_path):
    with at(datetime(2026, 2, 1, tzinfo=UTC)):
        add_people(tmp_path, PEOPLE)
    return dict(db.session.execute(select(Employee.number, Employee.id)).all())


def unit(where: str) -> int:
    return db.session.scalars(select(Unit.id).where(Unit.path == where)).one()


def front_line_of_desk(**changes) -> RuleDraft:
    return RuleDraft(**({"level": Level.FRONTLINE, "unit_id": unit("Desk")} | changes))


def standing() -> dict[str, str]:
    """Return who has something to do, and how it came."""
    db.session.expire_all()
    rows = db.session.execute(
        select(Employee.number, LearningAssignment.source)
        .join(LearningAssignment, LearningAssignment.employee_id == Employee.id)
        .where(LearningAssignment.ended_on.is_(None), LearningAssignment.completed_on.is_(None))
        .order_by(Employee.number)
    )
    return {number: source.value for number, source in rows}


def told() -> list[str]:
    return list(db.session.scalars(select(Notice.subject).order_by(Notice.id)))


def one_of(employee_id: int) -> LearningAssignment:
    db.session.expire_all()
    asked = select(LearningAssignment).where(LearningAssignment.employee_id == employee_id)
    return db.session.scalars(asked.order_by(LearningAssignment.id.desc())).first()


def run_daily(moment=NOON) -> None:
    with at(moment):
        queue_due("learning_daily", moment)
        run_waiting()


def run_waiting() -> None:
    for job_id in db.session.scalars(select(Job.id).where(Job.started_at.is_(None))).all():
        run_here(job_id)
    assert db.session.scalars(select(Job.problem).where(Job.problem.is_not(None))).all() == []


def test_a_preview_says_who_and_how_many_hours_before_anything_is_saved(people):
    taught()
    curriculum_id = path("PATH-1", "HOS-01")

    found = preview_of(curriculum_id, front_line_of_desk(), NOON.date(), named_to=OPERATOR)

    assert (found.people, found.new, found.minutes) == (2, 2, 240)
    assert found.names == ("Ana Aas", "Bo Berg")
    assert found.by_unit == (("Desk / North", 1), ("Desk / South", 1))
    assert standing() == {}


def test_a_preview_leaves_out_who_has_or_had_it_and_names_nobody_unasked(people):
    taught()
    curriculum_id = path("PATH-1", "HOS-01")
    assign_by_hand(curriculum_id, [people["A1"]], None, viewer=OPERATOR)

    found = preview_of(curriculum_id, front_line_of_desk(), NOON.date())

    assert (found.people, found.new, found.names) == (2, 1, ())


def test_an_audience_is_assigned_with_a_due_day_and_everybody_is_told_why(people):
    taught()
    curriculum_id = path("PATH-1", "HOS-01", due_days=90)

    outcome = add_audience_rule(curriculum_id, front_line_of_desk(), account_id=None)

    assert outcome.assigned == 2
    assert standing() == {"A1": "audience", "B1": "audience"}
    assert one_of(people["A1"]).due_on == date(2026, 5, 31)
    assert told() == ["New for you: Title of PATH-1"] * 2
    assert [row.sentence for row in audience_of(curriculum_id)] == ["Front line in Desk and below"]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        pytest.param({"hired_since": date(2026, 1, 1)}, {"A1"}, id="hired since"),
        pytest.param({"job_title": " agent "}, {"A1", "B1", "D1"}, id="job title, any case"),
        pytest.param({"level": Level.SENIOR}, {"D1"}, id="level"),
        pytest.param({"level": Level.FRONTLINE, "job_title": "Clerk"}, {"C1"}, id="both at once"),
    ],
)
def test_rules_choose_whom_they_say(people, rule, expected):
    taught()
    add_audience_rule(path("PATH-1", "HOS-01"), RuleDraft(**rule), account_id=None)

    assert set(standing()) == expected


def test_a_rule_that_says_nothing_is_for_nobody(people):
    taught()
    with pytest.raises(RefusedError, match="Say for whom"):
        add_audience_rule(path("PATH-1", "HOS-01"), RuleDraft(), account_id=None)


def test_who_completed_it_all_before_has_nothing_left_to_do(people):
    module_id = taught()
    complete(people["A1"], module_id, on=date(2026, 2, 10))

    add_audience_rule(path("PATH-1", "HOS-01"), front_line_of_desk(), account_id=None)

    assert standing() == {"B1": "audience"}
    assert one_of(people["A1"]).completed_on == date(2026, 2, 10)


def test_a_move_into_the_audience_assigns_and_out_of_it_ends_with_a_reason(people, tmp_path):
    taught()
    add_audience_rule(path("PATH-1", "HOS-01"), front_line_of_desk(), account_id=None)
    add_people(
        tmp_path,
        f"{MOVED}A1,Ana Aas,ana@example.org,M1,Shop,frontline,2026-03-02\n"
        "C1,Cy Christ,cy@example.org,M1,Desk,frontline,2026-03-02\n",
    )
    run_waiting()

    assert standing() == {"B1": "audience", "C1": "audience"}
    assert one_of(people["A1"]).ended_reason.startswith("No longer in the audience")
    assert told()[2:] == [
        "New for you: Title of PATH-1",
        "You need not do Title of PATH-1 any more",
    ]


def test_who_is_promoted_keeps_what_is_begun_and_is_told(people, tmp_path):
    first = taught("HOS-01")
    taught("HOS-02")
    add_audience_rule(path("PATH-1", "HOS-01", "HOS-02"), front_line_of_desk(), account_id=None)
    complete(people["A1"], first, on=date(2026, 3, 1))
    add_people(tmp_path, f"{MOVED}A1,Ana Aas,ana@example.org,M1,Desk / North,senior,2026-03-02\n")
    run_waiting()
    run_daily()

    assert standing() == {"A1": "audience", "B1": "audience"}
    assert [one for one in told() if one.startswith("You go on")] == [
        "You go on with Title of PATH-1"
    ]
    assert one_of(people["A1"]).kept_reason == (
        "Where you stand now it is not asked for, but you have begun it."
    )
    assert one_of(people["B1"]).kept_reason is None

    with at(datetime(2026, 3, 9, tzinfo=UTC)):
        add_people(tmp_path, f"{MOVED}A1,Ana Aas,ana@example.org,M1,Desk,frontline,2026-03-09\n")
        run_waiting()
    assert one_of(people["A1"]).kept_reason is None


def test_who_moves_back_gets_it_again(people, tmp_path):
    taught()
    add_audience_rule(path("PATH-1", "HOS-01"), front_line_of_desk(), account_id=None)
    with at(datetime(2026, 3, 3, tzinfo=UTC)):
        add_people(tmp_path, f"{MOVED}A1,Ana Aas,ana@example.org,M1,Shop,frontline,2026-03-03\n")
        run_waiting()
    assert standing() == {"B1": "audience"}
    with at(datetime(2026, 3, 9, tzinfo=UTC)):
        add_people(tmp_path, f"{MOVED}A1,Ana Aas,ana@example.org,M1,Desk,frontline,2026-03-09\n")
        run_waiting()

    assert standing() == {"A1": "audience", "B1": "audience"}


def test_a_rule_that_ends_takes_back_what_nobody_began(people):
    taught()
    add_audience_rule(path("PATH-1", "HOS-01"), front_line_of_desk(), account_id=None)
    rule_id = db.session.scalars(select(AudienceRule.id)).one()

    outcome = end_audience_rule(rule_id, account_id=None)

    assert (outcome.ended, standing()) == (2, {})
    with pytest.raises(NotFoundError):
        end_audience_rule(rule_id, account_id=None)


def test_a_rule_may_leave_what_it_assigned(people):
    taught()
    draft = front_line_of_desk(ends_assignments=False)
    add_audience_rule(path("PATH-1", "HOS-01"), draft, account_id=None)

    outcome = end_audience_rule(db.session.scalars(select(AudienceRule.id)).one(), account_id=None)

    assert (outcome.ended, outcome.kept) == (0, 2)
    assert standing() == {"A1": "audience", "B1": "audience"}
    assert one_of(people["A1"]).kept_reason == (
        "Where you stand now it is not asked for, but what was assigned stays assigned."
    )


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        pytest.param([], None, id="nobody said for whom"),
        pytest.param([{"level": Level.FRONTLINE}], {"frontline": 3}, id="a level"),
        pytest.param([{"unit": "Desk"}], {"frontline": 2, "manager": 1, "senior": 1}, id="a unit"),
        pytest.param([{"job_title": " AGENT"}], {"frontline": 2, "senior": 1}, id="a job title"),
        pytest.param([{"hired_since": date(2026, 1, 1)}], {"frontline": 1}, id="newcomers"),
        pytest.param(
            [{"unit": "Desk", "job_title": "agent", "level": Level.FRONTLINE}],
            {"frontline": 2},
            id="all together",
        ),
        pytest.param(
            [{"unit": "Desk / North"}, {"job_title": "Agent"}],
            {"frontline": 2, "senior": 1},
            id="two rules count nobody twice",
        ),
        pytest.param([{"unit": "Shop", "level": Level.SENIOR}], {}, id="nobody"),
    ],
)
def test_the_page_counts_the_people_whom_the_rules_mean(people, rules, expected):
    taught()
    curriculum_id = path("PATH-1", "HOS-01")
    drafts = []
    for rule in rules:
        facts = {key: value for key, value in rule.items() if key != "unit"}
        drafts.append(RuleDraft(unit_id=unit(rule["unit"]) if "unit" in rule else None, **facts))
        add_audience_rule(curriculum_id, drafts[-1], account_id=None)

    counts = people_of_audience(curriculum_id, NOON.date())

    assert counts == expected
    if len(drafts) == 1:
        previewed = preview_of(curriculum_id, drafts[0], NOON.date()).people
        assert sum(counts.values()) == previewed


def test_the_curriculum_page_says_for_whom_it_is_and_how_many_hours_that_is(
    people, browser, tmp_path
):
    rows = "".join(f"N{n},New {n},,M1,Desk,frontline,2026-03-02\n" for n in range(1, 5))
    add_people(tmp_path, f"{MOVED}{rows}")
    taught()
    curriculum_id = path("PATH-1", "HOS-01")
    browser.sign_in("trainer")

    def for_whom() -> str:
        page = browser.get(f"/curricula/{curriculum_id}")
        heading = page.find("h2", string="For whom")
        return " ".join(heading.find_next("p").get_text().replace("\u202f", " ").split())

    assert for_whom() == "Front line: 7 people, 14 h in all."

    add_audience_rule(curriculum_id, RuleDraft(unit_id=unit("Desk / North")), account_id=None)
    assert for_whom() == "Everybody in Desk / North and below: fewer than five people."

    add_audience_rule(curriculum_id, front_line_of_desk(), account_id=None)
    assert for_whom() == (
        "Everybody in Desk / North and below; Front line in Desk and below: 7 people, 14 h in all."
    )


def test_a_manager_assigns_to_the_own_tree_only(people):
    taught()
    curriculum_id = path("PATH-1", "HOS-01")
    mo = Viewer(None, "Mo Myr", people["M1"], frozenset(), manages=True)

    assert assign_by_hand(curriculum_id, [people["A1"]], date(2026, 4, 1), viewer=mo) == 1
    assert assign_by_hand(curriculum_id, [people["A1"]], None, viewer=mo) == 0
    with pytest.raises(NotFoundError):
        assign_by_hand(curriculum_id, [people["M1"]], None, viewer=mo)

    assert standing() == {"A1": AssignmentSource.MANAGER.value}
    ana = Viewer(None, "Ana Aas", people["A1"], frozenset(), manages=False)
    with pytest.raises(NotFoundError):
        assign_by_hand(curriculum_id, [people["B1"]], None, viewer=ana)


def test_an_exemption_has_a_reason_and_is_not_assigned_again(people):
    taught()
    curriculum_id = path("PATH-1", "HOS-01")
    add_audience_rule(curriculum_id, front_line_of_desk(), account_id=None)
    held = one_of(people["A1"])

    with pytest.raises(RefusedError, match="Say why"):
        exempt(held.id, "  ", viewer=OPERATOR)
    exempt(held.id, "Taught it for years.", viewer=OPERATOR)
    run_daily()

    assert one_of(people["A1"]).exempt_reason == "Taught it for years."
    assert "You are exempted from Title of PATH-1" in told()
    with pytest.raises(RefusedError, match="already"):
        exempt(held.id, "Again.", viewer=OPERATOR)
    end_exemption(held.id, viewer=OPERATOR)
    assert one_of(people["A1"]).exempted_at is None


def test_what_is_ended_by_hand_stays_ended(people):
    taught()
    add_audience_rule(path("PATH-1", "HOS-01"), front_line_of_desk(), account_id=None)
    end_assignment(one_of(people["A1"]).id, "Retires in May.", viewer=OPERATOR)
    run_daily()

    assert standing() == {"B1": "audience"}


def test_another_due_day_is_told_and_no_past_one_is_taken(people):
    taught()
    assign_by_hand(path("PATH-1", "HOS-01"), [people["A1"]], date(2026, 4, 1), viewer=OPERATOR)
    held = one_of(people["A1"]).id

    with pytest.raises(RefusedError, match="1 March 2026 is past"):
        change_due(held, date(2026, 3, 1), viewer=OPERATOR)
    change_due(held, date(2026, 5, 1), viewer=OPERATOR)

    assert one_of(people["A1"]).due_on == date(2026, 5, 1)
    assert told()[-1] == "Another day: Title of PATH-1"


def test_each_day_reminds_once_before_and_once_after_the_due_day_and_tells_the_manager(people):
    taught()
    assign_by_hand(path("PATH-1", "HOS-01"), [people["A1"]], date(2026, 3, 10), viewer=OPERATOR)
    run_daily()
    run_daily(datetime(2026, 3, 3, 12, tzinfo=UTC))
    run_daily(datetime(2026, 3, 11, 12, tzinfo=UTC))
    run_daily(datetime(2026, 3, 12, 12, tzinfo=UTC))

    assert told()[1:] == [
        "Due on 10 March 2026: Title of PATH-1",
        "Overdue: Title of PATH-1",
        "Ana Aas is overdue with Title of PATH-1",
    ]


def test_who_leaves_has_nothing_to_do_any_more(people, tmp_path):
    taught()
    add_audience_rule(path("PATH-1", "HOS-01"), front_line_of_desk(), account_id=None)
    add_people(tmp_path, "employee_number,name,left_on\nA1,Ana Aas,2026-03-01\n")
    run_daily()

    assert one_of(people["A1"]).ended_reason == "Left the organisation."
    assert standing() == {"B1": "audience"}


def test_a_curriculum_is_renewed_by_its_shorter_path_before_it_runs_out(people):
    first, second = taught("HOS-01"), taught("HOS-02")
    curriculum_id = path(
        "PATH-1", "HOS-01", "HOS-02", renewal=("HOS-02",), renewal_days=365, due_days=30
    )
    add_audience_rule(curriculum_id, front_line_of_desk(), account_id=None)
    complete(people["A1"], first, second, on=date(2026, 3, 2))

    run_daily(datetime(2026, 12, 31, 12, tzinfo=UTC))
    assert one_of(people["A1"]).completed_on == date(2026, 3, 2)
    run_daily(datetime(2027, 1, 1, 12, tzinfo=UTC))

    renewal = one_of(people["A1"])
    assert (renewal.path, renewal.due_on) == (Path.RENEWAL, date(2027, 3, 2))
    assert renewal.renews_id is not None
    assert "To renew: Title of PATH-1" in told()


def test_a_renewal_without_a_shorter_path_waits_for_new_completions(people):
    module_id = taught("HOS-01", review_days=365)
    curriculum_id = path("PATH-1", "HOS-01", renewal_days=365)
    assign_by_hand(curriculum_id, [people["A1"]], None, viewer=OPERATOR)
    complete(people["A1"], module_id, on=date(2026, 3, 2))

    for moment in (datetime(2027, 1, 5, 12, tzinfo=UTC), datetime(2027, 1, 6, 12, tzinfo=UTC)):
        with at(moment):
            run_daily(moment)

    first, renewal = db.session.scalars(select(LearningAssignment).order_by(LearningAssignment.id))
    assert (renewal.path, renewal.renews_id) == (Path.FULL, first.id)
    assert (renewal.due_on, renewal.completed_on) == (date(2027, 3, 2), None)
    assert told().count("Your certificate: Title of PATH-1") == 1
    with at(datetime(2027, 1, 7, 12, tzinfo=UTC)):
        complete(people["A1"], module_id, on=date(2027, 1, 7))
    db.session.expire_all()
    assert renewal.completed_on == date(2027, 1, 7)


def test_who_has_all_that_is_left_of_a_changed_curriculum_is_done_the_next_day(people):
    first = taught("HOS-01")
    taught("HOS-02")
    curriculum_id = path("PATH-1", "HOS-01", "HOS-02")
    assign_by_hand(curriculum_id, [people["A1"]], None, viewer=OPERATOR)
    complete(people["A1"], first, on=date(2026, 3, 2))
    next_id = begin_next_version(curriculum_id, account_id=None)
    revision = db.session.get_one(Curriculum, next_id).revision
    remove_item(next_id, "HOS-02", revision=revision, account_id=None)
    revision = db.session.get_one(Curriculum, next_id).revision
    publish_next_version(next_id, revision=revision, account_id=None)

    run_daily()

    assert one_of(people["A1"]).completed_on == date(2026, 3, 2)


def test_refreshers_fall_due_by_kind_and_are_told_once(people):
    hospitality = taught("HOS-01")
    recovery = taught("REC-01", shares=(("service_recovery", 100),), review_days=90)
    complete(people["A1"], hospitality, recovery, on=date(2026, 3, 1))
    before = len(told())

    run_daily(datetime(2026, 3, 8, 12, tzinfo=UTC))
    run_daily(datetime(2026, 3, 15, 12, tzinfo=UTC))
    run_daily(datetime(2026, 3, 31, 12, tzinfo=UTC))
    run_daily(datetime(2026, 4, 30, 12, tzinfo=UTC))

    assert told()[before:] == [
        "A few minutes for Title of REC-01",
        "A few minutes for Title of HOS-01",
        "A few minutes for Title of REC-01",
        "To be refreshed by 30 May 2026: Title of REC-01",
        "A few minutes for Title of HOS-01",
    ]


def test_practice_that_was_ticked_off_is_neither_shown_nor_told_of(people, browser):
    complete(people["A1"], taught("HOS-01"), on=date(2026, 3, 1))
    browser.sign_in("employee", people["A1"])
    with at(datetime(2026, 3, 14, 12, tzinfo=UTC)):
        assert "A few minutes of practice" not in browser.get("/learning").get_text()
        browser.post("/learning/practice/1/1", status=404)  # not due yet
    with at(datetime(2026, 3, 15, 12, tzinfo=UTC)):
        page = browser.get("/learning")
        action = page.select_one("#practice").find_parent("section").form["action"]
        said = browser.submit(action).get_text(" ", strip=True)
        assert "Noted: you practised. The next one is for 30 April 2026." in said
        assert "A few minutes of practice" not in said
        browser.submit(action)  # a second press changes nothing

    rows = db.session.execute(select(Practice.completion_id, Practice.number)).all()
    assert [tuple(row) for row in rows] == [(1, 1)]
    run_daily(datetime(2026, 3, 15, 13, tzinfo=UTC))
    assert not [one for one in told() if one.startswith("A few minutes")]
    run_daily(datetime(2026, 4, 30, 12, tzinfo=UTC))
    assert told()[-1] == "A few minutes for Title of HOS-01"
    browser.sign_in("employee", people["B1"])
    browser.post("/learning/practice/1/1", status=404)


def test_a_file_of_people_can_be_taken_back_unless_they_learnt_something(people, tmp_path):
    module_id = taught()
    add_audience_rule(path("PATH-1", "HOS-01"), front_line_of_desk(), account_id=None)
    text = f"{MOVED}N1,Ny Nord,ny@example.org,M1,Desk,frontline,2026-03-02\n"

    def bring() -> int:
        return import_people(
            write(tmp_path, text, "new.csv"), file_name="new.csv", account_id=None
        ).batch

    batch = bring()
    run_waiting()
    assert set(standing()) == {"A1", "B1", "N1"}
    undo_people(batch)
    assert set(standing()) == {"A1", "B1"}

    batch = bring()
    newcomer = db.session.scalars(select(Employee.id).where(Employee.number == "N1")).one()
    complete(newcomer, module_id, on=date(2026, 3, 2))
    with pytest.raises(RefusedError, match="completed modules"):
        undo_people(batch)


def test_the_questions_do_not_depend_on_how_many_belong(people, tmp_path):
    taught()
    few = path("PATH-1", "HOS-01")
    many = path("PATH-2", "HOS-01")
    rows = "".join(f"N{n},No {n},,M1,Desk,frontline,\n" for n in range(40))
    with counted() as first:
        add_audience_rule(few, front_line_of_desk(), account_id=None)
    add_people(tmp_path, MOVED + rows)
    with counted() as second:
        add_audience_rule(many, front_line_of_desk(), account_id=None)

    assert len(standing()) == 42
    assert len(second) == len(first)

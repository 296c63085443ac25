"""What falls due by itself each day: audiences, renewals, reminders, refreshers and reviews.

Each is a part of one job and safe to repeat: who has something is not given it again, and nobody
is told the same thing twice.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from sqlalchemy import select, update

from core.bulk import AnySession
from core.clock import now, today
from core.jobs import AnySession as JobSession
from core.jobs import JobKind, Payload, queue
from core.words import day
from curricula.models.modules import Module, ModuleVersion
from curricula.models.paths import Curriculum, LearningAssignment
from curricula.queries.audiences import (
    LEFT_REASON,
    curricula_with_audience,
    people_at_work,
    standing_rules,
)
from curricula.queries.falling_due import (
    Lapsing,
    due_between,
    lapsing,
    managers_of,
    renewable,
    spaced,
)
from curricula.queries.grace import grace_days
from curricula.rules.audiences import first_match
from curricula.rules.freshness import stops_on
from curricula.rules.learning import renewal_due
from curricula.rules.words import AssignmentSource, ModuleState, Path
from curricula.services.assigning import AT_ONCE, follow_audience, write_assignments
from curricula.services.completing import complete_assignments
from curricula.services.notifying import Draft, notify_account, notify_all
from curricula.services.reminding import (
    free_seats_of_leavers,
    remind_of_sessions,
    remind_of_sheets,
    sessions_of_leavers,
)
from people.models import Employee
from people.services.listeners import file_listeners

DUE_SOON_DAYS = 14
CHANGED_DAYS = 3
PARTS = (
    "leavers",
    "changed",
    "due",
    "overdue",
    "lapsing",
    "refreshers",
    "reviews",
    "sessions",
    "sheets",
)


def _divide(payload: Payload) -> list[Payload]:
    renewed = [{"what": "renewal", "id": one} for one in renewable()]
    freed = [{"what": "seats", "id": one} for one in sessions_of_leavers()]
    others = [{"what": what, "id": 0} for what in PARTS]
    return [*_divide_audiences(payload), *renewed, *freed, *others]


def _divide_audiences(_: Payload) -> list[Payload]:
    return [{"what": "audience", "id": one} for one in curricula_with_audience()]


def _do(session: AnySession, part: Payload) -> None:
    DUTIES[str(part["what"])](session, int(part["id"]))


def _follow(session: AnySession, curriculum_id: int) -> None:
    follow_audience(session, curriculum_id)


def end_of_leavers(session: AnySession, _: int = 0) -> None:
    """End what people have to do who left; they are not told."""
    on = today()
    left = select(Employee.id).where(Employee.left_on < on)
    session.execute(
        update(LearningAssignment)
        .where(
            LearningAssignment.ended_on.is_(None),
            LearningAssignment.completed_on.is_(None),
            LearningAssignment.employee_id.in_(left),
        )
        .values(ended_on=on, ended_reason=LEFT_REASON)
        .execution_options(synchronize_session=False)
    )


def settle_what_changed(session: AnySession, _: int = 0) -> None:
    """Close what is complete because its curriculum was published anew with fewer modules."""
    one = LearningAssignment
    people = session.scalars(
        select(one.employee_id)
        .join(Curriculum, Curriculum.id == one.curriculum_id)
        .where(
            Curriculum.published_at >= now() - timedelta(days=CHANGED_DAYS),
            one.ended_on.is_(None),
            one.completed_on.is_(None),
        )
        .distinct()
        .order_by(one.employee_id)
    ).all()
    for start in range(0, len(people), AT_ONCE):
        complete_assignments(session, people[start : start + AT_ONCE])


def renew(session: AnySession, curriculum_id: int) -> None:
    """Assign a curriculum anew to whom it runs out for, by its shorter path where it has one."""
    on = today()
    curriculum = session.get_one(Curriculum, curriculum_id)
    rules = standing_rules(session, curriculum_id)
    at_work = {person.employee_id: person for person in people_at_work(session, on)}
    rows = []
    for held in lapsing(session, curriculum, on):
        person = at_work.get(held.employee_id)
        if person is None:
            continue
        rule = first_match(rules, person)
        if held.source is AssignmentSource.AUDIENCE and rule is None:
            continue
        rows.append(
            {
                "employee_id": held.employee_id,
                "source": held.source,
                "rule_id": rule.id if rule and held.source is AssignmentSource.AUDIENCE else None,
                "path": Path.RENEWAL if held.has_renewal else Path.FULL,
                "due_on": renewal_due(held.completed_on, curriculum.renewal_days),
                "renews_id": held.assignment_id,
            }
        )
    why = "You completed it before, and it is renewed from time to time."
    write_assignments(session, curriculum, rows, why=why, account_id=None)


def remind_before(session: AnySession, _: int = 0) -> None:
    """Tell people what is due within two weeks."""
    on = today()
    soon = due_between(session, on, on + timedelta(days=DUE_SOON_DAYS))
    notify_all(
        session,
        [
            Draft(
                one.employee_id,
                "due_soon",
                f"due:{one.assignment_id}:{one.due_on}",
                f"Due on {day(one.due_on)}: {one.title}"[:300],
                "See what is left of it and enrol in a session.",
                "It is one of your curricula.",
                f"/learning/curricula/{one.assignment_id}",
            )
            for one in soon
        ],
    )


def remind_after(session: AnySession, _: int = 0) -> None:
    """Tell people what is overdue, and their managers."""
    on = today()
    late = due_between(session, date.min, on - timedelta(days=1))
    managers = managers_of(session, {one.employee_id for one in late}, on)
    drafts = []
    for one in late:
        since = f"It was due on {day(one.due_on)}."
        path = f"/learning/curricula/{one.assignment_id}"
        key = f"overdue:{one.assignment_id}:{one.due_on}"
        subject = f"Overdue: {one.title}"[:300]
        own = Draft(
            one.employee_id, "overdue", key, subject, since, "It is one of your curricula.", path
        )
        drafts.append(own)
        if manager_id := managers.get(one.employee_id):
            drafts.append(
                Draft(
                    manager_id,
                    "team_overdue",
                    f"team-{key}",
                    f"{one.name} is overdue with {one.title}"[:300],
                    f"{since} Ask what is in the way: time for it is yours to give.",
                    f"{one.name} reports to you.",
                    "/team-learning",
                )
            )
    notify_all(session, drafts)


def remind_of_what_lapses(session: AnySession, _: int = 0) -> None:
    """Tell people which modules run out within a month."""
    on = today()
    notify_all(session, [_told_lapsing(one) for one in spaced(session, on, whole=True)])


def _told_lapsing(one: Lapsing) -> Draft:
    return Draft(
        one.employee_id,
        "refresher",
        f"expires:{one.completion_id}",
        f"To be refreshed by {day(one.due_on)}: {one.title}"[:300],
        "After that day it does not count as current any more. That you completed it stays.",
        f"You completed it on {day(one.completed_on)}.",
        "/learning",
    )


def remind_of_refreshers(session: AnySession, _: int = 0) -> None:
    """Tell people which few minutes of practice fell due."""
    on = today()
    notify_all(
        session,
        [
            Draft(
                one.employee_id,
                "refresher",
                f"refresher:{one.completion_id}:{one.number}",
                f"A few minutes for {one.title}"[:300],
                "Read the handout once more and try one of its points on your next customer.",
                f"You completed it on {day(one.completed_on)}; practice {one.number} of {one.of}"
                " keeps it alive.",
                "/learning",
            )
            for one in spaced(session, on, whole=False)
        ],
    )


def remind_of_reviews(session: AnySession, _: int = 0) -> None:
    """Tell owners which of their modules are past their review date."""
    rows = session.execute(
        select(
            ModuleVersion.id,
            ModuleVersion.title,
            ModuleVersion.module_id,
            ModuleVersion.owner_account_id,
            ModuleVersion.review_by,
            Module.code,
        )
        .join(Module, Module.id == ModuleVersion.module_id)
        .where(
            ModuleVersion.state == ModuleState.PUBLISHED,
            ModuleVersion.review_by < today(),
            ModuleVersion.owner_account_id.is_not(None),
        )
    ).all()
    grace = grace_days()
    for row in rows:
        notify_account(
            session,
            row.owner_account_id,
            "module_review",
            f"review:{row.id}:{row.review_by}",
            f"To be looked at: {row.code} {row.title}"[:300],
            f"It was to be reviewed by {day(row.review_by)}. Say on its page that it is still"
            f" right, or begin a new version. {_what_if_not(row.review_by, grace)}",
            "You own this module.",
            f"/modules/{row.module_id}",
        )


def _what_if_not(review_by: date, grace: int) -> str:
    stops = stops_on(review_by, grace)
    if stops <= today():
        return f"Since {day(stops)} it has counted as current for nobody."
    return f"From {day(stops)} on it counts as current for nobody until you do."


Duty = Callable[[AnySession, int], None]
DUTIES: Mapping[str, Duty] = {
    "audience": _follow,
    "renewal": renew,
    "leavers": end_of_leavers,
    "changed": settle_what_changed,
    "due": remind_before,
    "overdue": remind_after,
    "lapsing": remind_of_what_lapses,
    "refreshers": remind_of_refreshers,
    "reviews": remind_of_reviews,
    "seats": free_seats_of_leavers,
    "sessions": remind_of_sessions,
    "sheets": remind_of_sheets,
}
DAILY = JobKind("learning_daily", _divide, _do, cron="0 4 * * *")
AUDIENCES = JobKind("learning_audiences", _divide_audiences, _do)


def follow_people_file(session: JobSession, batch_id: int) -> None:
    """Look at all audiences again once a people file is recorded."""
    queue(session, AUDIENCES.name, f"people:{batch_id}", {})


def register() -> None:
    """Listen to people files."""
    if follow_people_file not in file_listeners:
        file_listeners.append(follow_people_file)

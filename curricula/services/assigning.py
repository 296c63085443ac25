"""Giving people curricula to do: by audience, by hand, by a manager; and taking them off again.

Nothing happens silently: whoever gets, keeps or loses a curriculum is told, with the reason.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, select, update

from core.bulk import AnySession
from core.clock import now, today
from core.db import take_turn, transaction
from core.errors import NotFoundError, RefusedError
from core.words import day
from curricula.models.paths import AudienceRule, Curriculum, LearningAssignment
from curricula.queries.audiences import (
    NO_LONGER,
    RuleDraft,
    begun_by,
    have_or_had,
    people_at_work,
    rule_of,
    standing_rules,
)
from curricula.queries.learning import assignment_version
from curricula.queries.outside import outside_modules
from curricula.queries.reach import assignable
from curricula.rules.audiences import (
    Held,
    Rule,
    changes_of_audience,
    check_rule,
    check_told,
    due_on,
)
from curricula.rules.words import AssignmentSource, ModuleState, Path
from curricula.services.completing import complete_assignments
from curricula.services.notifying import Draft, notify_all
from people.queries.opening import reading
from people.queries.visibility import visible_employees, within
from people.rules.access import Viewer
from people.rules.levels import RoleName
from people.rules.opening import Reason
from people.services.auditing import record
from people.services.versions import check_unchanged

AT_ONCE = 1000
LONGEST_REASON = 500
KEPT_BEGUN = "Where you stand now it is not asked for, but you have begun it."
KEPT_BY_RULE = "Where you stand now it is not asked for, but what was assigned stays assigned."
NO_SUCH = "There is no such assignment."


@dataclass(frozen=True)
class Outcome:
    """What became of an audience.

    Attributes:
        assigned: How many people got the curriculum to do.
        ended: How many need not do it any more.
        kept: How many no longer belong but keep it, because they began it or the rule says so.
    """

    assigned: int
    ended: int
    kept: int


def add_audience_rule(curriculum_id: int, draft: RuleDraft, *, account_id: int | None) -> Outcome:
    """Say for whom a curriculum is, and assign it to everybody who belongs to it today.

    Raises:
        RefusedError: The rule says nothing, or the curriculum is not published.
    """
    with transaction() as session:
        take_turn(session, shifts=False)
        _published(session, curriculum_id)
        check_rule(rule_of(session, draft))
        session.add(
            AudienceRule(
                **(vars(draft) | {"job_title": " ".join((draft.job_title or "").split()) or None}),
                curriculum_id=curriculum_id,
                made_at=now(),
                account_id=account_id,
            )
        )
        session.flush()
        outcome = follow_audience(session, curriculum_id, account_id)
        said = {"assigned": outcome.assigned, "ended": outcome.ended}
        what = ("curriculum", curriculum_id)
        record(session, "audience.change", of=what, details=said, by=account_id)
        return outcome


def end_audience_rule(rule_id: int, *, account_id: int | None) -> Outcome:
    """Let a rule hold no longer; those it brought in stay or go as the rule said.

    Raises:
        NotFoundError: There is no such rule.
    """
    with transaction() as session:
        take_turn(session, shifts=False)
        rule = session.get(AudienceRule, rule_id)
        if rule is None or rule.ended_at is not None:
            raise NotFoundError("There is no such rule any more.")
        rule.ended_at = now()
        session.flush()
        outcome = follow_audience(session, rule.curriculum_id, account_id)
        said = {"assigned": outcome.assigned, "ended": outcome.ended}
        what = ("curriculum", rule.curriculum_id)
        record(session, "audience.change", of=what, details=said, by=account_id)
        return outcome


@reading(Reason.MATCHING)
def follow_audience(
    session: AnySession, curriculum_id: int, account_id: int | None = None
) -> Outcome:
    """Give a curriculum to everybody who belongs to its audience today, and to nobody else.

    Who no longer belongs keeps what is begun; the rest ends where the rule says so.
    """
    curriculum = session.get_one(Curriculum, curriculum_id)
    held, ends = _held_by_rules(session, curriculum_id)
    excused = have_or_had(session, curriculum_id) - {one.employee_id for one in held}
    people = people_at_work(session, today())
    rules = standing_rules(session, curriculum_id)
    changes = changes_of_audience(rules, people, held, frozenset(excused))
    to_end = set(changes.to_end)
    leaving = [one for one in held if one.assignment_id in to_end]
    begun = begun_by(session, curriculum_id, [one.employee_id for one in leaving])
    at_work = {person.employee_id for person in people}
    ended = [one for one in leaving if one.employee_id not in begun and one.employee_id in at_work]
    kept = {one: KEPT_BEGUN for one in leaving if one.employee_id in begun}
    to_keep = set(changes.to_keep)
    kept |= {one: KEPT_BY_RULE for one in held if one.assignment_id in to_keep}
    kept = {one: reason for one, reason in kept.items() if one.employee_id in at_work}
    _assign_new(session, curriculum, changes.to_assign, account_id)
    _end_all(session, curriculum, ended, ends)
    _keep(session, held, kept)
    _tell_kept(session, curriculum, kept)
    return Outcome(len(changes.to_assign), len(ended), len(kept))


def _held_by_rules(session: AnySession, curriculum_id: int) -> tuple[list[Held], dict[int, int]]:
    one = LearningAssignment
    rows = session.execute(
        select(one.id, one.employee_id, one.rule_id, AudienceRule.ends_assignments)
        .join(AudienceRule, AudienceRule.id == one.rule_id)
        .where(
            one.curriculum_id == curriculum_id,
            one.source == AssignmentSource.AUDIENCE,
            one.ended_on.is_(None),
            one.completed_on.is_(None),
            one.exempted_at.is_(None),
        )
    ).all()
    return (
        [Held(row.id, row.employee_id, row.ends_assignments) for row in rows],
        {row.id: row.rule_id for row in rows},
    )


def _assign_new(
    session: AnySession,
    curriculum: Curriculum,
    new: Sequence[tuple[int, Rule]],
    account_id: int | None,
) -> None:
    on = today()
    rows = [
        {
            "employee_id": employee_id,
            "rule_id": rule.id,
            "source": AssignmentSource.AUDIENCE,
            "due_on": due_on(on, curriculum.due_days),
        }
        for employee_id, rule in new
    ]
    why = f"{curriculum.title} is for people where you stand."
    write_assignments(session, curriculum, rows, why=why, account_id=account_id)


@reading(Reason.MATCHING)
def write_assignments(
    session: AnySession,
    curriculum: Curriculum,
    rows: Sequence[dict[str, Any]],
    *,
    why: str,
    account_id: int | None,
) -> None:
    """Write assignments as part of the caller's unit of work, and tell whoever has them to do.

    Whoever has completed all of it by now is done at once.

    Args:
        session: The session of the transaction.
        curriculum: What is to be done.
        rows: For each person who, why, by when; other columns where they are not the usual ones.
        why: The reason people are told, as a sentence.
        account_id: Who assigns it; None for a rule.
    """
    fixed: dict[str, Any] = {
        "curriculum_id": curriculum.id,
        "path": Path.FULL,
        "assigned_on": today(),
        "recorded_at": now(),
        "account_id": account_id,
        "rule_id": None,
        "renews_id": None,
    }
    for start in range(0, len(rows), AT_ONCE):
        some = [fixed | row for row in rows[start : start + AT_ONCE]]
        people: list[int] = [row["employee_id"] for row in some]
        session.execute(insert(LearningAssignment), some)
        ids = _standing(session, curriculum.id, people)
        begun = begun_by(session, curriculum.id, people)
        if begun and complete_assignments(session, begun):
            ids = _standing(session, curriculum.id, people)
        notify_all(
            session,
            [
                _told_new(curriculum, ids[employee_id], row, why)
                for employee_id, row in zip(people, some, strict=True)
                if employee_id in ids
            ],
        )


def _told_new(curriculum: Curriculum, assignment_id: int, row: dict[str, Any], why: str) -> Draft:
    due = row["due_on"]
    anew = row["path"] is Path.RENEWAL or row["renews_id"]
    begins = "To renew" if anew else "New for you"
    return Draft(
        row["employee_id"],
        "assigned",
        f"assigned:{assignment_id}",
        f"{begins}: {curriculum.title}"[:300],
        f"It is due by {day(due)}." if due else "There is no day by which it is due.",
        why,
        f"/learning/curricula/{assignment_id}",
    )


def _end_all(
    session: AnySession, curriculum: Curriculum, ended: Sequence[Held], rules: dict[int, int]
) -> None:
    reason = f"{NO_LONGER}: you stand elsewhere now, and had not begun it."
    for start in range(0, len(ended), AT_ONCE):
        some = ended[start : start + AT_ONCE]
        session.execute(
            update(LearningAssignment)
            .where(LearningAssignment.id.in_([one.assignment_id for one in some]))
            .values(ended_on=today(), ended_reason=reason)
        )
        notify_all(
            session,
            [
                Draft(
                    one.employee_id,
                    "assignment_changed",
                    f"ended:{one.assignment_id}",
                    f"You need not do {curriculum.title} any more"[:300],
                    "You stand elsewhere now, where it is not asked for, and had not begun it.",
                    "It was assigned to you because of where you stood.",
                    "/learning",
                )
                for one in some
                if one.assignment_id in rules
            ],
        )


def _keep(session: AnySession, held: Sequence[Held], kept: Mapping[Held, str]) -> None:
    """Write down why each of these stays; what belongs again needs no reason any more."""
    for start in range(0, len(held), AT_ONCE):
        some = held[start : start + AT_ONCE]
        for reason in (KEPT_BEGUN, KEPT_BY_RULE, None):
            _keep_because(session, [one for one in some if kept.get(one) == reason], reason)


def _keep_because(session: AnySession, held: Sequence[Held], reason: str | None) -> None:
    if held:
        session.execute(
            update(LearningAssignment)
            .where(
                LearningAssignment.id.in_([one.assignment_id for one in held]),
                LearningAssignment.kept_reason.is_distinct_from(reason),
            )
            .values(kept_reason=reason)
            .execution_options(synchronize_session=False)
        )


def _tell_kept(session: AnySession, curriculum: Curriculum, kept: Mapping[Held, str]) -> None:
    notify_all(
        session,
        [
            Draft(
                one.employee_id,
                "assignment_changed",
                f"kept:{one.assignment_id}",
                f"You go on with {curriculum.title}"[:300],
                f"{reason} If you need not finish it, ask HR, or whoever leads you, to end it.",
                "It was assigned to you because of where you stood.",
                f"/learning/curricula/{one.assignment_id}",
            )
            for one, reason in kept.items()
        ],
    )


def assign_by_hand(
    curriculum_id: int,
    employee_ids: Sequence[int],
    due: date | None,
    *,
    viewer: Viewer,
    told: bool = True,
) -> int:
    """Give a curriculum to people; return how many did not have it to do yet.

    Args:
        curriculum_id: What is to be done.
        employee_ids: By whom; each has to be somebody the viewer may assign to.
        due: By when; None for as many days from today as the curriculum says.
        viewer: HR, or a manager of all these people.
        told: They know what has to be completed first that is not part of it.

    Raises:
        NotFoundError: Somebody is outside what the viewer may assign to.
        RefusedError: The curriculum is not published, the day is past, or it cannot be begun
            before something else and nobody was told.
    """
    with transaction() as session:
        take_turn(session, shifts=False)
        curriculum = _published(session, curriculum_id)
        wanted = sorted(set(employee_ids))
        if assignable(session, viewer, wanted, today()) != set(wanted):
            raise NotFoundError("There is no such person.")
        _check_due(due)
        with reading(Reason.MATCHING):
            have = _standing(session, curriculum_id, wanted)
        new = [one for one in wanted if one not in have]
        first = outside_modules(curriculum_id, new, groups_only=False) if new else ()
        lacking = [one.told for one in first if one.lacking]
        check_told(lacking, len(new), confirmed=told)
        is_hr = viewer.is_a(RoleName.HR)
        source = AssignmentSource.HAND if is_hr else AssignmentSource.MANAGER
        by = due or due_on(today(), curriculum.due_days)
        rows = [{"employee_id": one, "source": source, "due_on": by} for one in new]
        why = "HR assigned it to you." if is_hr else f"{viewer.name} assigned it to you."
        write_assignments(session, curriculum, rows, why=why, account_id=viewer.account_id)
        what = ("curriculum", curriculum_id)
        said = {"assigned": len(new)}
        record(session, "assignment.add", of=what, details=said, by=viewer.account_id)
        return len(new)


def _standing(
    session: AnySession, curriculum_id: int, employee_ids: Sequence[int]
) -> dict[int, int]:
    """Return the assignments of a curriculum that stand, by whose they are."""
    one = LearningAssignment
    asked = select(one.employee_id, one.id).where(
        one.curriculum_id == curriculum_id,
        one.ended_on.is_(None),
        one.completed_on.is_(None),
        one.employee_id.in_(employee_ids),
    )
    return dict(session.execute(asked).all())


def exempt(assignment_id: int, reason: str, *, viewer: Viewer, seen: int | None = None) -> None:
    """Let somebody not do a curriculum, for a reason; it is neither due nor assigned again.

    Raises:
        NotFoundError: There is no such assignment, or the viewer may not.
        RefusedError: No reason is given, or it does not stand any more.
    """
    with transaction() as session:
        take_turn(session, shifts=False)
        one, title = _open(session, assignment_id, viewer, seen)
        one.exempted_at, one.exempted_by = now(), viewer.account_id
        one.exempt_reason = _checked_reason(reason)
        _note_change(session, one, viewer, "exempted")
        _tell_change(
            session, one, f"exempted:{one.id}", f"You are exempted from {title}", one.exempt_reason
        )


def end_exemption(assignment_id: int, *, viewer: Viewer, seen: int | None = None) -> None:
    """Let somebody have a curriculum to do after all.

    Raises:
        NotFoundError: There is no such exemption, or the viewer may not.
    """
    with transaction() as session:
        take_turn(session, shifts=False)
        one, title = _open(session, assignment_id, viewer, seen, exempted=True)
        one.exempted_at = one.exempted_by = one.exempt_reason = None
        _note_change(session, one, viewer, "exemption ended")
        key = f"exemption-ended:{one.id}:{now().isoformat()}"
        due = f"It is due by {day(one.due_on)}." if one.due_on else "It has no day to be due."
        _tell_change(session, one, key, f"{title} is asked of you after all", due)


def end_assignment(
    assignment_id: int, reason: str, *, viewer: Viewer, seen: int | None = None
) -> None:
    """Take a curriculum off somebody, for a reason; what they completed stays.

    Raises:
        NotFoundError: There is no such assignment, or the viewer may not.
        RefusedError: No reason is given, or it does not stand any more.
    """
    with transaction() as session:
        take_turn(session, shifts=False)
        one, title = _open(session, assignment_id, viewer, seen)
        one.ended_on, one.ended_reason = today(), _checked_reason(reason)
        _note_change(session, one, viewer, "ended")
        _tell_change(
            session, one, f"ended:{one.id}", f"You need not do {title} any more", one.ended_reason
        )


def change_due(
    assignment_id: int, due: date | None, *, viewer: Viewer, seen: int | None = None
) -> None:
    """Ask for a curriculum by another day.

    Raises:
        NotFoundError: There is no such assignment, or the viewer may not.
        RefusedError: The day is past, or the assignment does not stand any more.
    """
    with transaction() as session:
        take_turn(session, shifts=False)
        one, title = _open(session, assignment_id, viewer, seen)
        _check_due(due)
        one.due_on = due
        _note_change(session, one, viewer, "due on another day")
        words = f"It is due by {day(due)} now." if due else "It has no day to be due any more."
        _tell_change(session, one, f"due-changed:{one.id}:{due}", f"Another day: {title}", words)


def _open(
    session: AnySession,
    assignment_id: int,
    viewer: Viewer,
    seen: int | None,
    *,
    exempted: bool = False,
) -> tuple[LearningAssignment, str]:
    visible = within(LearningAssignment.employee_id, visible_employees(viewer, today()))
    one = session.scalar(
        select(LearningAssignment).where(LearningAssignment.id == assignment_id, *visible)
    )
    if one is None or not assignable(session, viewer, [one.employee_id], today()):
        raise NotFoundError(NO_SUCH)
    if one.ended_on is not None or one.completed_on is not None:
        raise RefusedError("It does not stand any more: it was completed or ended.")
    check_unchanged(seen, assignment_version(one))
    if (one.exempted_at is not None) is not exempted:
        raise RefusedError(
            "There is no exemption to end." if exempted else "They are exempted from it already."
        )
    return one, session.get_one(Curriculum, one.curriculum_id).title


def _checked_reason(reason: str) -> str:
    text = " ".join(reason.split())
    if not text or len(text) > LONGEST_REASON:
        raise RefusedError(
            f"Say why, in at most {LONGEST_REASON} characters; the person reads it.", "reason"
        )
    return text


def _check_due(due: date | None) -> None:
    if due is not None and due < today():
        raise RefusedError(f"{day(due)} is past; choose today or a later day.", "due_on")


def _note_change(session: AnySession, one: LearningAssignment, viewer: Viewer, what: str) -> None:
    record(
        session,
        "assignment.change",
        of=("assignment", one.id),
        about=one.employee_id,
        details={"what": what},
        by=viewer.account_id,
    )


def _tell_change(
    session: AnySession, one: LearningAssignment, key: str, subject: str, body: str
) -> None:
    path = "/learning" if one.ended_on else f"/learning/curricula/{one.id}"
    why = "It is one of your curricula."
    draft = Draft(one.employee_id, "assignment_changed", key, subject[:300], body, why, path)
    notify_all(session, [draft])


def _published(session: AnySession, curriculum_id: int) -> Curriculum:
    curriculum = session.get(Curriculum, curriculum_id)
    if curriculum is None:
        raise NotFoundError("There is no such curriculum.")
    if curriculum.state is not ModuleState.PUBLISHED:
        raise RefusedError("Publish this curriculum before you assign it.")
    return curriculum

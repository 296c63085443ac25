"""Let trainers teach in the demo: sessions, sheets, curricula and feedback by the same services."""

from collections.abc import Sequence
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Select, select

from core.clock import today
from core.db import db, transaction
from curricula.imports import open_completions
from curricula.models.modules import Module
from curricula.models.paths import Curriculum, LearningAssignment
from curricula.models.sessions import Enrolment, TrainingSession
from curricula.queries.audiences import RuleDraft
from curricula.rules.attending import Presence
from curricula.rules.contents import CurriculumDraft, ItemDraft
from curricula.rules.feedback import Answer
from curricula.rules.sessions import SessionDraft, TypedDay
from curricula.rules.words import EnrolmentStatus, FeedbackKind, FeedbackRole
from curricula.services.assigning import add_audience_rule, assign_by_hand, exempt
from curricula.services.attending import close_sheet, save_sheet
from curricula.services.curricula import begin_curriculum, publish_curriculum
from curricula.services.enrolling import enrol_people, request_seat
from curricula.services.feedback import ask_about_work, ask_right_after, give_feedback, token_of
from curricula.services.modules import find_still_right
from curricula.services.recording import import_completions
from curricula.services.sessions import ask_for_module, schedule_session, set_staffing_minimum
from demo.rules import teaching as told
from people.models import Account, Employee, Unit
from people.queries.visibility import viewer_of
from people.rules.access import Viewer

COMMENTS = {
    5: (
        "The role-plays were close to our calls. Keep them.",
        "",
        "More of this in the evening shift.",
    ),
    4: (
        "",
        "The handout hangs beside my screen now.",
        "",
        "",
        "",
        "Ten minutes more at the end.",
        "",
    ),
    3: ("Good content, but too many people for the practice.", ""),
}
"""By rating; an empty one is a number without words, as most people leave it."""

LEARNT_BEFORE = "Learnt it before the programme began."
IN_THE_WAY = ("time", "nothing", "rules", "time", "chance")


class Classroom:
    """Remembers sessions by what the story calls them."""

    def __init__(self, accounts: dict[str, int]) -> None:
        """Begin with the accounts of the demo, by role."""
        self.accounts = accounts
        self.sessions: dict[str, int] = {}
        self.said = {rating: cycle(texts) for rating, texts in COMMENTS.items()}

    @property
    def trainer(self) -> int:
        """Return the account of the trainer."""
        return self.accounts["trainer"]

    def take_completions(self, step: told.CompletionsCame) -> None:
        """Bring in what people had completed before."""
        with TemporaryDirectory() as folder:
            path = Path(folder) / step.file_name
            path.write_text(step.text, encoding="utf-8")
            file = open_completions(path, source=told.KEPT_BEFORE, today=today())
        import_completions(file.lines, file.refusals, dry_run=False, account_id=self.accounts["hr"])

    def build(self, step: told.CurriculumBuilt) -> None:
        """Build a curriculum and publish it."""
        draft = CurriculumDraft(
            step.code,
            step.title,
            levels=("frontline",),
            summary=step.summary,
            due_days=step.due_days,
            items=tuple(ItemDraft(code) for code in step.modules),
        )
        found = begin_curriculum(draft, account_id=self.trainer)
        publish_curriculum(found, account_id=self.trainer)

    def give_to_audience(self, step: told.AudienceGiven) -> None:
        """Say for whom a curriculum is."""
        unit_id = _unit(step.unit)
        draft = RuleDraft(step.level, unit_id, hired_since=step.hired_since)
        add_audience_rule(_curriculum(step.code), draft, account_id=self.accounts["hr"])

    def assign(self, step: told.CurriculumAssigned) -> None:
        """Give people a curriculum by hand."""
        people = list(_people(step.numbers).values())
        viewer = self._viewer(step.by)
        assign_by_hand(_curriculum(step.code), people, step.due_on, viewer=viewer)

    def excuse(self, step: told.Exempted) -> None:
        """Let somebody not do a curriculum."""
        asked = select(LearningAssignment.id).where(
            LearningAssignment.curriculum_id == _curriculum(step.code),
            LearningAssignment.employee_id == _people((step.number,))[step.number],
        )
        assignment_id = db.session.scalars(asked).one()
        viewer = self._viewer("manager")
        exempt(assignment_id, step.why, viewer=viewer)

    def announce(self, step: told.SessionAnnounced) -> None:
        """Schedule a session and give out its seats."""
        plan = step.plan
        module_id = _module(plan.module)
        people = _people((*step.numbers, *step.asked))
        if not step.days:
            for number in step.asked:
                ask_for_module(module_id, people[number], account_id=None)
            return
        link = getattr(plan, "link", "")
        draft = SessionDraft(
            module_id=module_id,
            zone=told.ZONE,
            days=tuple(TypedDay(on, *plan.hours) for on in step.days),
            place=plan.place,
            room=plan.room,
            link=link,
            delivery="online" if link else "classroom",
            trainer_account_id=self.trainer,
            capacity=getattr(plan, "seats", 12),
            needs_approval=bool(step.asked),
        )
        found = schedule_session(draft, account_id=self.trainer, confirmed=True)
        self.sessions[step.key] = found
        seated = [people[number] for number in step.numbers]
        enrol_people(found, seated, account_id=self.trainer, waiver=LEARNT_BEFORE, may_waive=True)
        for number in step.asked:
            request_seat(found, people[number], account_id=None)

    def keep_sheet(self, step: told.SheetKept) -> None:
        """Mark who was there; close the sheet where everybody is marked."""
        session_id = self.sessions[step.key]
        rows = self._enrolled(session_id)
        held = rows[: len(rows) - step.unmarked]
        planned = _minutes(session_id)
        marks = {
            id_: Presence(0, step.absent[number])
            if number in step.absent
            else Presence(step.early.get(number, planned))
            for id_, number, _ in held
        }
        save_sheet(session_id, 1, marks, account_id=self.trainer)
        if not step.unmarked:
            close_sheet(session_id, account_id=self.trainer)

    def answer(self, step: told.FeedbackGiven) -> None:
        """Ask about sessions, and let some of those who were asked answer."""
        with transaction() as session:
            (ask_right_after if step.reaction else ask_about_work)(session)
        ids = [
            id_
            for id_, _, status in self._enrolled(self.sessions[step.key])
            if status is EnrolmentStatus.ATTENDED
        ]
        later = FeedbackKind.BEHAVIOUR
        for kind, role, ratings in (
            (FeedbackKind.REACTION, FeedbackRole.LEARNER, step.reaction),
            (later, FeedbackRole.LEARNER, step.learners),
            (later, FeedbackRole.MANAGER, step.managers),
        ):
            # The first of the sheet is left out: the learner of the demo has a question open.
            for place, (id_, rating) in enumerate(zip(ids[1:], ratings, strict=False)):
                choice = IN_THE_WAY[place % len(IN_THE_WAY)] if kind is later else "right"
                comment = next(self.said[rating]) if kind is FeedbackKind.REACTION else ""
                answer = Answer(rating, choice, comment)
                db.session.rollback()
                give_feedback(token_of(id_, kind, role), answer)

    def _enrolled(self, session_id: int) -> list[tuple[int, str, EnrolmentStatus]]:
        rows = db.session.execute(
            select(Enrolment.id, Employee.number, Enrolment.status)
            .join(Employee, Employee.id == Enrolment.employee_id)
            .where(Enrolment.session_id == session_id)
            .order_by(Enrolment.id)
        ).all()
        db.session.rollback()
        return [(id_, number, status) for id_, number, status in rows]

    def _viewer(self, role: str) -> Viewer:
        viewer = viewer_of(db.session.get_one(Account, self.accounts[role]))
        db.session.rollback()
        return viewer

    def set_minimum(self, step: told.StaffingSet) -> None:
        """Say how many have to stay at work."""
        set_staffing_minimum(_unit(step.unit), step.people, account_id=self.accounts["hr"])

    def find_right(self, step: told.HeldGood) -> None:
        """Say until when a module holds."""
        module_id = _module(step.code)
        find_still_right(module_id, step.note, account_id=self.trainer, until=step.until)


def _module(code: str) -> int:
    return _only(select(Module.id).where(Module.code == code))


def _curriculum(code: str) -> int:
    return _only(select(Curriculum.id).where(Curriculum.code == code))


def _unit(path: str) -> int:
    return _only(select(Unit.id).where(Unit.path == path))


def _minutes(session_id: int) -> int:
    return _only(select(TrainingSession.minutes).where(TrainingSession.id == session_id))


def _only(asked: Select[int]) -> int:
    found = db.session.scalars(asked).one()
    db.session.rollback()
    return found


def _people(numbers: Sequence[str]) -> dict[str, int]:
    """Return the ids of people by their numbers, in the order asked for."""
    asked = select(Employee.number, Employee.id).where(Employee.number.in_(numbers))
    found = dict(db.session.execute(asked).all())
    db.session.rollback()
    return {number: found[number] for number in numbers}

"""Load the demo organisation the way a real one comes in: from files, through the same doors."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import singledispatchmethod
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import exists, func, select

from aptitude.imports import read_aptitude_library
from aptitude.services.agreement import measure_now
from aptitude.services.frameworks import load_framework
from aptitude.services.scenario_library import load_scenarios
from core.clock import at, now, today
from core.db import db, take_turn, transaction
from core.errors import RefusedError
from curricula.imports import read_library
from curricula.services.starter import load_library
from demo.rules import sayings, story, teaching
from demo.rules.organisation import COMPANY
from demo.rules.steps import Step
from demo.services.calibrating import hold_panel
from demo.services.judging import judge_anchors
from demo.services.seeing import Lookers
from demo.services.teaching import Classroom
from demo.services.testing import take_tests
from ledger.imports import open_classification, open_hours
from ledger.models import Batch, Course, Entry
from ledger.rules.classify_files import classify_lines_of
from ledger.rules.classifying import ClassificationDraft
from ledger.rules.corrections import CorrectionDraft
from ledger.rules.hours_files import Reading
from ledger.rules.kinds import Definition
from ledger.services.classification_files import classify_lines
from ledger.services.classifying import classify_courses
from ledger.services.correcting import correct_entry, undo_batch
from ledger.services.importing import import_hours
from people.models import Account, Employee, Unit
from people.queries.accounts import find_demo_account
from people.queries.settings import organisation_name
from people.queries.visibility import BalanceScope
from people.rules.levels import RoleName
from people.services.accounts import add_account
from people.services.importing import import_people
from people.services.settings import set_organisation_name
from planner.queries.balances import EVERYTHING, balance
from planner.rules.periods import between
from planner.rules.questions import Question
from planner.services.publishing import publish
from planner.services.targets import TargetDraft, set_target

ROLES = {
    "hr": (RoleName.HR,),
    "trainer": (RoleName.TRAINER,),
    "manager": (),
    "executive": (RoleName.EXECUTIVE,),
    "chief": (RoleName.EXECUTIVE,),
    "learner": (),
}
"""What the accounts of the demo hold; who manages is a fact of the reporting tree."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Loaded:
    """What is in the database of the demo.

    Attributes:
        was_there: It had been loaded before, and nothing was done.
    """

    people: int
    entries: int
    batches: int
    was_there: bool


def load_demo(say: Say = lambda _: None) -> Loaded:
    """Fill an empty database with the demo organisation; do nothing where it is loaded.

    Args:
        say: Told what happens, in short lines.

    Raises:
        RefusedError: The database holds other people, or a demo that was not finished.
    """
    if demo_is_loaded():
        return _loaded(was_there=True)
    if db.session.scalar(select(exists().where(Employee.id.is_not(None)))):
        raise RefusedError(
            "This database holds people already. The demo needs a database of its own: "
            "name a new one in DATABASE_URL."
        )
    tale = story.tell(today())
    end = now()
    with TemporaryDirectory() as folder:
        teller = _Teller(Path(folder), tale)
        for number, step in enumerate(tale.steps, start=1):
            with at(min(step.at, end)):
                teller.tell(step)
            say(f"{number} of {len(tale.steps)}")
    measure_now()  # else nobody could read how far raters agree before the first night
    set_organisation_name(COMPANY)
    return _loaded(was_there=False)


def demo_is_loaded() -> bool:
    """Tell whether the whole demo organisation is in the database."""
    return find_demo_account("hr") is not None and organisation_name() == COMPANY


def _loaded(*, was_there: bool) -> Loaded:
    people = select(func.count()).select_from(Employee)
    batches = select(func.count()).select_from(Batch)
    return Loaded(
        people=db.session.scalar(people) or 0,
        entries=db.session.scalar(select(func.sum(Entry.sign))) or 0,
        batches=db.session.scalar(batches) or 0,
        was_there=was_there,
    )


@dataclass
class _Teller:
    """Lets each step happen."""

    folder: Path
    tale: story.Story
    accounts: dict[str, int] = field(default_factory=dict)
    batches: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.classroom = Classroom(self.accounts)
        self.lookers = Lookers(self.accounts)
        self.aptitude = read_aptitude_library()

    @singledispatchmethod
    def tell(self, step: Step) -> None:
        """Let a step happen."""
        raise TypeError(f"nobody knows how {step} happens")

    @tell.register
    def _(self, step: story.PeopleCame) -> None:
        path = self._file(step.file_name, step.text)
        import_people(path, file_name=step.file_name, account_id=self.accounts.get("hr"))
        if not self.accounts:
            self._add_accounts()

    @tell.register
    def _(self, step: story.HoursCame) -> None:
        opened = open_hours(self._file(step.file_name, step.text))
        reading = Reading(source=step.source)
        result = import_hours(opened.source(), reading, account_id=self.accounts["hr"])
        if result.batch_id is not None:
            self.batches[step.file_name] = result.batch_id

    @tell.register
    def _(self, step: story.CoursesClassified) -> None:
        file = open_classification(self._file(step.file_name, step.text))
        lines, refusals = classify_lines_of(file.table.blocks(), file.mapping, file.order)
        classify_lines(lines, refusals, account_id=self.accounts["trainer"])

    @tell.register
    def _(self, step: story.CourseReclassified) -> None:
        draft = ClassificationDraft(((step.category, 100),), step.from_on, step.why)
        course_id = _course_id(step.code)
        db.session.rollback()
        classify_courses([course_id], draft, account_id=self.accounts["trainer"])

    @tell.register
    def _(self, step: story.EntryCorrected) -> None:
        course_id = _course_id(step.code)
        entry_id = db.session.scalars(
            select(Entry.id)
            .join(Employee, Employee.id == Entry.employee_id)
            .where(
                Employee.number == step.number,
                Entry.course_id == course_id,
                Entry.done_on == step.on,
            )
        ).one()
        db.session.rollback()
        draft = CorrectionDraft(course_id, step.on, step.minutes, step.why)
        correct_entry(entry_id, draft, account_id=self.accounts["trainer"])

    @tell.register
    def _(self, step: story.FileUndone) -> None:
        batch_id = self.batches[step.file_name]
        undo_batch(batch_id, account_id=self.accounts["hr"], why=step.why)

    @tell.register
    def _(self, step: story.TargetSet) -> None:
        unit_id = None
        if step.unit is not None:
            unit_id = db.session.scalars(select(Unit.id).where(Unit.path == step.unit)).one()
            db.session.rollback()
        draft = TargetDraft(
            step.percent, Definition.NARROW, step.from_on, unit_id=unit_id, why=step.why
        )
        set_target(draft, account_id=self.accounts["hr"])

    @tell.register
    def _(self, _step: story.LibraryLoaded) -> None:
        library = read_library()
        account_id = self.accounts["trainer"]
        load_library(library.modules, library.curricula, account_id=account_id)
        load_scenarios(self.aptitude.items, account_id=account_id)

    @tell.register
    def _(self, _step: sayings.FrameworkLoaded) -> None:
        if self.aptitude.framework is not None:
            load_framework(self.aptitude.framework, account_id=self.accounts["hr"])

    @tell.register
    def _(self, step: sayings.RoundHeld) -> None:
        self.lookers.hold(step)

    @tell.register
    def _(self, step: sayings.DutiesLookedAfter) -> None:
        self.lookers.look_after(step)

    @tell.register
    def _(self, step: sayings.DutiesShared) -> None:
        self.lookers.share(step)

    @tell.register
    def _(self, _step: sayings.TaughtSeen) -> None:
        self.lookers.see_what_was_taught()

    @tell.register
    def _(self, step: sayings.Contested) -> None:
        self.lookers.contest(step)

    @tell.register
    def _(self, step: sayings.PanelHeld) -> None:
        hold_panel(step, self.accounts)

    @tell.register
    def _(self, step: sayings.TestsTaken) -> None:
        take_tests(step)

    @tell.register
    def _(self, step: sayings.AnchorsJudged) -> None:
        judge_anchors(step, self.accounts["hr"])

    @tell.register
    def _(self, step: story.ReportPublished) -> None:
        question = Question(between(step.from_on, step.to_on))
        document = balance(question, EVERYTHING, demo=True)
        groups = balance(question, BalanceScope(None, None, groups_only=True), demo=True)
        publish(document, account_id=self.accounts["hr"], for_groups=groups)

    @tell.register
    def _(self, step: teaching.CompletionsCame) -> None:
        self.classroom.take_completions(step)

    @tell.register
    def _(self, step: teaching.CurriculumBuilt) -> None:
        self.classroom.build(step)

    @tell.register
    def _(self, step: teaching.AudienceGiven) -> None:
        self.classroom.give_to_audience(step)

    @tell.register
    def _(self, step: teaching.CurriculumAssigned) -> None:
        self.classroom.assign(step)

    @tell.register
    def _(self, step: teaching.Exempted) -> None:
        self.classroom.excuse(step)

    @tell.register
    def _(self, step: teaching.SessionAnnounced) -> None:
        self.classroom.announce(step)

    @tell.register
    def _(self, step: teaching.SheetKept) -> None:
        self.classroom.keep_sheet(step)

    @tell.register
    def _(self, step: teaching.FeedbackGiven) -> None:
        self.classroom.answer(step)

    @tell.register
    def _(self, step: teaching.StaffingSet) -> None:
        self.classroom.set_minimum(step)

    @tell.register
    def _(self, step: teaching.HeldGood) -> None:
        self.classroom.find_right(step)

    @tell.register
    def _(self, step: teaching.LearnerCame) -> None:
        self._add_account("learner", step.number)

    def _file(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def _add_accounts(self) -> None:
        for role, number in self.tale.accounts.items():
            self._add_account(role, number)

    def _add_account(self, role: str, number: str) -> None:
        account_id = add_account(
            f"{role}@meridian.example",
            ROLES[role],
            password=secrets.token_urlsafe(24),
            employee_number=number,
        )
        _open_for_demo(account_id, role)
        self.accounts[role] = account_id


def _open_for_demo(account_id: int, role: str) -> None:
    """Let one click sign in to an account, in the demo only."""
    with transaction() as session:
        take_turn(session)
        session.get_one(Account, account_id).demo_role = role


def _course_id(code: str) -> int:
    return db.session.scalars(select(Course.id).where(Course.code == code)).one()

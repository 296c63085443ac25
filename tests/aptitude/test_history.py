"""A page about the past stays as it was, whatever is said, set, moved or set aside later."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from aptitude.models.agreement import CorrectedOverall, RatingAgreement
from aptitude.models.assessments import AssessmentComment
from aptitude.queries.agreement import error_book, ratings_shown
from aptitude.queries.evidence import evidence_on
from aptitude.queries.frameworks import get_draft, get_framework, target_book
from aptitude.queries.known import Known, stands_of
from aptitude.queries.profiles import AptitudePage, aptitude_page, page_of
from aptitude.queries.records import record_of
from aptitude.queries.versions import framework_book
from aptitude.rules.sources import Source
from aptitude.rules.targets import TargetDraft
from aptitude.rules.texts import DimensionTexts, FrameworkTexts
from aptitude.rules.words import ContestOutcome
from aptitude.services.commenting import answer
from aptitude.services.frameworks import begin_version, change_draft, publish_version, set_target
from core.clock import at
from core.db import db, transaction
from people.rules.access import OPERATOR
from people.rules.levels import Level
from people.services.importing import import_people
from tests.aptitude.worlds import CODES, company, contest, rate, round_of, viewer
from tests.curricula.learners import complete, counted, taught
from tests.ledger.worlds import write

pytestmark = pytest.mark.usefixtures("database")
THEN, LATER = date(2026, 3, 16), date(2026, 6, 16)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def known_of(employee_id: int) -> Known:
    return Known(
        framework_book(),
        target_book(),
        stands_of(employee_id, None),
        evidence_on([employee_id], None)[employee_id],
        error_book(),
    )


@pytest.mark.engines("sqlite")
def test_a_replay_of_the_log_gives_the_page_of_that_day(tmp_path):
    people = company(tmp_path)
    subject = people["E1"]
    round_of(people, "E1", {"LEAD": 2.0, "E2": 3.0, "E3": 2.5, "E4": 3.0, "E1": 4.0})
    with at(noon(THEN)):
        before = aptitude_page(subject, OPERATOR, THEN)
        contest(subject, Source.MANAGER, "I was ill.")

    round_of(people, "E1", {"LEAD": 4.0, "E2": 4.0, "E3": 4.5, "E4": 4.0}, on=date(2026, 5, 4))
    with at(noon(LATER)):
        row = db.session.scalars(select(AssessmentComment.id)).one()
        answer(row, "You are right.", ContestOutcome.SET_ASIDE, OPERATOR)
        early = TargetDraft("D1", Level.FRONTLINE, None, 45, 20, True, date(2026, 1, 1))
        set_target(early, account_id=None)
        moves = write(tmp_path, "employee_number,level\nE1,senior\n", "moves.csv")
        import_people(moves, file_name="moves.csv", account_id=None, effective_on=date(2026, 6, 1))
        page = aptitude_page(subject, OPERATOR, LATER)
        replayed = known_of(subject).as_of(noon(THEN)).lines_on(THEN)

    assert replayed == before.lines
    assert before.level is Level.FRONTLINE
    assert page.level is Level.SENIOR
    assert page.lines != before.lines
    assert [rung.kind for rung in page.rungs] == ["held", "here", "open", "open", "open"]
    assert page.rungs[0].words == "7 of 7 targets, 2026"
    assert page.other_level_words
    assert [row.words for row in page.history if row.words] == [
        "Promoted to senior, recorded on 16 June 2026. From here on its anchors count "
        "(framework 1), with 7 targets of 3.0 to 4.0."
    ]
    assert [point.on for point in page.points] == [date(2026, 3, 3), date(2026, 5, 5)]


@pytest.mark.engines("sqlite")
def test_a_move_learnt_later_does_not_change_by_which_anchors_a_point_was_said(tmp_path):
    """E1 was rated as front line in February; in March it becomes known who they were then."""
    people = company(tmp_path)
    for above in ("LEAD", "DIR"):
        rate(people["E1"], people[above], Source.MANAGER, 3.0, on=date(2026, 2, 9))
    with at(noon(THEN)):
        moves = write(tmp_path, "employee_number,level\nE1,senior\n", "late.csv")
        import_people(moves, file_name="late.csv", account_id=None, effective_on=date(2026, 2, 1))
        [point] = aptitude_page(people["E1"], OPERATOR, THEN).points

    assert (point.on, point.level, point.is_of_level) == (date(2026, 2, 9), Level.FRONTLINE, True)


@pytest.mark.engines("sqlite")
def test_a_page_asks_the_same_questions_however_much_was_said(tmp_path):
    people = company(tmp_path)
    counts = []
    for month in (1, 2, 3):
        rate(people["E1"], people["LEAD"], Source.MANAGER, 3.0, on=date(2026, month, 12))
        with at(noon(THEN)), counted() as statements:
            aptitude_page(people["E1"], OPERATOR, THEN)
        counts.append(len(statements))

    assert counts[0] == counts[-1]
    assert counts[-1] < 15


class Happenings:
    """What may happen to E1 and to what is known of them, by a seed."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.people = folder, company(folder)
        self.rng = random.Random(11)  # noqa: S311  # no secret
        self.subject = self.people["E1"]
        self.module = taught()

    def all_of_them(self) -> list[Callable[[date], None]]:
        found = [self.rating] * 5 + [self.target] * 4 + [self.move] * 3 + [self.version] * 3
        found += [self.error] * 2 + [self.contest] * 2 + [self.completion, self.corrected] * 2
        self.rng.shuffle(found)
        return found

    def target(self, day: date) -> None:
        """A target and its floor, of a level or of the job title, also from an earlier day on."""
        since = day - timedelta(days=self.rng.choice((0, 40)))
        level, title = self.rng.choice(((Level.FRONTLINE, None), (None, "Keeper")))
        least = self.rng.choice((20, 30))
        draft = TargetDraft(self.rng.choice(CODES), level, title, 40, least, True, since)
        set_target(draft, account_id=None)

    def version(self, day: date) -> None:
        """A new version, in which a dimension has another name and other anchors."""
        number = begin_version(account_id=None)
        held, code = get_draft(), self.rng.choice(CODES)
        texts = [
            DimensionTexts(
                one.code,
                f"Name since {day}" if one.code == code else one.name,
                one.definition,
                {level: [f"{text} {day}" for text in some] for level, some in one.anchors.items()},
            )
            for one in held.dimensions
        ]
        change_draft(number, FrameworkTexts(held.title, held.purpose, "New", texts))
        publish_version(number, account_id=None)

    def move(self, day: date) -> None:
        """A move that is known at once, or only weeks later."""
        level = self.rng.choice(("senior", "frontline", "team_lead"))
        moves = write(self.folder, f"employee_number,level\nE1,{level}\n", f"{day}.csv")
        since = day - timedelta(days=self.rng.choice((0, 3, 50)))
        import_people(moves, file_name="moves.csv", account_id=None, effective_on=since)

    def error(self, day: date) -> None:
        sem = self.rng.choice((0.4, 0.7, None))
        db.session.add(RatingAgreement(measured_at=noon(day), sem=sem, figures={}))
        db.session.commit()

    def corrected(self, day: date) -> None:
        with transaction() as session:
            basis = ratings_shown(session, get_framework().names, day).bases[self.subject]
            session.add(
                CorrectedOverall(
                    subject_id=self.subject,
                    measured_at=noon(day),
                    overall=self.rng.choice((2.4, 3.6, None)),
                    basis=basis,
                )
            )

    def completion(self, day: date) -> None:
        complete(self.subject, self.module, on=day)

    def contest(self, day: date) -> None:
        """A contest that HR answers days later."""
        contest(self.subject, Source.MANAGER, "I was ill.")
        newest = select(AssessmentComment.id).order_by(AssessmentComment.id.desc()).limit(1)
        row = db.session.scalars(newest).one()
        with at(noon(day) + timedelta(days=self.rng.choice((0, 3)))):
            answer(row, "You are right.", ContestOutcome.SET_ASIDE, OPERATOR)

    def rating(self, day: date) -> None:
        raters = self.rng.sample(["E2", "E3", "E4", "E5", "LEAD", "E1"], 4)
        said = {one: self.rng.choice((1.5, 3.0, 4.5)) for one in raters}
        round_of(self.people, "E1", said, on=day)


@pytest.mark.engines("sqlite")
def test_a_replay_of_the_log_gives_every_page_of_the_past(tmp_path):
    """Whatever happens, in any order, pages stay as they were in all their words and figures.

    What happens: ratings, new versions of the framework, targets and moves known late, errors and
    severities measured, contests answered later, modules completed.
    """
    world = Happenings(tmp_path)
    pages: dict[tuple[date, int | None], AptitudePage] = {}
    own, manager = viewer(world.subject), OPERATOR
    rate(world.subject, world.people["LEAD"], Source.MANAGER, 3.0, on=date(2026, 2, 1))
    day = date(2026, 2, 2)
    for happens in world.all_of_them():
        with at(noon(day)):
            happens(day)
        evening, day = day + timedelta(days=4), day + timedelta(days=9)
        with at(noon(evening)):
            for who in (own, manager):
                page = aptitude_page(world.subject, who, evening)
                pages[evening, who.employee_id] = page

    for who in (own, manager):
        record = record_of(world.subject, who, day)
        for (on, looked), shown in pages.items():
            if looked == who.employee_id:
                assert page_of(record.as_of(noon(on)), on) == shown, on
    # There was something to replay.
    assert len({page.lines for page in pages.values()}) >= 10
    assert {page.framework.number for page in pages.values()} >= {2, 3, 4}
    assert len({page.corrected_words for page in pages.values()}) >= 3
    assert len({page.history for page in pages.values()}) >= 6

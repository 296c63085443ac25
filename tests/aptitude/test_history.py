"""A page about the past stays as it was, whatever is said, set, moved or set aside later."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from aptitude.models.agreement import RatingAgreement
from aptitude.models.assessments import AssessmentComment
from aptitude.queries.agreement import error_book
from aptitude.queries.evidence import evidence_on
from aptitude.queries.frameworks import target_book
from aptitude.queries.known import Known, stands_of
from aptitude.queries.profiles import aptitude_page
from aptitude.queries.versions import framework_book
from aptitude.rules.sources import Source
from aptitude.rules.targets import TargetDraft
from aptitude.rules.words import ContestOutcome
from aptitude.services.commenting import answer
from aptitude.services.frameworks import set_target
from core.clock import at
from core.db import db
from people.rules.access import OPERATOR
from people.rules.levels import Level
from people.services.importing import import_people
from tests.aptitude.worlds import CODES, company, contest, rate, round_of
from tests.curricula.learners import counted
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
        replayed = known_of(subject).lines_on(THEN, noon(THEN))

    assert replayed == before.lines
    assert before.level is Level.FRONTLINE
    assert page.level is Level.SENIOR
    assert page.lines != before.lines
    assert [rung.kind for rung in page.rungs] == ["held", "here", "open", "open", "open"]
    assert page.rungs[0].words == "7 of 7 targets, 2026"
    assert page.other_level_words
    assert [point.on for point in page.points] == [date(2026, 3, 3), date(2026, 5, 5)]


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

    def all_of_them(self) -> list[Callable[[date], None]]:
        found = [self.rating] * 5 + [self.target] * 2 + [self.move] * 3
        found += [self.error] * 2 + [self.contest]
        self.rng.shuffle(found)
        return found

    def target(self, day: date) -> None:
        since = day - timedelta(days=self.rng.choice((0, 40)))
        draft = TargetDraft(self.rng.choice(CODES), Level.FRONTLINE, None, 40, 20, True, since)
        set_target(draft, account_id=None)

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

    def contest(self, _: date) -> None:
        contest(self.subject, Source.MANAGER, "I was ill.")
        newest = select(AssessmentComment.id).order_by(AssessmentComment.id.desc()).limit(1)
        row = db.session.scalars(newest).one()
        answer(row, "You are right.", ContestOutcome.SET_ASIDE, OPERATOR)

    def rating(self, day: date) -> None:
        raters = self.rng.sample(["E2", "E3", "E4", "E5", "LEAD", "E1"], 4)
        said = {one: self.rng.choice((1.5, 3.0, 4.5)) for one in raters}
        round_of(self.people, "E1", said, on=day)


@pytest.mark.engines("sqlite")
def test_a_replay_of_the_log_gives_every_page_of_the_past(tmp_path):
    """Whatever happens, in any order: ratings, targets, moves known late, errors, contests."""
    world, pages = Happenings(tmp_path), {}
    rate(world.subject, world.people["LEAD"], Source.MANAGER, 3.0, on=date(2026, 2, 1))
    day = date(2026, 2, 2)
    for happens in world.all_of_them():
        with at(noon(day)):
            happens(day)
        evening, day = day + timedelta(days=4), day + timedelta(days=9)
        with at(noon(evening)):
            page = aptitude_page(world.subject, OPERATOR, evening)
        pages[evening] = (page.level, page.lines, page.overall)

    known = known_of(world.subject)
    for on, shown in pages.items():
        overall = known.profile_on(on, noon(on)).overall.score
        assert (known.level_on(on, noon(on)), known.lines_on(on, noon(on)), overall) == shown, on
    assert len({lines for _, lines, _ in pages.values()}) >= 7  # there was something to replay

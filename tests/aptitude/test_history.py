"""A page about the past stays as it was, whatever is said, set, moved or set aside later."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from aptitude.models.assessments import AssessmentComment
from aptitude.queries.profiles import aptitude_page
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
from tests.aptitude.happenings import Happenings, Told, known_of, noon
from tests.aptitude.worlds import company, contest, rate, round_of
from tests.curricula.learners import counted
from tests.ledger.worlds import write

pytestmark = pytest.mark.usefixtures("database")
THEN, LATER = date(2026, 3, 16), date(2026, 6, 16)


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


@pytest.mark.engines("sqlite")
def test_a_replay_of_the_log_gives_every_page_of_the_past(tmp_path):
    """Whatever happens, in any order, pages stay as they were in all their words and figures.

    What happens: ratings, new versions of the framework, targets and moves known late, errors and
    severities measured, contests answered later, modules completed.
    """
    world = Happenings(tmp_path, 11, "E1")
    told = Told(world)
    evening = told.live(world.all_of_them())

    told.assert_replayed(evening + timedelta(days=5))
    # There was something to replay.
    pages = told.pages.values()
    assert len({page.lines for page in pages}) >= 10
    assert {page.framework.number for page in pages} >= {2, 3, 4}
    assert len({page.corrected_words for page in pages}) >= 3
    assert len({page.history for page in pages}) >= 6
    assert {held["level"] for held in told.standings.values()} >= {Level.SENIOR, Level.FRONTLINE}

"""What of the differences between people lies between teams, beside the leaders on the mirror."""

from datetime import UTC, date, datetime
from io import BytesIO

import numpy as np
import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import select

from aptitude.models.assessments import AptitudeStanding
from aptitude.queries.frameworks import get_framework
from aptitude.queries.mirror import leader_mirror
from aptitude.rules.between_teams import BetweenTeams, between_teams, between_words
from aptitude.rules.groups import GroupReliability
from core.clock import at
from core.db import db
from people.models import Employee
from people.rules.access import OPERATOR, Viewer
from people.rules.levels import Level, RoleName
from people.services.importing import import_people
from tests.aptitude.worlds import company
from tests.ledger.worlds import write

TODAY = datetime(2026, 3, 16, 9, tzinfo=UTC)
NOT_TOLD = (
    "How much lies between teams cannot be told: it takes five teams of which five or more are"
    " assessed and may be shown."
)
TOLD = (
    "In five teams of five or more, 96\u202f% of the differences between people lie between teams"
    " (ICC(1)); the mean of a team is reliable to 0.99 (ICC(2))."
)


@pytest.fixture
def people(database, tmp_path):
    """Five teams of five, half a level apart, whose people differ by tenths."""
    with at(TODAY):
        company(tmp_path)
        rows = [f"L{n},Pat L{n},DIR,House / Service,team_lead" for n in range(1, 6)]
        rows += [f"M{n}{place},Pat M{n}{place},L{n},House / Service,frontline"
                 for n in range(1, 6) for place in range(1, 6)]  # fmt: skip
        header = "employee_number,name,manager_number,unit,level"
        path = write(tmp_path, "\n".join([header, *rows]) + "\n", "more.csv")
        assert import_people(path, file_name="more.csv", account_id=None).refused == 0
        ids = dict(db.session.execute(select(Employee.number, Employee.id)).all())
        for n in range(1, 6):
            for place in range(1, 6):
                stands(ids[f"M{n}{place}"], 1.5 + n / 2 + (place - 3) / 10)
        db.session.commit()
        yield ids


def stands(employee_id: int, overall: float) -> None:
    db.session.add(
        AptitudeStanding(
            employee_id=employee_id, framework_id=get_framework().id, level=Level.FRONTLINE,
            assessed_on=date(2026, 3, 1), overall=overall, overall_error=0.1, raters=3,
            dimensions=7, profile={}, changed_at=TODAY,
        )
    )  # fmt: skip


def told_to(viewer: Viewer) -> str:
    return between_words(leader_mirror(viewer, 2026, TODAY.date()).teams.between)


def test_the_mirror_says_it_of_teams_of_five_and_of_five_teams(people, tmp_path):
    found = leader_mirror(OPERATOR, 2026, TODAY.date()).teams.between.found

    # between 12.5 / 4, within 0.5 / 20
    assert found is not None
    assert (found.icc1, found.icc2) == (pytest.approx(3.1 / 3.225), pytest.approx(0.992))
    assert told_to(OPERATOR) == TOLD
    executive = frozenset({RoleName.EXECUTIVE})
    assert told_to(Viewer(None, "Boss", None, executive, manages=False)) == TOLD
    member = Viewer(None, "One of them", people["M11"], executive, manages=False)
    assert told_to(member) == NOT_TOLD  # whoever is of a team of five could take themselves away

    path = write(tmp_path, "employee_number,manager_number\nM55,DIR\n", "moved.csv")
    assert import_people(path, file_name="moved.csv", account_id=None).refused == 0
    assert told_to(OPERATOR) == NOT_TOLD  # one of the teams has four


@pytest.mark.engines("sqlite")
def test_page_and_files_say_it_alike(people, browser):
    browser.sign_in("hr")

    page = " ".join(browser.get("/leader-mirror").select_one("#leaders").parent.parent.text.split())
    pdf = PdfReader(BytesIO(browser.open("/leader-mirror.pdf").data)).pages
    paper = " ".join(" ".join(one.extract_text() for one in pdf).split())
    book = load_workbook(BytesIO(browser.open("/leader-mirror.xlsx").data))
    notes = " ".join(str(cell) for sheet in book for row in sheet.values for cell in row if cell)

    for told in (page, paper, notes):
        assert "96 % of the differences between people lie between teams (ICC(1))" in told.replace(
            "\u202f", " "
        )


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (GroupReliability(0.142, 0.618, 37, 6.2), "14\u202f% of the differences"),
        (GroupReliability(-0.03, -0.2, 37, 6.2), "differ as much as people of different teams"),
        (GroupReliability(0.004, 0.02, 37, 6.2), "differ as much as people of different teams"),
        (None, "The means of 37 teams of five or more do not differ"),
    ],
)
def test_it_is_said_in_plain_words(found, words):
    assert words in between_words(BetweenTeams(37, found))


def test_four_teams_are_too_few_however_large():
    scores = np.random.default_rng(3).normal(3, 1, 400)

    assert between_words(between_teams(scores, np.arange(400) % 4)) == NOT_TOLD
    assert between_teams(scores, np.arange(400) % 5).found is not None

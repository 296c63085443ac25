"""A calendar of sessions, brought in by commands: every way out gives the same figures."""

import csv
import io
import json

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from core.clock import at
from tests.browsing import Browser
from tests.planner.worlds import NOW

SESSIONS = """title,start,hours,calendar,competency
New colleague welcome,2016-02-18,3.5,Human Resources calendar,
New colleague welcome,2016-09-28,3.5,Human Resources calendar,
Respect at work,,0.75,Human Resources calendar,
Respect at work,2016-03-08,0.75,Human Resources calendar,
Building teams,2016-04-12,3.0,Human Resources calendar,People
Spreadsheets two,2016-05-05,,IT calendar,
Spreadsheets two,2016-05-06,6.0,IT calendar,
Care for callers,2016-06-01,1.5,Human Resources calendar,
"""
CLASSES = """title,side,category
New colleague welcome,hard,operational
Respect at work,soft,other_soft
Building teams,soft,other_soft
Spreadsheets two,hard,technical
Care for callers,soft,hospitality
"""
ADDRESS = "period=all&basis=contact&definition="
EXPECTED = {  # hard, soft, total, share
    "narrow": (780 + 225, 90, 1095, "8.22"),
    "broad": (780, 315, 1095, "28.77"),
}


@pytest.fixture(scope="module")
def calendars(new_database, tmp_path_factory):
    """The application on the calendar, one for each database; only to be read."""
    made = {}

    def calendar_on(engine_name):
        if engine_name in made:
            return made[engine_name]
        app = made[engine_name] = new_database(engine_name).app
        folder = tmp_path_factory.mktemp("calendar")
        (folder / "sessions.csv").write_text(SESSIONS, encoding="utf-8")
        (folder / "classes.csv").write_text(CLASSES, encoding="utf-8")
        with app.app_context(), at(NOW):
            brought = run(app, "ledger", "import", folder / "sessions.csv", "--basis", "contact")
            assert brought.exit_code == 1
            classified = run(app, "ledger", "classify", folder / "classes.csv")
            assert classified.exit_code == 0, classified.output
        return app

    return calendar_on


@pytest.fixture
def hr(engine_name, calendars):
    app = calendars(engine_name)
    with app.app_context(), at(NOW):
        reader = Browser(app)
        reader.sign_in("hr")
        yield reader


def run(app, *words):
    return app.test_cli_runner().invoke(app.cli, [str(word) for word in words])


@pytest.mark.parametrize("definition", EXPECTED)
class TestOneFigure:
    def test_terminal_and_json_of_the_page(self, hr, definition):
        words = ("--basis", "contact", "--definition", definition, "--format", "json")
        told = json.loads(run(hr.app, "planner", "balance", *words).stdout)
        shown = hr.open(f"/balance.json?{ADDRESS}{definition}").json["figures"]

        hard, soft, total, _ = EXPECTED[definition]
        for found in (told, shown):
            assert (found["hard_minutes"], found["soft_minutes"]) == (hard, soft)
            assert (found["total_minutes"], found["entries"]) == (total, 6)
            assert found["soft_share"] == soft / total

    def test_page(self, hr, definition):
        page = hr.get(f"/balance?{ADDRESS}{definition}")

        figure = " ".join(page.select_one(".tm-headline").get_text(" ").split())
        assert (
            figure.startswith(f"{EXPECTED[definition][3]} %") or EXPECTED[definition][3] in figure
        )

    def test_csv(self, hr, definition):
        answer = hr.open(f"/balance/category.csv?{ADDRESS}{definition}")

        rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
        minutes = {"hard": 0, "soft": 0}
        for row in rows[:-1]:
            minutes[row["counted_as"]] += int(row["total_minutes"])
        assert (minutes["hard"], minutes["soft"]) == EXPECTED[definition][:2]
        assert int(rows[-1]["total_minutes"]) == EXPECTED[definition][2]

    def test_xlsx(self, hr, definition):
        answer = hr.open(f"/balance.xlsx?{ADDRESS}{definition}")

        rows = list(load_workbook(io.BytesIO(answer.data))["By unit"].values)
        hard, soft, total, _ = EXPECTED[definition]
        assert (hard, soft, 0, total) in [row[2:6] for row in rows]

    def test_pdf(self, hr, definition):
        answer = hr.open(f"/balance.pdf?{ADDRESS}{definition}")

        text = " ".join(PdfReader(io.BytesIO(answer.data)).pages[0].extract_text().split())
        assert EXPECTED[definition][3] in text

    def test_the_entries_behind_it(self, hr, definition):
        page = hr.get(f"/balance?{ADDRESS}{definition}")
        link = next(a["href"] for a in page.select(".tm-rows") if "all hours" in a.text)

        lines = hr.open(link.replace("/entries?", "/entries.csv?")).text.removeprefix("\ufeff")

        rows = list(csv.DictReader(io.StringIO(lines)))
        assert sum(int(row["minutes"]) for row in rows) == EXPECTED[definition][2]

"""A calendar of sessions, brought in by commands: every way out gives the same figures."""

import csv
import io
import itertools
import json
import os
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from core.clock import at
from tests.browsing import Browser
from tests.curricula.learners import counted
from tests.ledger.worlds import write
from tests.planner.worlds import NOW

HR, IT = "Human Resources calendar", "IT calendar"
GROUPS = (  # calendar, title, side, category, sessions, minutes of each
    (HR, "New colleague welcome", "hard", "operational", 19, 420),
    (HR, "New colleague tour", "hard", "operational", 1, 600),
    (HR, "Building teams", "soft", "other_soft", 18, 450),
    (HR, "A year together", "soft", "other_soft", 1, 570),
    (HR, "Respect at work", "hard", "compliance", 9, 240),
    (HR, "Minutes and agendas", "hard", "technical", 15, 240),
    (HR, "Budgets", "hard", "technical", 1, 300),
    (HR, "Knowing callers", "soft", "relationship", 2, 480),
    (HR, "Putting it right", "soft", "service_recovery", 2, 480),
    (HR, "Care for callers", "soft", "hospitality", 1, 480),
    (IT, "Spreadsheets two", "hard", "technical", 70, 150),
    (IT, "Drawing maps", "hard", "technical", 6, 70),
    (IT, "Permits", "hard", "operational", 1, 240),
)
UNUSABLE = (  # neither day nor length, no day, no length
    *[f"Not planned {number},,,{HR}" for number in range(6)],
    f"Respect at work,,4,{HR}",
    f"Spreadsheets two,,2.5,{IT}",
    f"Permits,2016-05-05,,{IT}",
)
REAL = "TRAINING_MIX_REAL_DATA"
FROM = {
    "a likeness": None,
    "the real calendar": pytest.mark.skipif(
        REAL not in os.environ, reason=f"{REAL} names no folder of real exports"
    ),
}
ADDRESS = "period=all&basis=contact&definition="
EXPECTED = {  # hard, soft, total, share
    "narrow": (34_470, 2_400, 36_870, "6.51"),
    "broad": (25_800, 11_070, 36_870, "30.02"),
}
NEW, REFUSED = 146, 9


def likeness(folder: Path) -> Path:
    """Write a calendar of sessions of the same counts and lengths as a city's real one."""
    days = (date(2016, 1, 4) + timedelta(days=number) for number in itertools.count())
    sessions = [
        f"{title},{next(days)},{minutes / 60:.4f},{calendar}"
        for calendar, title, _, _, count, minutes in GROUPS
        for _ in range(count)
    ]
    classes = [f"{title},{side},{category}" for _, title, side, category, _, _ in GROUPS]
    write(folder, lines_of("title,start,hours,calendar", *sessions, *UNUSABLE), "sessions.csv")
    write(folder, lines_of("title,side,category", *classes), "classification.csv")
    return folder


def lines_of(*lines: str) -> str:
    return "".join(f"{line}\n" for line in lines)


def calendar_of(kind: str, folder: Path) -> Path:
    if kind == "a likeness":
        return likeness(folder)
    return Path(os.environ[REAL]) / "burnaby_training_calendar"


@pytest.fixture(scope="module")
def calendars(new_database, tmp_path_factory):
    """The application on the calendar, one for each database; only to be read."""
    made = {}

    def calendar_on(engine_name, kind):
        if (engine_name, kind) in made:
            return made[engine_name, kind]
        app = made[engine_name, kind] = new_database(engine_name).app
        folder = calendar_of(kind, tmp_path_factory.mktemp("calendar"))
        with app.app_context(), at(NOW):
            words = ("--basis", "contact", "--format", "json")
            brought = run(app, "ledger", "import", folder / "sessions.csv", *words)
            assert brought.exit_code == 1
            told = json.loads(brought.stdout)
            assert [told[key] for key in ("rows", "new", "refused")] == [155, NEW, REFUSED]
            classified = run(app, "ledger", "classify", folder / "classification.csv")
            assert classified.exit_code == 0, classified.output
        return app

    return calendar_on


@pytest.fixture(params=[pytest.param(kind, marks=mark or ()) for kind, mark in FROM.items()])
def hr(engine_name, calendars, request):
    app = calendars(engine_name, request.param)
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

        hard, soft, total, share = EXPECTED[definition]
        for found in (told, shown):
            assert (found["hard_minutes"], found["soft_minutes"]) == (hard, soft)
            assert (found["total_minutes"], found["entries"]) == (total, NEW)
            assert found["soft_share"] == soft / total
            assert f"{found['soft_share']:.2%}" == f"{share}%"

    def test_page(self, hr, definition):
        page = hr.get(f"/balance?{ADDRESS}{definition}")

        figure = " ".join(page.select_one(".tm-headline").get_text(" ").split())
        assert f"{EXPECTED[definition][3]} %" in figure

    def test_page_and_json_asked_again_read_no_entry_and_no_cell(self, hr, definition):
        for address in ("/balance", "/balance.json"):
            hr.open(f"{address}?{ADDRESS}{definition}")
            with counted() as statements:
                hr.open(f"{address}?{ADDRESS}{definition}")

            read = {word for one in statements for word in re.findall(r"(?:FROM|JOIN) (\w+)", one)}
            assert "unit_month" in read
            assert not read & {"entry", "mix_cell", "course_sum", "person_month", "cut_month"}

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
        assert len(rows) == NEW
        assert sum(int(row["minutes"]) for row in rows) == EXPECTED[definition][2]

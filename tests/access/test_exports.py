"""Every file holds the rows of its page, no more and no fewer, for everybody who may open them."""

import csv
import io
import json
import re

import pytest
from bs4 import BeautifulSoup
from openpyxl import load_workbook

from core.defusing import undefuse
from tests.access.answers import text_of
from tests.access.table import HOLDS

CUTS_ON_THE_PAGE = ("unit", "level", "site", "category")
EVERY_UNIT = "period=2026-q1&open=1.4"
ALONE = 2
"""A table of the whole and one part: on paper it is left out, it says the same twice."""


def holders(permission: str):
    return pytest.mark.parametrize("looks", sorted(HOLDS[permission]))


def page_of(client, path: str) -> BeautifulSoup:
    answer = client.get(path)
    assert answer.status_code == 200, f"{path}: {answer.status}"
    return BeautifulSoup(answer.text, "lxml")


def rows_of_csv(client, path: str) -> list[dict[str, str]]:
    answer = client.get(path)
    assert answer.status_code == 200, f"{path}: {answer.status}"
    text = answer.get_data().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def rows_of_sheets(client, path: str) -> dict[str, list[list[object]]]:
    book = load_workbook(io.BytesIO(client.get(path).data))
    return {
        sheet.title: [row for row in map(list, sheet.values) if any(v is not None for v in row)]
        for sheet in book
    }


def words(tag) -> str:
    """Return what is seen of a cell, without what is only for the ear."""
    for hidden in tag.select(".visually-hidden"):
        hidden.decompose()
    return " ".join(tag.get_text(" ", strip=True).split())


def labels_on(page: BeautifulSoup, cut: str) -> list[str]:
    table = page.select_one(f"section[aria-labelledby=by-{cut}] table")
    return [words(cell) for cell in table.select("tbody th")] if table else []


@holders("balance:read")
def test_a_balance_has_the_same_rows_everywhere(grove, looks):
    client = grove.as_(looks)
    page = page_of(client, f"/balance?{EVERY_UNIT}")
    document = json.loads(client.get(f"/balance.json?{EVERY_UNIT}").text)
    sheets = rows_of_sheets(client, f"/balance.xlsx?{EVERY_UNIT}")

    for cut, table in document["tables"].items():
        told = [row["label"] for row in table["rows"]]
        listed = [row[cut] for row in rows_of_csv(client, f"/balance/{cut}.csv?{EVERY_UNIT}")]
        sheet = [str(row[0]) for row in sheets[f"By {cut}"][1:]]
        assert [one for one in listed if one != "All hours"] == told, cut
        assert [one for one in sheet if one != "All hours"] == told, cut
        if cut in CUTS_ON_THE_PAGE:
            assert labels_on(page, cut) == told, cut
    months = [row["month"] for row in document["trend"]]
    assert [row["month"] for row in rows_of_csv(client, f"/balance/month.csv?{EVERY_UNIT}")] == (
        months
    )
    assert [row[0] for row in sheets["By month"][1:]] == months


@holders("balance:read")
def test_a_balance_hides_the_same_figures_everywhere(grove, looks):
    client = grove.as_(looks)
    document = json.loads(client.get(f"/balance.json?{EVERY_UNIT}").text)
    sheets = rows_of_sheets(client, f"/balance.xlsx?{EVERY_UNIT}")

    for cut, table in document["tables"].items():
        figure = "minutes" if cut == "category" else "total_minutes"
        told = [row[figure] for row in table["rows"]]
        rows = rows_of_csv(client, f"/balance/{cut}.csv?{EVERY_UNIT}")
        listed = [row["total_minutes"] for row in rows][: len(told)]
        place = sheets[f"By {cut}"][0].index("Total minutes")
        sheet = [row[place] for row in sheets[f"By {cut}"][1:]][: len(told)]
        for one, other, third in zip(told, listed, sheet, strict=True):
            shown = None if one is None else str(one)
            assert (shown is None) == (not other.isdigit()), (cut, one, other)
            assert (shown is None) == (not str(third).isdigit()), (cut, one, third)
            assert shown is None or shown == other == str(third)


@holders("balance:read")
def test_the_paper_names_the_rows_of_the_page(grove, looks):
    client = grove.as_(looks)
    paper = re.sub(r"\s", "", text_of(client.get(f"/balance.pdf?{EVERY_UNIT}")))
    document = json.loads(client.get(f"/balance.json?{EVERY_UNIT}").text)

    for cut in ("unit", "level", "site"):
        rows = document["tables"][cut]["rows"]
        for row in rows if len(rows) > ALONE else []:
            assert re.sub(r"\s", "", row["label"]).casefold() in paper, (cut, row["label"])


@holders("balance:names")
def test_people_without_soft_hours_are_the_same_in_the_file(grove, looks):
    client = grove.as_(looks)
    page = page_of(client, "/balance/without-soft?period=2026-q1")
    listed = rows_of_csv(client, "/balance/without-soft.csv?period=2026-q1")

    on_page = [words(link) for link in page.select("main a[href^='/people/']")]
    assert on_page == [row["name"] for row in listed]
    assert listed


@holders("entries:read")
@pytest.mark.parametrize("asked", ["", "?unit=1", "?level=frontline", "?category=compliance"])
def test_entries_are_the_same_in_the_files(grove, looks, asked):
    client = grove.as_(looks)
    found = []
    path = f"/entries{asked}"
    while path:
        page = page_of(client, path)
        links = (str(link["href"]) for link in page.select("tbody a[href^='/entries/']"))
        found += [int(link.removeprefix("/entries/").partition("?")[0]) for link in links]
        following = page.select_one("a[href*='after=']")
        path = str(following["href"]) if following else ""
    listed = [int(row["entry"]) for row in rows_of_csv(client, f"/entries.csv{asked}")]
    sheet = rows_of_sheets(client, f"/entries.xlsx{asked}")["Entries"][1:]

    assert list(dict.fromkeys(found)) == listed
    assert [row[0] for row in sheet] == listed
    assert len(listed) == len(set(listed))


@pytest.mark.parametrize(
    ("looks", "page", "file"),
    [
        ("hr", "/import/batches/1", "/import/batches/1/refused.csv"),
        ("hr", "/import/batches/2", "/import/batches/2/refused.csv"),
        ("trainer", "/import/batches/2", "/import/batches/2/refused.csv"),
        ("hr", "/import/people/batches/1", "/import/people/batches/1/refused.csv"),
    ],
)
def test_refused_rows_are_the_same_in_the_file(grove, looks, page, file):
    client = grove.as_(looks)
    shown = page_of(client, f"{page}?refused=all").select(
        "section[aria-labelledby=refused] tbody tr"
    )

    listed = [row["refused_row"] for row in rows_of_csv(client, file)]
    assert [words(row.td) for row in shown] == listed
    assert len(listed) == 1


@holders("signed-in")
def test_my_data_are_the_same_in_both_files(grove, looks):
    client = grove.as_(looks)
    page = page_of(client, "/my-data")
    document = json.loads(client.get("/my-data.json").text)
    listed = rows_of_csv(client, "/my-data.csv")

    shown = {
        section["aria-labelledby"].removeprefix("part-"): len(section.select("tbody tr"))
        for section in page.select("section[aria-labelledby^=part-]")
    }
    trail = "audit_event"  # handing out the first file is itself in the trail
    document["tables"].pop(trail, None)
    shown.pop(trail, None)
    listed = [row for row in listed if row["table"] != trail]
    told = {name: len(table["rows"]) for name, table in document["tables"].items()}
    rows = {(row["table"], row["row"]) for row in listed}
    in_file = {name: sum(table == name for table, _ in rows) for name in told}
    assert shown == {name: min(count, 100) for name, count in told.items()}
    assert in_file == told
    values = {
        (name, column, value)
        for name, table in document["tables"].items()
        for row in table["rows"]
        for column, value in row.items()
        if value
    }
    # A text of several lines may hold one that a spreadsheet would run: a quote stands before it.
    listed_values = {
        (row["table"], row["column"], undefuse(row["value"])) for row in listed if row["value"]
    }
    assert listed_values >= values


@holders("reports:read")
def test_a_published_report_has_the_same_rows_everywhere(grove, looks):
    client = grove.as_(looks)
    page = page_of(client, "/reports/1")
    sheets = rows_of_sheets(client, "/reports/1.xlsx")
    paper = re.sub(r"\s", "", text_of(client.get("/reports/1.pdf")))

    for cut in CUTS_ON_THE_PAGE:
        sheet = [str(row[0]) for row in sheets[f"By {cut}"][1:]]
        told = [one for one in sheet if one != "All hours"]
        assert labels_on(page, cut) == told, cut
        for label in told if cut != "category" else []:
            assert re.sub(r"\s", "", label).casefold() in paper, (cut, label)


def cells_of(page: BeautifulSoup, part: str, where: str = ":not(.tm-onlyp3 *)") -> list[list[str]]:
    """Return the rows of every table of a part of a page, as they are seen."""
    rows = page.select(f"section[aria-labelledby={part}] tbody tr{where}")
    return [[words(cell) for cell in row.select("th, td")] for row in rows]


def short(text: str) -> str:
    """Return what stands in a file as a page shows it."""
    return text.replace("hidden to protect small groups", "hidden")


@holders("aptitude:groups")
def test_a_leader_mirror_has_the_same_rows_everywhere(grove, looks):
    client = grove.as_(looks)
    page = page_of(client, "/leader-mirror")
    sheets = rows_of_sheets(client, "/leader-mirror.xlsx")
    paper = re.sub(r"\s", "", text_of(client.get("/leader-mirror.pdf")))
    levels = [
        (row["level"], row["assessed"], row["people"], row["aptitude"])
        for row in rows_of_csv(client, "/leader-mirror.csv")
    ]

    seen = [(row[0], row[3].split(" of "), row[2]) for row in cells_of(page, "ladder")]
    again = [[row[0], *row[4:]] for row in cells_of(page, "ladder")]
    assert cells_of(page, "ladder", ":is(.tm-onlyp3 *)") == again  # what a phone opens
    assert [(label, *counts) for label, counts, _ in seen] == [one[:3] for one in levels]
    for (_, _, shown), (*_, told) in zip(seen, levels, strict=True):
        # The page has one decimal and the files two; words are the same.
        assert shown == short(told) or float(shown.split(" ± ")[0]) == round(float(told), 1)
    listed = [(str(row[0]), str(row[2]), str(row[1]), str(row[4])) for row in sheets["Ladder"][1:]]
    assert listed[: len(levels)] == levels
    reviews = [
        [row["group"], row["people"], row["reviewed"]]
        for row in rows_of_csv(client, "/leader-mirror/reviews.csv")
    ]
    counts = [[row[0], *row[1].split(" of ")[::-1]] for row in cells_of(page, "reviews")]
    assert counts == reviews
    assert [list(map(str, row[1:4])) for row in sheets["Reviews"][1:]][: len(reviews)] == reviews
    duties = cells_of(page, "duties")
    listed = [[short(str(one)) for one in row] for row in sheets["Duties"][1:]]
    labels = [row[0] for row in listed]
    owed = listed[: labels.index("All units") + 1 if "All units" in labels else 0]
    # What one unit owes is what all of them do: the page says it once.
    assert duties == (owed if len(owed) > 2 else owed[-1:])
    management = [
        [row["unit"], row["with_plan"], row["with_coach"], row["surely_better"], row["too_early"]]
        for row in rows_of_csv(client, "/leader-mirror/management.csv")
    ]
    done = [[cell.split(" of ")[0] for cell in row] for row in cells_of(page, "management")]
    shorter = [[short(one) for one in row] for row in management]
    # The page lists units of which something is told, the files list all.
    *units, total = shorter
    told = [row for row in units if row[1:] != ["hidden"] * 4]
    assert [[one.replace("nobody", "0") for one in row] for row in done] == (
        [*told, total] if told and len(units) > 1 else []
    )
    assert [str(row[0]) for row in sheets["Management"][1:]][: len(management)] == [
        one[0] for one in management
    ]
    for one in (*levels, *reviews, *duties, *management):
        assert re.sub(r"\s", "", one[0]).casefold() in paper, one


@holders("aptitude:people")
def test_the_sheet_of_a_person_has_the_rows_of_their_page(grove, looks):
    client = grove.as_(looks)
    path = f"/team-aptitude/people/{grove.world.people['A2']}"
    sheet = client.get(f"{path}/sheet.pdf")
    if client.get(path).status_code == 404:
        assert sheet.status_code == 404
        return
    page = page_of(client, path)
    paper = re.sub(r"\s", "", text_of(sheet))
    # Beside the name of a dimension the page has its code.
    dimensions = [row[0].rpartition(" ")[0] for row in cells_of(page, "dims")]
    names = dimensions + [row[0] for row in cells_of(page, "sources")]
    assert [one for one in names if re.sub(r"\s", "", one).casefold() not in paper] == []
    assert len(names) > 7


@holders("aptitude:agreement")
def test_agreement_has_the_same_rows_in_the_file(grove, looks):
    client = grove.as_(looks)
    shown = cells_of(page_of(client, "/leader-mirror/agreement"), "figures")
    listed = rows_of_csv(client, "/leader-mirror/agreement.csv")
    assert [row["what"] + row["in_words"] for row in listed] == [
        row[0].replace(f"{one['what']} ", one["what"], 1)
        for row, one in zip(shown, listed, strict=True)
    ]


@holders("scenarios:read")
def test_scenarios_are_the_same_in_the_file(grove, looks):
    client = grove.as_(looks)
    listed = [row["title"] for row in rows_of_csv(client, "/scenarios.csv")]
    shown = page_of(client, "/scenarios").select("main a[href^='/scenarios/']")
    titles = {words(link) for link in shown if link["href"].rsplit("/", 1)[1].isdigit()}
    assert titles == set(listed)
    assert titles

"""What the documents say is so: links lead somewhere, commands, settings and examples exist."""

import re
from pathlib import Path

import click
import pytest
from flask import Flask

from app import COMMANDS, create_app
from aptitude.queries.team import OLD_DAYS
from aptitude.rules.duties import DAYS_TO_TEACH
from aptitude.rules.mirror import SMALLEST_GROUP
from aptitude.rules.scores import DIMENSIONS_FOR_OVERALL, RATERS_FOR_OVERALL
from aptitude.rules.sources import ANONYMOUS_FROM
from core.days import day_from_text, decide_order
from core.headers import header_key
from ledger.rules.durations import minutes_from_text
from ledger.rules.headers import FIELDS as HOURS_FIELDS
from people.rules.access import LEVELS_DOWN
from people.rules.headers import FIELDS as PEOPLE_FIELDS
from tests.architecture.files import ROOT, own_files, product_code

DOCUMENTS = [path for path in own_files(".md") if not path.parts[0].startswith(".")]
OPERATORS = Path("docs/operators.md")
FILES = Path("docs/files.md")
COMMANDS_PAGE = Path("docs/cli.md")

LINK = re.compile(r"\]\(([^)\s]+)\)|(?:src|href)=\"([^\"]+)\"")
FENCE = re.compile(r"```.*?```", re.DOTALL)
COMMAND = re.compile(r"(?:flask|\.venv/bin/flask --app app) +((?:[a-z][\w-]* ?){1,2}[^`\n]*)")
ENVIRONMENT = re.compile(
    r"environ(?:\.get|\.setdefault)?[(\[]\s*\"([A-Z_]+)\"|\"([A-Z_]+)\" not in os\.environ"
)
SHELL_SETTING = re.compile(r"\$\{([A-Z_]+):-")
ONLY_FOR_DEVELOPERS = {"TRAINING_MIX_REAL_DATA"}


def text_of(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def anchors_of(path: Path) -> set[str]:
    headings = re.findall(r"^#+ +(.+)$", FENCE.sub("", text_of(path)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links_of(path: Path) -> list[str]:
    found = [a or b for a, b in LINK.findall(FENCE.sub("", text_of(path)))]
    return [link for link in found if not re.match(r"[a-z]+:", link)]


def commands_in(path: Path) -> list[str]:
    return [found.strip() for found in COMMAND.findall(text_of(path))]


def table_under(path: Path, heading: str) -> list[list[str]]:
    """Return the rows below the first table's head that follows a heading."""
    section = text_of(path).split(f"# {heading}\n", 1)[1]
    rows = re.search(r"^\|.*?(?=\n\n|\Z)", section, re.DOTALL | re.MULTILINE)
    assert rows, f"{path} has no table under {heading}"
    lines = rows[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.fixture(scope="module")
def application() -> Flask:
    return create_app({"SQLALCHEMY_DATABASE_URI": "sqlite://"})


def command_of(application: Flask, words: list[str]) -> click.Command | None:
    """Return the command that the first words of a line name."""
    found: click.Command | None = application.cli
    for word in words:
        if not isinstance(found, click.Group):
            return found
        found = found.commands.get(word)
    return found


def options_of(command: click.Command) -> set[str]:
    return {
        option
        for one in command.params
        if isinstance(one, click.Option)
        for option in one.opts
        if option.startswith("--")
    }


@pytest.mark.parametrize("path", DOCUMENTS, ids=str)
def test_every_link_and_picture_leads_somewhere(path):
    lost = []
    for link in links_of(path):
        name, _, anchor = link.partition("#")
        target = Path(path.parent, name) if name else path
        if not (ROOT / target).exists() or (anchor and anchor not in anchors_of(target)):
            lost.append(link)

    assert lost == []


def test_a_newcomer_finds_every_document_from_the_readme():
    reached, ahead = set(), [Path("README.md")]
    while ahead:
        path = ahead.pop()
        if path in reached:
            continue
        reached.add(path)
        named = [Path(path.parent, link.split("#")[0]) for link in links_of(path)]
        named += [one for folder in named if (ROOT / folder).is_dir() for one in DOCUMENTS
                  if one.parent == folder]  # fmt: skip
        ahead += [one for one in DOCUMENTS if (ROOT / one).resolve() in
                  {(ROOT / other).resolve() for other in named}]  # fmt: skip

    assert {path for path in DOCUMENTS if path.parts[0] in {"README.md", "docs"}} - reached == set()


@pytest.mark.parametrize("path", DOCUMENTS, ids=str)
def test_every_command_in_a_document_exists_with_its_options(path, application):
    unknown = []
    for line in commands_in(path):
        command = command_of(application, re.findall(r"[a-z][\w-]*", line.split("--")[0])[:3])
        if command is None:
            unknown.append(line)
        else:
            unknown += sorted(set(re.findall(r"--[a-z][a-z-]*", line)) - options_of(command))

    assert unknown == []


def test_the_page_of_commands_names_every_command_of_ours_with_every_option(application):
    page = text_of(COMMANDS_PAGE)
    missing = []
    for group in COMMANDS:
        for name, command in group.commands.items():
            row = re.search(rf"^\| `flask {group.name} {name}\b.*$", page, re.MULTILINE)
            if row is None:
                missing.append(f"{group.name} {name}")
            elif "the same choices" not in row[0]:
                missing += [f"{group.name} {name} {option}" for option in
                            sorted(options_of(command)) if option not in row[0]]  # fmt: skip

    assert missing == []


def test_every_setting_of_the_environment_is_documented_and_every_documented_one_is_read():
    code = "\n".join(text_of(path) for path in [*product_code(), Path("tests/browsing.py")])
    shell = "\n".join(text_of(path) for path in own_files(".sh"))
    read = {a or b for a, b in ENVIRONMENT.findall(code)} | set(SHELL_SETTING.findall(shell))
    documented = {row[0].strip("`") for row in table_under(OPERATORS, "Settings")}

    assert read - ONLY_FOR_DEVELOPERS == documented


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("docs/for-learners.md", "Where you stand"),
        ("docs/for-managers.md", "Where you stand, and your people"),
        ("docs/for-hr.md", "Service aptitude"),
    ],
)
def test_what_the_documents_tell_people_to_press_stands_on_the_pages(path, heading):
    section = text_of(Path(path)).split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    pages = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "aptitude").rglob("*.py")]
    shown = "\n".join(page.read_text(encoding="utf-8") for page in pages).lower()
    words = [one.lower() for one in re.findall(r"(?<!\*)\*([A-Z][^*]+)\*(?!\*)", section)]

    assert len(words) >= 3
    assert [one for one in words if one not in shown] == []


def test_the_numbers_of_aptitude_in_the_documents_are_those_of_the_rules():
    hr, managers = text_of(Path("docs/for-hr.md")), text_of(Path("docs/for-managers.md"))
    assert (RATERS_FOR_OVERALL, DIMENSIONS_FOR_OVERALL) == (2, 5)
    assert "two raters besides the person, on five of seven dimensions" in hr
    assert (DAYS_TO_TEACH, OLD_DAYS, LEVELS_DOWN) == (90, 365, 2)
    assert all(one in managers for one in ("ninety days away", "older than a year", "two levels"))
    assert (ANONYMOUS_FROM, SMALLEST_GROUP) == (3, 5)
    assert "together, from three on" in text_of(Path("docs/for-learners.md"))


def test_every_form_of_a_length_in_the_document_is_read():
    units = {"a number in a column of hours, minutes or days": "minutes"}
    for form, examples in table_under(FILES, "Lengths"):
        for example in examples.split("; "):
            minutes = minutes_from_text(example, units.get(form), 480)
            assert minutes > 0, example


def test_every_form_of_a_day_in_the_document_is_read():
    for _form, examples in table_under(FILES, "Days"):
        for example in examples.split("; "):
            others = [] if example.isdecimal() else ["25/12/2025"]
            day = day_from_text(example, decide_order([example, *others]), this_year=2026)
            assert (day.year, day.month) == (2025, 3), example


def documented_fields(heading: str) -> set[str]:
    return {
        name for row in table_under(FILES, heading) for name in re.findall(r"`([a-z_]+)`", row[0])
    }


def test_the_columns_in_the_document_are_those_that_are_read():
    names = set(re.findall(r"`([a-z_]+)`", text_of(FILES)))

    assert documented_fields("Hours") <= set(HOURS_FIELDS)
    assert set(HOURS_FIELDS) - documented_fields("Hours") == {"employee_name"}
    assert documented_fields("People") <= set(PEOPLE_FIELDS)
    assert set(PEOPLE_FIELDS) <= names


@pytest.mark.parametrize(
    ("heading", "fields"), [("People", PEOPLE_FIELDS), ("Hours", HOURS_FIELDS)]
)
def test_the_other_names_of_columns_in_the_document_are_understood(heading, fields):
    known = {header_key(name) for names in fields.values() for name in names}
    rows = table_under(FILES, heading)

    assert [name for row in rows for name in re.split(r"[,;] ", row[2])
            if name and header_key(name) not in known] == []  # fmt: skip


LABELS = ("Definition", "Basis", "Structure", "As of", "Level", "Unit")
"""Words of the strip above a balance that people will look up."""


@pytest.mark.parametrize("word", LABELS)
def test_the_words_of_the_balance_stand_in_the_glossary(word):
    words = re.findall(r"\*\*(.+?)\*\*", text_of(Path("docs/glossary.md")))

    assert word.lower() in words


def test_documents_are_plain():
    for path in DOCUMENTS:
        prose = FENCE.sub("", text_of(path))
        assert "!" not in re.sub(r"!\[|<!--", "", prose), path
        assert not re.search(r"\b(norm|benchmark) of\b", prose), path

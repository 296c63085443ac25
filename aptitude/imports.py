"""Reading files: ratings, and the framework, scenarios and occupations that ship."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from aptitude.rules.occupations import Occupation, read_occupation
from aptitude.rules.rating_files import FIELDS, RatingReader, ReadFile, check_columns
from aptitude.rules.starter import (
    Framework,
    ScenarioItem,
    read_framework,
    read_scenarios,
    refuse_doubles,
)
from core.errors import RefusedError
from core.headers import match_headers
from core.tables import COMMAND_LIMITS, Limits, open_table
from curricula.imports import parse_yaml
from curricula.rules.contents import Plain, Problem, Reading

LIBRARY = Path(__file__).parent / "library"


def read_ratings(path: Path, limits: Limits = COMMAND_LIMITS) -> ReadFile:
    """Return the ratings of a file, with the rows that cannot be taken.

    Raises:
        RefusedError: It is not a table, or lacks a column every row needs.
    """
    table = open_table(path, limits)
    at = {name: match.column for name, match in match_headers(table.header, FIELDS).items()}
    check_columns(at, table.header)
    return RatingReader(table.header, at).read(table.blocks(used=set(at.values())))


@cache
def read_occupations() -> tuple[Occupation, ...]:
    """Return what O*NET says of the service orientation of occupations, by code."""
    with (LIBRARY / "occupations.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        return tuple(read_occupation(row) for row in rows)


@dataclass
class AptitudeLibrary:
    """What the files of the aptitude library say.

    Attributes:
        framework: None when its file is missing or has problems.
        items: The scenarios that are as they should be, by file and place.
        problems: What is wrong, with file, item and field.
    """

    framework: Framework | None
    items: list[ScenarioItem]
    problems: list[Problem]


def read_aptitude_library(folder: Path = LIBRARY) -> AptitudeLibrary:
    """Return the framework and the scenarios of a folder."""
    reading = Reading()
    framework = None
    for file, data in _library_files([folder / "framework.yaml"], reading):
        framework = read_framework(data, file, reading)
    items: list[ScenarioItem] = []
    for file, data in _library_files(sorted((folder / "scenarios").glob("*.yaml")), reading):
        items += read_scenarios(data, file, reading)
    refuse_doubles(items, reading)
    return AptitudeLibrary(framework, items, reading.problems)


def _library_files(paths: list[Path], reading: Reading) -> Iterator[tuple[str, Plain]]:
    for path in paths:
        try:
            yield path.name, parse_yaml(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            reading.refuse(path.name, "this file is missing; put it back.")
        except UnicodeDecodeError:
            reading.refuse(path.name, "this is not text in UTF-8; save it as UTF-8.")
        except RefusedError as refusal:
            reading.refuse(path.name, refusal.message)

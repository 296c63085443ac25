"""A believable organisation and its training hours, generated from a seed: same seed, same files.

Ten thousand people in a tree of units, four hundred courses, three years, about nine tenths hard;
one row in a hundred is not as it should be. Rows come in no order, as the worst export has them.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

SEED = 20261002
PEOPLE = 10_000
COURSES = 400
FIRST_DAY = date(2023, 1, 2)
DAYS = 1096
CHUNK = 250_000
DEPARTMENTS = (
    "Front office", "Contact centre", "Field service", "Logistics", "Retail", "Kitchen",
    "Housekeeping", "Maintenance", "Finance", "People", "Technology", "Security",
)  # fmt: skip
SITES = ("Harbour", "Airport", "Old town", "North", "South", "West", "East", "Hillside")
CATEGORIES = (
    ("technical", 0.30),
    ("operational", 0.28),
    ("product_knowledge", 0.17),
    ("compliance", 0.15),
    ("hospitality", 0.03),
    ("relationship", 0.02),
    ("service_recovery", 0.01),
    ("experiential", 0.01),
    ("other_soft", 0.03),
)
HOURS = ("0.5", "1", "1.5", "2", "3", "4", "6", "8", "0.75", "12")
HOURS_SHARES = (0.18, 0.22, 0.14, 0.16, 0.08, 0.09, 0.04, 0.06, 0.02, 0.01)
DELIVERIES = ("classroom", "online", "on the job", "coaching", "")
DELIVERY_SHARES = (0.34, 0.42, 0.15, 0.04, 0.05)
PEOPLE_COLUMNS = "employee_number name manager_number unit site level hired_on"
COUNTED = ("Completed", "Attended", "Passed")


@dataclass(frozen=True)
class Written:
    """What a generated file holds, known before anything has read it."""

    path: Path
    rows: int
    refused: int
    ignored: int


def write_people(path: Path) -> None:
    """Write a people file: departments of sections of teams, and who leads whom."""
    rng = np.random.default_rng(SEED)
    teams = [
        f"{department} / Section {section} / Team {team}"
        for department in DEPARTMENTS
        for section in range(1, 9)
        for team in range(1, 4)
    ]
    homes = rng.integers(0, len(teams), PEOPLE)
    sites = rng.integers(0, len(SITES), len(teams))
    leaders: dict[str, str] = {}
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(
            ["employee_number", "name", "manager_number", "unit", "site", "level", "hired_on"]
        )
        for person in range(PEOPLE):
            number, team = f"E{person:05d}", teams[homes[person]]
            level = "frontline"
            if team not in leaders:
                level, leaders[team] = "team_lead", number
            manager = leaders[team] if level == "frontline" else "E00000" if person else ""
            name = f"Person {person:05d}"
            row = [number, name, manager, team, SITES[sites[homes[person]]], level, "2020-01-01"]
            writer.writerow(row)


def course_title(course: int) -> str:
    """Return the title of a course by its number."""
    return f"Training {course:03d}, part {course % 4 + 1}"


def write_classification(path: Path) -> None:
    """Write what courses count as: one in ten is divided, one in twenty nobody has classified."""
    rng = np.random.default_rng(SEED + 1)
    codes = [code for code, _ in CATEGORIES]
    picks = rng.choice(len(codes), COURSES, p=[share for _, share in CATEGORIES])
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["course", "category", "percent"])
        for course in range(COURSES):
            if course % 20 == 7:
                continue
            first = codes[picks[course]]
            if course % 10 == 3 and first != "other_soft":
                writer.writerow([course_title(course), first, 70])
                writer.writerow([course_title(course), "other_soft", 30])
            else:
                writer.writerow([course_title(course), first, 100])


def write_hours(path: Path, rows: int) -> Written:
    """Write `rows` rows of hours and return how many of them cannot or do not count."""
    rng = np.random.default_rng(SEED + 2)
    refused = ignored = 0
    with path.open("w", newline="", encoding="utf-8") as stream:
        stream.write("employee_number,course,date,hours,status,delivery\n")
        for start in range(0, rows, CHUNK):
            columns, bad, unfinished = _chunk(rng, min(CHUNK, rows - start))
            refused += bad
            ignored += unfinished
            stream.writelines(_lines(columns))
    return Written(path, rows, refused, ignored)


def _lines(columns: list[list[str]]) -> Iterator[str]:
    return (",".join(cells) + "\n" for cells in zip(*columns, strict=True))


def _chunk(rng: np.random.Generator, count: int) -> tuple[list[list[str]], int, int]:
    people = np.array([f"E{person:05d}" for person in range(PEOPLE)], object)
    titles = np.array([f'"{course_title(course)}"' for course in range(COURSES)], object)
    days = np.array([(FIRST_DAY + timedelta(d)).isoformat() for d in range(DAYS)], object)
    popular = 1.0 / np.arange(3, COURSES + 3)
    columns = [
        people[rng.integers(0, PEOPLE, count)],
        titles[rng.choice(COURSES, count, p=popular / popular.sum())],
        days[rng.integers(0, DAYS, count)],
        np.array(HOURS, object)[rng.choice(len(HOURS), count, p=HOURS_SHARES)],
        np.array(COUNTED, object)[rng.integers(0, len(COUNTED), count)],
        np.array(DELIVERIES, object)[rng.choice(len(DELIVERIES), count, p=DELIVERY_SHARES)],
    ]
    bad = ignored = 0
    if count >= 1_000:
        bad, ignored = _spoil(rng, columns, count)
    return [column.tolist() for column in columns], bad, ignored


def _spoil(rng: np.random.Generator, columns: list[np.ndarray], count: int) -> tuple[int, int]:
    """Spoil one row in a hundred; return how many are to be refused and how many ignored."""
    spoiled = rng.choice(np.arange(1, count), count // 100, replace=False)
    parts = np.array_split(spoiled, 10)
    repeats, unfinished = np.concatenate(parts[:2]), parts[2]
    for column, places, text in (
        (0, parts[3], "E99999"),
        (0, parts[4], ""),
        (1, parts[5], ""),
        (2, parts[6], "2025-02-30"),
        (2, parts[7], "next week"),
        (3, parts[8], "NaN"),
        (3, parts[9], "-2"),
    ):
        columns[column][places] = text
    columns[4][unfinished] = "Failed"
    refused = np.concatenate(parts[3:])
    sources = repeats - 1
    fine = ~np.isin(sources, spoiled)
    for texts in columns:
        texts[repeats[fine]] = texts[sources[fine]]
    return len(refused), len(unfinished)

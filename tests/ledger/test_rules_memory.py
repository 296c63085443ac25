"""What a large or hostile file may make the application remember, and that sums stay right."""

from datetime import date

import numpy as np
import pytest

from core.reading.shapes import Block
from ledger.rules import judges, sums
from ledger.rules.days import DayOrder
from ledger.rules.hours_files import HoursSource, Reading
from ledger.rules.judges import Columns, FileJudge, Roll
from ledger.rules.judging import SeenFilter
from ledger.rules.sums import Sums

FIELDS = ("employee_number", "course", "date", "hours", "status", "delivery", "category")


def roll() -> Roll:
    return Roll({"e1": 1}, {}, {}, 1, {"title:known": 7}, {"known": 7}, 7, {})


def judge_of(known: Roll, reading: Reading | None = None) -> FileJudge:
    source = HoursSource("", "", FIELDS, {f: at for at, f in enumerate(FIELDS)}, iter)  # type: ignore[arg-type]
    columns = Columns(DayOrder.ISO)
    return FileJudge(source, reading or Reading(), columns, known, date(2026, 1, 1))


def block(*rows: tuple[str, ...]) -> Block:
    return Block(list(range(2, len(rows) + 2)), [list(texts) for texts in zip(*rows, strict=True)])


def hostile(first: int, count: int) -> Block:
    numbers = range(first, first + count)
    return block(*(tuple(f"{name} {number}" for name in FIELDS) for number in numbers))


def good(course: str, person: str = "E1") -> tuple[str, ...]:
    return (person, course, "2025-03-01", "1", "Completed", "online", "")


def test_a_file_of_distinct_values_is_forgotten_block_by_block(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(judges, "MOST_TEXTS", 500)
    known = roll()
    judge = judge_of(known)
    most = 0

    for first in range(0, 5_000, 100):
        judged = judge.judge(hostile(first, 100))
        most = max(most, judge.text_count)
        assert len(judged.refusals) == 100

    assert most <= 500 + 7 * 100
    assert len(known._named_courses) <= 500 + 100


def test_courses_and_people_of_refused_rows_are_not_taken_in() -> None:
    known = roll()
    judge = judge_of(known, Reading(add_people=True))

    refused = judge.judge(block(("E9", "Misspelt", "no day", "1", "Completed", "online", "")))
    ignored = judge.judge(block(("E8", "Missed", "2025-03-01", "1", "Failed", "online", "")))

    assert (len(refused.refusals), ignored.ignored) == (1, 1)
    assert (known.new_courses, known.new_people) == ({}, {})
    assert (known.last_course_id, known.last_person_id) == (7, 1)
    assert known.courses_by_key == {"title:known": 7}


def test_a_course_that_a_refused_row_named_first_is_taken_in_with_a_good_one() -> None:
    known = roll()
    judge = judge_of(known, Reading(add_people=True))
    judge.judge(block(("E9", "Late", "no day", "1", "Completed", "online", "")))

    judged = judge.judge(block(good("Other"), good("Late", "E9"), good("known"), good("late")))

    assert judged.courses.tolist() == [9, 8, 7, 8]
    assert judged.employees.tolist() == [1, 2, 1, 1]
    assert {new.id: new.title for new in known.new_courses.values()} == {8: "Late", 9: "Other"}
    assert known.new_people == {2: "E9"}


def test_forgetting_what_was_named_changes_no_id(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judges, "MOST_TEXTS", 0)
    known = roll()
    judge = judge_of(known, Reading(add_people=True))

    first = judge.judge(block(good("One", "E5"), good("Two", "E6")))
    second = judge.judge(block(good("Two", "E6"), good("Three", "E5"), good("One", "E7")))

    assert first.courses.tolist() == [8, 9]
    assert second.courses.tolist() == [9, 10, 8]
    assert second.employees.tolist() == [3, 2, 4]


@pytest.mark.parametrize("waiting", [0, 50, 100_000])
def test_sums_are_those_of_a_dictionary(monkeypatch: pytest.MonkeyPatch, waiting: int) -> None:
    monkeypatch.setattr(sums, "MOST_WAITING", waiting)
    rng = np.random.default_rng(5)
    held = Sums(2)
    expected: dict[int, list[int]] = {}

    for size in (0, 1, 40, 7, 300, 0, 25):
        keys = rng.integers(-90, 90, size)
        one, two = rng.integers(-5, 5, size), rng.integers(0, 1 << 40, size)
        held.add(keys, [one, two])
        for key, *values in zip(keys.tolist(), one.tolist(), two.tolist(), strict=True):
            before = expected.get(key, [0, 0])
            expected[key] = [before[0] + values[0], before[1] + values[1]]

    keys, columns = held.result()
    assert keys.tolist() == sorted(expected)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    assert [list(row) for row in rows] == [expected[key] for key in sorted(expected)]


def test_nothing_added_is_no_sum() -> None:
    keys, columns = Sums(3).result()

    assert (len(keys), [len(column) for column in columns]) == (0, [0, 0, 0])


@pytest.mark.parametrize("bits", [3, 6, 24])
def test_the_filter_knows_every_key_it_has_seen(bits: int) -> None:
    keys, courses = np.arange(500, dtype=np.int64) * 7919, np.arange(500, dtype=np.int64) % 9
    held = SeenFilter(bits)

    for at in range(0, 500, 50):
        held.seen_then_add(keys[at : at + 50], courses[at : at + 50])

    assert held.seen_then_add(keys, courses).all()


def test_the_filter_rarely_suspects_a_new_key() -> None:
    keys, courses = np.arange(40_000, dtype=np.int64) * 7919, np.zeros(40_000, np.int64)
    held = SeenFilter(20)

    suspected = int(held.seen_then_add(keys, courses).sum())
    suspected_later = int(held.seen_then_add(keys + 1, courses).sum())

    assert suspected == 0
    assert 0 < suspected_later < 600

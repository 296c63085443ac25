"""What the rules of sessions say, in numbers and sentences."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import RefusedError
from curricula.rules.attending import Presence, completes, may_sign_in, read_sheet
from curricula.rules.enrolling import next_seat, numbers_typed
from curricula.rules.sessions import Span, divided, least_staff, when_words, where_words
from curricula.rules.week import week_title

NOW = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)


@given(st.integers(0, 10**7), st.lists(st.integers(0, 6000), min_size=1, max_size=30))
def test_parts_sum_to_the_whole_and_nobody_gets_more_for_less(amount, weights):
    parts = divided(amount, weights)

    assert sum(parts) == (amount if sum(weights) else 0)
    pairs = sorted(zip(weights, parts, strict=True))
    assert all(one[1] <= other[1] + 1 for one, other in itertools.pairwise(pairs))


@pytest.mark.parametrize(
    ("hours", "must_ask", "status", "hold_hours"),
    [
        pytest.param(73, False, "enrolled", None, id="long before it is theirs"),
        pytest.param(72, False, "offered", 24, id="shortly before it is held"),
        pytest.param(5, False, "offered", 5, id="held until the beginning at most"),
        pytest.param(500, True, "offered", 125, id="who never agreed to the date is asked"),
        pytest.param(4000, True, "offered", 168, id="and has a week to answer at most"),
    ],
)
def test_what_the_first_who_waits_gets(hours, must_ask, status, hold_hours):
    seat = next_seat(
        NOW, NOW + timedelta(hours=hours), "UTC", 24, "A seat is free.", must_ask=must_ask
    )

    assert seat.status.value == status
    assert seat.hold_until == (None if hold_hours is None else NOW + timedelta(hours=hold_hours))
    assert seat.reason.startswith("A seat is free. First on the waiting list")


def test_numbers_are_taken_as_people_paste_them_each_once():
    assert numbers_typed("P1, P2;P3\r\n\tP1 \n\n ana@example.org") == [
        "P1", "P2", "P3", "ana@example.org",
    ]  # fmt: skip
    with pytest.raises(RefusedError, match="At most 500"):
        numbers_typed(",".join(map(str, range(501))))


@pytest.mark.parametrize(
    ("text", "people", "least"), [("6", 10, 6), ("80 %", 10, 8), ("75%", 10, 8), ("100 %", 3, 3)]
)
def test_a_minimum_is_people_or_a_part_of_them(text, people, least):
    assert least_staff(text, people) == least


@pytest.mark.parametrize("text", ["", "many", "-1", "0", "101 %", "0 %", "1.5", "99999999"])
def test_what_is_no_minimum_is_refused(text):
    with pytest.raises(RefusedError):
        least_staff(text, 10)


@pytest.mark.parametrize(("minutes", "is_completed"), [(90, True), (89, False), (0, False)])
def test_three_quarters_of_the_minutes_complete_the_module(minutes, is_completed):
    assert completes(minutes, 120) is is_completed


def test_the_sheet_is_read_by_its_fields_and_says_nothing_of_others():
    typed = {"is-1": "present", "minutes-1": " 90 ", "is-2": "absent", "reason-2": " ill ",
             "is-3": "present", "minutes-3": "", "is-4": "maybe", "is-9": "present"}  # fmt: skip

    sheet = read_sheet(typed, {1: "Ana", 2: "Ben", 3: "Cem", 4: "Dee"}, 120)

    assert sheet.marks == {1: Presence(90), 2: Presence(0, "ill"), 3: Presence(120)}
    assert sheet.problems == {}


def test_signing_in_is_open_half_an_hour_around_the_time():
    begins, ends = NOW, NOW + timedelta(hours=2)

    found = [may_sign_in(begins, ends, NOW + timedelta(minutes=m)) for m in (-31, -30, 150, 151)]

    assert found == [False, True, True, False]


def test_when_and_where_are_said_on_the_clock_of_the_place():
    night = Span(datetime(2026, 11, 19, 22, 0, tzinfo=UTC), datetime(2026, 11, 20, 1, tzinfo=UTC))

    assert when_words(night, "UTC") == (
        "Thursday 19 November 2026, 22:00 to Friday 20 November 2026, 01:00"
    )
    assert when_words(night, "Asia/Tokyo") == "Friday 20 November 2026, 07:00 to 10:00"
    assert where_words("Harbour", "Room 2", "https://x") == "Room 2, Harbour"
    assert where_words(None, None, "https://x") == "Online"


@pytest.mark.parametrize(
    ("sessions", "sheets", "title"),
    [
        ([], 0, "No sessions this week."),
        ([], 1, "No sessions this week. One sheet waits to be closed."),
        ([(NOW, "UTC", 0)], 0, "One session this week."),
        (
            [(NOW, "UTC", 2), (NOW + timedelta(days=2), "UTC", 8)],
            2,
            "Two sessions this week. Two sheets wait to be closed, and Wednesday has eight free"
            " seats.",
        ),
        ([(NOW, "UTC", 1)] * 11, 0, "Eleven sessions this week. Monday has one free seat."),
    ],
)
def test_the_title_of_a_week_is_true_for_every_week(sessions, sheets, title):
    assert week_title(sessions, sheets) == title

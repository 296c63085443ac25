"""Codes in words, on "my data" and in the audit trail."""

import pytest

from people.rules.plain_words import details_in_words, heading, shown, value_words


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ("hired_on", "hired"),
        ("unit_id", "unit"),
        ("last_seen_at", "last seen"),
        ("job_title", "job title"),
        ("email", "e-mail address"),
    ],
)
def test_a_column_has_a_name_in_words(column, words):
    assert heading(column) == words


@pytest.mark.parametrize(
    ("kept", "words"),
    [
        ("2026-03-01", "1 March 2026"),
        ("9999-12-31", "no end"),
        ("2026-03-01T07:05:00+00:00", "1 March 2026, 07:05"),
        ("2026-03-01 to 2026-04-01", "2026-03-01 to 2026-04-01"),
        ("Ana", "Ana"),
    ],
)
def test_days_and_moments_are_in_words(kept, words):
    assert value_words(kept) == words


def test_columns_without_anything_are_named_apart():
    found = shown(("id", "name", "left_on"), [("7", "Ana", ""), ("8", "Bo", "")], limit=1)

    assert found.headings == ["name"]
    assert found.rows == [["Ana"]]
    assert found.empty == ["left"]


def test_the_details_of_an_event_are_names_and_values():
    details = '{"after":{"course":51,"day":"2026-07-02"},"minutes":93630,"people":",4,11,","x":""}'

    assert details_in_words(details) == [
        ("after", "course 51, day 2 July 2026"),
        ("minutes", "93,630"),
        ("people", "4,11"),
    ]


def test_an_event_may_have_no_details():
    assert details_in_words("") == []

"""Recognising a person in texts and rows."""

import pytest

from people.rules.erasing import ERASED, Marks, cleaned, cleaned_column

ADA = Marks(
    numbers=frozenset({"A-1042"}),
    names=frozenset({"Ada Lenz", "Ada Marsh"}),
    addresses=frozenset({"ada.lenz@example.org"}),
)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Ada Lenz", ERASED),
        (" ada  LENZ ", ERASED),
        ("A-1042", ERASED),
        ("hours of Lenz, Ada for May.csv", f"hours of {ERASED} for May.csv"),
        ("asked by ada.lenz@example.org, twice", f"asked by {ERASED}, twice"),
        ("number A-1042 is gone", f"number {ERASED} is gone"),
        ("Ada Marsh before", f"{ERASED} before"),
        ("Ada Lenzburg stays", "Ada Lenzburg stays"),
        ("A-10421 stays", "A-10421 stays"),
        ("Adam Lenz stays", "Adam Lenz stays"),
        ("", ""),
    ],
)
def test_a_text_is_cleaned_of_the_person_and_of_nothing_else(text, left):
    assert ADA.taken_out_of(text) == left


@pytest.mark.parametrize(
    ("cells", "mentioned"),
    [
        (["A-1042", "First aid", "2"], True),
        (["Lenz", "Ada", "First aid"], True),
        (["7", "Lenz, Ada", "First aid"], True),
        (["Ada", "Novak", "First aid"], False),
        (["Lenz", "Peter"], False),
        ([], False),
        ([None, 3], False),
    ],
)
def test_a_row_is_recognised_by_any_mark(cells, mentioned):
    assert ADA.are_in_row(cells) is mentioned


def test_a_row_about_the_person_is_emptied_as_a_whole():
    refused = [
        {"row": 2, "cells": ["A-1042", "Laser safety"], "value": "-3", "reason": "Too short."},
        {"row": 3, "cells": ["A-1043", "Laser safety"], "value": "-3", "reason": "Too short."},
    ]

    assert cleaned_column(refused, [ADA]) == [
        {"row": 2, "cells": [ERASED, ERASED], "value": ERASED, "reason": ERASED},
        refused[1],
    ]
    assert cleaned_column(["Ada", "Lenz", "9 h"], [ADA]) == [ERASED] * 3


def test_sentences_beside_one_about_the_person_stay():
    remarks = {"remarks": ["Ada Lenz reports to nobody.", "Two people share a name."], "rows": 3}

    assert cleaned(remarks, [ADA]) == {
        "remarks": [f"{ERASED} reports to nobody.", "Two people share a name."],
        "rows": 3,
    }


def test_a_short_plain_number_is_found_in_cells_only():
    twelve = Marks(frozenset({"12"}), frozenset(), frozenset())

    assert twelve.are_in_row(["12", "First aid"])
    assert twelve.taken_out_of("12 rows were read") == "12 rows were read"


def test_somebody_without_any_mark_is_nowhere():
    nobody = Marks(frozenset(), frozenset(), frozenset())

    assert nobody.taken_out_of("Ada Lenz") == "Ada Lenz"
    assert not nobody.are_in_row(["", "Ada"])

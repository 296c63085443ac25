"""Words for what is kept as codes: the columns of "my data" and the details of audit events."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.words import day, moment

COLUMNS: Mapping[str, str] = {
    "above_id": "above",
    "active": "open",
    "added_at": "made",
    "batch_id": "recorded with",
    "below_id": "below",
    "body": "text of the letter",
    "cells": "the row",
    "cost_cents": "cost in cents",
    "credential": "key of the device",
    "digest": "mark of the session",
    "done_on": "day",
    "email": "e-mail address",
    "external_id": "number in the source",
    "from_on": "from",
    "fs_uniquifier": "mark for signing out everywhere",
    "fte_percent": "full-time share in percent",
    "handle": "mark for passkeys",
    "hired_on": "hired",
    "how": "signed in with",
    "left_on": "left",
    "previous": "mark of the event before",
    "proven_at": "proved who they are",
    "public_key": "public part of the key",
    "sha256": "check sum",
    "sign": "adds or takes away",
    "superseded_at": "replaced",
    "to_address": "sent to",
    "totp_counter": "last code used",
    "totp_secret": "secret of the authenticator app",
    "until_on": "until",
}
"""Names of columns that do not read well by themselves."""

UNINTERESTING = frozenset({"id", "name_key", "title_key", "key"})
"""Columns for the machine only; the files to download have them."""

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\+00:00)?")
NO_END = "9999-12-31"


def heading(column: str) -> str:
    """Return the name of a column in words: "hired_on" is "hired"."""
    if column in COLUMNS:
        return COLUMNS[column]
    return re.sub(r"_(id|at|on)$", "", column).replace("_", " ")


def value_words(text: str) -> str:
    """Return a kept value as people read it; only days and moments change."""
    if text == NO_END:
        return "no end"
    if _DAY.fullmatch(text):
        return day(text)
    return moment(text) if _MOMENT.fullmatch(text) else text


@dataclass(frozen=True)
class Shown:
    """A table as a page shows it.

    Attributes:
        headings: What the columns are called.
        rows: The values, in words.
        empty: The columns in which no row has anything.
    """

    headings: list[str]
    rows: list[list[str]]
    empty: list[str]


def shown(columns: Sequence[str], rows: Sequence[Sequence[str]], limit: int) -> Shown:
    """Return the columns that say something, with the first rows in words."""
    wanted = [place for place, name in enumerate(columns) if name not in UNINTERESTING]
    full = [place for place in wanted if any(row[place] for row in rows)]
    return Shown(
        headings=[heading(columns[place]) for place in full],
        rows=[[value_words(row[place]) for place in full] for row in rows[:limit]],
        empty=[heading(columns[place]) for place in wanted if place not in full],
    )


def details_in_words(details: str) -> list[tuple[str, str]]:
    """Return the details of an event as names and values: `{"new":3}` is "new", "3"."""
    if not details:
        return []
    return [(heading(name), text) for name, text in _parts(json.loads(details)) if text]


def _parts(details: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for name, value in details.items():
        yield name, _value(value)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return ", ".join(f"{heading(name)} {text}" for name, text in _parts(value))
    if isinstance(value, list):
        return "; ".join(_value(part) for part in value)
    if isinstance(value, int):
        return f"{value:,}"
    return value_words(str(value)).strip(",")

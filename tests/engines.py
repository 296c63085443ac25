"""Which databases a test runs on: both, one it names, or one of the two in turn.

Services, queries and commands run in full on both. What is in a page and what one may type into it
does not depend on the database once its questions are answered there, and each page has several
tests. Therefore every case of a test of pages (one that asks for `browser`) runs on one database:
half of them, whichever their names are drawn for, on PostgreSQL. A test whose cases ask the
database different questions says `@pytest.mark.engines("sqlite", "postgresql")` and runs on both.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import TypeGuard
from zlib import crc32

import pytest

ENGINES = ("sqlite", "postgresql")
OPENS_PAGES = frozenset({"browser", "reader"})
"""Fixtures of tests of pages."""


def without_repetition(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    """Leave out of the cases of tests of pages those on the database they are not drawn for."""
    items = list(items)
    on = engines_of_pages(items)
    return [
        item
        for item in items
        if not _is_of_pages(item)
        or len(on[_case(item)]) == 1
        or item.callspec.params["engine_name"] == drawn(_case(item))
    ]


def engines_of_pages(items: Iterable[pytest.Item]) -> dict[str, set[str]]:
    """Return for each case of a test of pages on which databases it runs."""
    on = defaultdict[str, set[str]](set)
    for item in items:
        if _is_of_pages(item):
            on[_case(item)].add(str(item.callspec.params["engine_name"]))
    return on


def drawn(case: str) -> str:
    """Return the database for a case of a test: the same in every run, whatever else is run."""
    return ENGINES[crc32(case.encode()) % len(ENGINES)]


def _case(item: pytest.Function) -> str:
    """Return the test with the names of its parameters but for the database."""
    test = item.nodeid.partition("[")[0]
    engine = str(item.callspec.params["engine_name"])
    return f"{test} {item.callspec.id.replace(engine, '', 1)}"


def _is_of_pages(item: pytest.Item) -> TypeGuard[pytest.Function]:
    return (
        isinstance(item, pytest.Function)
        and not OPENS_PAGES.isdisjoint(item.fixturenames)
        and item.get_closest_marker("engines") is None
        and "engine_name" in getattr(getattr(item, "callspec", None), "params", {})
    )

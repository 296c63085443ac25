"""Which databases a test runs on: both, one it names, or both with one case on PostgreSQL.

What a page says about the many things one can type into it does not depend on the database once
the first of them has been asked there. Therefore a test of pages (one that asks for `browser`) with
several cases runs all of them on SQLite, and the first on PostgreSQL as well. Services, queries and
commands run in full on both, and so does a test whose cases ask the database different questions:
that one says `@pytest.mark.engines("sqlite", "postgresql")`.
"""

from collections.abc import Iterable

import pytest

ENGINES = ("sqlite", "postgresql")


def without_repetition(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    """Leave out the further cases of tests of pages on PostgreSQL."""
    begun: set[tuple[str, str]] = set()
    kept = []
    for item in items:
        if _is_one_case_of_pages(item):
            test = (item.nodeid.partition("[")[0], item.callspec.params["engine_name"])
            if test in begun:
                continue
            begun.add(test)
        kept.append(item)
    return kept


def _is_one_case_of_pages(item: pytest.Item) -> bool:
    return (
        isinstance(item, pytest.Function)
        and "browser" in item.fixturenames
        and item.get_closest_marker("engines") is None
        and getattr(item, "callspec", None) is not None
        and item.callspec.params.get("engine_name") == "postgresql"
    )

"""Which tests count towards coverage: being counted makes a test take twice as long.

What SQLite has run is not counted on PostgreSQL again, and attacks and journeys go where the tests
of the features have been before, as single tests do that do something very often: these are marked
`counted_elsewhere`. Coverage says what the tests of a feature reach by themselves.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from coverage import Coverage

from tests.databases import ENGINES

GO_WHERE_OTHERS_WERE = ("access", "architecture", "journeys")
"""Folders of tests."""

MARK = "counted_elsewhere"


def is_counted(item: pytest.Item) -> bool:
    """Tell whether the lines this test runs are counted."""
    if item.path.parent.name in GO_WHERE_OTHERS_WERE or item.get_closest_marker(MARK):
        return False
    mark = item.get_closest_marker("engines")
    names = mark.args if mark else ENGINES
    callspec = getattr(item, "callspec", None)
    engine_name = callspec.params.get("engine_name") if callspec else None
    return engine_name != "postgresql" or "sqlite" not in names


@contextmanager
def nothing_counted() -> Iterator[None]:
    """Let nothing count that runs meanwhile."""
    stopped = []
    while (counting := Coverage.current()) is not None:  # a worker of xdist has two of them
        counting.stop()
        stopped.append(counting)
    try:
        yield
    finally:
        for counting in reversed(stopped):
            counting.start()

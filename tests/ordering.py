"""Which files go first: those that take longest, so that no worker is left with one at the end.

So does a file that makes what others only wait for, such as the demo of one day.
"""

from pathlib import Path

import pytest

TESTS = Path(__file__).parent

LONGEST = (
    "journeys/test_every_page.py",
    "access/test_matrix.py",
    "access/test_addresses.py",
    "ledger/test_views_imports.py",
    "journeys/test_hr_and_the_demo.py",
    "curricula/test_last_seat.py",
    "demo/test_serve.py",
    "ledger/test_selections.py",
    "access/test_combinations.py",
    "ledger/test_views_courses.py",
    "planner/test_views.py",
    "people/test_tree.py",
    "demo/test_story.py",
    "demo/test_aptitude.py",
)


def place_in_the_row(item: pytest.Item) -> int:
    """Return where the file of a test stands; all others keep their order behind these."""
    name = f"{item.path.parent.name}/{item.path.name}"
    return LONGEST.index(name) if name in LONGEST else len(LONGEST)


def share_of(number: int, workers: int) -> list[str]:
    """Return the modules of tests with which a worker begins to read them all."""
    files = sorted(TESTS.rglob("test_*.py"))[number::workers]
    return [".".join(path.relative_to(TESTS.parent).with_suffix("").parts) for path in files]

from collections.abc import Iterator

import pytest

from core.clock import at
from tests.curricula.classes import NOW, staff
from tests.prepared import prepared


@pytest.fixture
def second_of_november() -> Iterator[None]:
    """The day on which sessions are looked at: seventeen days before they take place."""
    with at(NOW):
        yield


@prepared
def ids(tmp_path) -> dict[str, int]:
    """Fifteen people of one manager and one of another, by their numbers."""
    return staff(tmp_path)

"""Work in another process: results in order, refusals as here, nothing left running."""

from collections.abc import Iterator
from functools import partial
from itertools import count

import pytest

from core.aside import in_another_process
from core.errors import DomainError, RefusedError


def numbers(last: int) -> Iterator[int]:
    """Yield numbers, and refuse to go on after nine."""
    for number in range(last):
        if number > 9:
            raise RefusedError("Nobody counts further.", field="number")
        yield number


def test_results_come_in_order() -> None:
    assert list(in_another_process(partial(numbers, 5))) == [0, 1, 2, 3, 4]


def test_a_refusal_there_is_a_refusal_here() -> None:
    found = in_another_process(partial(numbers, 99))

    assert [next(found) for _ in range(10)] == list(range(10))
    with pytest.raises(RefusedError, match="Nobody counts further") as refusal:
        next(found)
    assert refusal.value.field == "number"


def test_an_error_there_does_not_pass_for_the_end() -> None:
    with pytest.raises(DomainError, match="broke off; try it again"):
        list(in_another_process(partial(numbers, None)))  # type: ignore[arg-type]


def test_a_reader_may_stop_early() -> None:
    found = in_another_process(count)

    assert [next(found), next(found)] == [0, 1]
    found.close()  # type: ignore[attr-defined]  # a generator

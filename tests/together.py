"""Doing something several times at the same moment, as people with two windows do."""

import threading
from collections.abc import Callable


def at_once(do: Callable[[], object], times: int = 2) -> None:
    """Run `do` in as many threads at once; when all have ended, raise what went wrong first."""
    errors: list[BaseException] = []

    def run() -> None:
        try:
            do()
        except BaseException as error:  # a thread has nobody to raise to
            errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]

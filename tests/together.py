"""Doing something several times at the same moment, as people with two windows do."""

import threading
from collections.abc import Callable


def at_once(do: Callable[[], object], times: int = 2) -> None:
    """Run `do` in as many threads at once, and wait until all have ended."""
    threads = [threading.Thread(target=do) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

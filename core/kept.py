"""A few answers held in memory, the latest asked ones, by everything they depend on."""

from collections import OrderedDict
from threading import Lock
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class Kept(Generic[Answer]):
    """Answers by their key; several threads may ask at once."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[tuple[object, ...], Answer] = OrderedDict()
        self._lock = Lock()

    def find(self, key: tuple[object, ...]) -> Answer | None:
        """Return an answer, None where it has to be found first."""
        with self._lock:
            if key not in self._held:
                return None
            self._held.move_to_end(key)
            return self._held[key]

    def keep(self, key: tuple[object, ...], answer: Answer) -> Answer:
        """Hold an answer and return it."""
        with self._lock:
            self._held[key] = answer
            self._held.move_to_end(key)
            while len(self._held) > self._most:
                self._held.popitem(last=False)
        return answer

    def forget(self) -> None:
        """Forget everything: another database has come under the same address."""
        with self._lock:
            self._held.clear()

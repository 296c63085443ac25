"""The finding of a trainer's week, as a sentence that is true for every week."""

from collections.abc import Sequence
from datetime import datetime

from core.words import number_word
from curricula.rules.sessions import WEEKDAYS, local


def counted(number: int, one: str, many: str) -> str:
    """Return how many of what, in words: "two sheets"."""
    return f"{number_word(number)} {one if number == 1 else many}"


def week_title(sessions: Sequence[tuple[datetime, str, int]], sheets: int) -> str:
    """Return what there is to do.

    Args:
        sessions: When each begins, in which zone, and how many seats are free in it.
        sheets: How many wait to be closed.
    """
    sentences = [f"{counted(len(sessions), 'session', 'sessions').capitalize()} this week."]
    waiting = f"{counted(sheets, 'sheet waits', 'sheets wait')} to be closed" if sheets else ""
    emptiest = max(sessions, key=lambda one: one[2], default=None)
    free = ""
    if emptiest and emptiest[2]:
        weekday = WEEKDAYS[local(emptiest[0], emptiest[1]).weekday()]
        free = f"{weekday} has {counted(emptiest[2], 'free seat', 'free seats')}"
    if waiting and free:
        sentences.append(f"{waiting[0].upper()}{waiting[1:]}, and {free}.")
    elif waiting or free:
        said = waiting or free
        sentences.append(f"{said[0].upper()}{said[1:]}.")
    return " ".join(sentences)

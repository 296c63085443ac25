"""What O*NET says of the service orientation of occupations, on its own two scales.

Importance runs from 1 to 5 and level from 0 to 7, by its own raters and questions. Ours says from
1 to 5 what somebody was seen to do. No figure of one is ever turned into the other: the page shows
them beside one another, and a person decides on a target.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.errors import RefusedError

IMPORTANCE, LEVEL = (1, 5), (0, 7)
MOST_SHOWN = 12
SHORTEST_WORD = 3
SAME_FROM, MOST_ENDING = 4, 2
"""One word that begins with the other is the same from so many letters on: clerk, clerks."""

ATTRIBUTION = (
    "This page includes information from the O*NET 29.0 Database by the U.S. Department of Labor, "
    "Employment and Training Administration (USDOL/ETA). Used under the CC BY 4.0 license. O*NET® "
    "is a trademark of USDOL/ETA. Of all its figures, only importance and level of one skill, "
    "Service Orientation, were taken, unaltered. USDOL/ETA has not approved, endorsed or tested "
    "what is made of them here."
)


@dataclass(frozen=True)
class Occupation:
    """An occupation with what O*NET says of its service orientation.

    Attributes:
        importance: How much it matters for the work, 1 to 5.
        level: How much of it the work takes, 0 to 7.
    """

    code: str
    title: str
    importance: float
    level: float


def read_occupation(row: Sequence[str]) -> Occupation:
    """Return what a row of the file says.

    Raises:
        RefusedError: A figure lies outside of its scale.
    """
    code, title, importance, level = row
    found = Occupation(code, title, float(importance), float(level))
    for value, (low, high) in ((found.importance, IMPORTANCE), (found.level, LEVEL)):
        if not low <= value <= high:
            raise RefusedError(f"{code}: {value} lies outside of {low} to {high}.")
    return found


def like(occupations: Iterable[Occupation], words: str) -> list[Occupation]:
    """Return the occupations whose titles share most words with some words, best first."""
    wanted = _words(words)
    found = [(_shared(wanted, _words(one.title)), one) for one in occupations]
    best = sorted((-share, one.title, one) for share, one in found if share > 0)
    return [one for _, _, one in best[:MOST_SHOWN]]


def _words(text: str) -> list[str]:
    """Return the words that tell something; "adviser" and "advisor" are one."""
    words = (re.sub(r"or(s?)$", r"er\1", one) for one in re.findall(r"[^\W\d_]+", text.casefold()))
    return [one for one in words if len(one) >= SHORTEST_WORD]


def _shared(wanted: Sequence[str], title: Sequence[str]) -> float:
    """Return how many of the wanted words a title holds; a short title goes before a long one."""
    held = sum(1 for one in wanted if any(_is_same(one, other) for other in title))
    return held + held / (10 * len(title)) if held else 0


def _is_same(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    is_ending = len(long) - len(short) <= MOST_ENDING and long.startswith(short)
    return one == other or (len(short) >= SAME_FROM and is_ending)

"""What a rater has begun to say and not sent: what of it is kept, and whether it still fits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from aptitude.rules.asking import HALF_LEVELS, LONGEST_EXAMPLE, Words, tenths_text
from aptitude.rules.profiles import Named
from core.errors import RefusedError, refuse_all

NOT_OBSERVED = "none"
CHOICES = frozenset({NOT_OBSERVED, *(str(tenths) for tenths in HALF_LEVELS)})


@dataclass(frozen=True)
class BegunPart:
    """What the form holds on one dimension.

    Attributes:
        choice: A level in tenths or "none" for "not observed", as the form sends it; "" while
            nothing is chosen.
        example: What was seen, as far as it is written.
    """

    code: str
    choice: str = ""
    example: str = ""


Stored: TypeAlias = Mapping[str, Mapping[str, str]]
"""By dimension: the level and the example, each only where there is one."""


@dataclass(frozen=True)
class Begun:
    """What was kept, for the form that goes on with it.

    Attributes:
        page: From which page it was kept last.
        is_gone: A new framework with other dimensions took it away.
        is_reworded: The words have changed by which it was begun.
    """

    parts: tuple[BegunPart, ...]
    kept_at: datetime
    page: int
    is_gone: bool = False
    is_reworded: bool = False


def stored(parts: Iterable[BegunPart], codes: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return what is kept of a form: only what was chosen or written, on dimensions there are.

    Raises:
        RefusedError: An example is too long to be kept whole.
    """
    known = set(codes)
    mine = [part for part in parts if part.code in known]
    refuse_all([fault for fault in map(_fault, mine) if fault is not None])
    held = {part.code: _stored_part(part) for part in mine}
    return {code: said for code, said in held.items() if said}


def _fault(part: BegunPart) -> RefusedError | None:
    length = len(part.example)
    if length <= LONGEST_EXAMPLE:
        return None
    return RefusedError(
        f"An example has {length} characters; at most {LONGEST_EXAMPLE} are kept.",
        f"example-{part.code}",
    )


def _stored_part(part: BegunPart) -> dict[str, str]:
    said = {}
    if part.choice in CHOICES:
        said["level"] = part.choice
    if part.example.strip():
        said["example"] = part.example
    return said


def parts_of(said: Stored) -> tuple[BegunPart, ...]:
    """Return what was stored, as the form shows it."""
    return tuple(
        BegunPart(code, one.get("level", ""), one.get("example", "")) for code, one in said.items()
    )


def begun_of(said: Stored, kept_at: datetime, page: int, words: Words, now: Words) -> Begun:
    """Return what was kept, and what has become of the words it was begun by."""
    return Begun(parts_of(said), kept_at, page, is_gone=not said, is_reworded=words != now)


def asks_otherwise(before: Iterable[Named], after: Iterable[Named]) -> bool:
    """Tell whether a framework has other dimensions than the one before it.

    What somebody chose for a dimension says nothing of one that is called or defined otherwise.
    """
    return set(before) != set(after)


def is_from_elsewhere(held: int, own: int, seen: int | None) -> bool:
    """Tell whether something was kept since a page was opened, and from another page.

    Args:
        held: The page it was kept from last.
        own: The page that wants to keep something now.
        seen: The page from which that was kept which this one began with; None for nothing.
    """
    return held not in {own, seen}


def part_words(part: BegunPart | None) -> str:
    """Return what a form holds on a dimension, as people read it."""
    if part is None:
        return ""
    chosen = "not observed" if part.choice == NOT_OBSERVED else ""
    if part.choice.isdecimal():
        chosen = tenths_text(int(part.choice))
    return ", ".join(filter(None, (chosen, part.example.strip())))

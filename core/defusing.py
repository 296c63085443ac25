"""Text of cells that no spreadsheet takes for a formula, and the way back on import."""

import unicodedata
from itertools import dropwhile

MARK = "'"
_LIVE = frozenset("=+-@|")
_LIVE_MINUS = "\u2212"  # the minus sign, which some programs read as a hyphen
_LEADING_BREAKS = ("\t", "\r", "\n")


def defuse(text: str) -> str:
    """Return `text` with a quote in front when a spreadsheet could run it.

    That is when the first visible character of the text or of one of its lines begins a formula,
    full-width forms included, or when the text starts with a tab or a line break.
    """
    return f"{MARK}{text}" if _is_live(text.lstrip(MARK)) else text


def undefuse(text: str) -> str:
    """Return what `defuse` was given: without the one quote it puts in front."""
    return text[1:] if text.startswith(MARK) and _is_live(text.lstrip(MARK)) else text


def _is_live(text: str) -> bool:
    return text.startswith(_LEADING_BREAKS) or any(map(_begins_live, text.splitlines()))


def _begins_live(line: str) -> bool:
    if line[:1].isalnum():
        return False
    first = next(dropwhile(_is_blank, line), "")
    if not first:
        return False
    return first == _LIVE_MINUS or unicodedata.normalize("NFKC", first)[:1] in _LIVE


def _is_blank(character: str) -> bool:
    """Tell whether a character leaves no ink: blanks, zero width, direction, control."""
    return character.isspace() or unicodedata.category(character) in ("Cc", "Cf")

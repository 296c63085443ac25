"""Text of cells: which characters are accepted, and how refused ones are shown."""

import re
import unicodedata

_ASCII_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_INVISIBLE = frozenset(
    "\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
_LINE_CHARACTERS = frozenset("\t\n\r")
_NONCHARACTER_PLANE_END = 0xFFFE
_REPLACEMENT = "\ufffd"


def is_bad_character(character: str) -> bool:
    """Tell whether a cell may not hold `character`: control, direction, invisible, half a pair."""
    if character in _LINE_CHARACTERS:
        return False
    code = ord(character)
    return (
        character in _INVISIBLE
        or unicodedata.category(character) in ("Cc", "Cs")
        or code & _NONCHARACTER_PLANE_END == _NONCHARACTER_PLANE_END
        or 0xFDD0 <= code <= 0xFDEF
    )


def bad_characters(text: str) -> str:
    """Return the characters in `text` that a cell may not hold, each once."""
    if text.isascii():
        return "".join(sorted(set(_ASCII_CONTROL.findall(text))))
    return "".join(sorted(filter(is_bad_character, set(text))))


def normalised(column: list[str], joined: str) -> list[str]:
    """Return `column` in Unicode form NFC; `joined` is all of its text."""
    if joined.isascii() or unicodedata.is_normalized("NFC", joined):
        return column
    return [unicodedata.normalize("NFC", cell) for cell in column]


def code_point(character: str) -> str:
    """Return the name people can search for, such as "U+0000"."""
    return f"U+{ord(character):04X}"


def faulty(shown: str, what: str, remedy: str) -> str:
    """Return a cell that says why it cannot be read; only such cells hold this many NULs."""
    return f"\0{shown}\0{what}\0{remedy}"


def fault_of(cell: str) -> tuple[str, str] | None:
    """Return what is wrong with a cell and what to do, or None when it can be read."""
    strange = bad_characters(cell)
    if not strange:
        return None
    if cell.startswith("\0") and cell.count("\0") == 3:  # as faulty() writes it
        _, _, what, remedy = cell.split("\0")
        return what, remedy
    what = f"holds a character that cannot be read ({code_point(strange[0])})"
    return what, "Delete it, or type the cell anew."


def shown(cell: str) -> str:
    """Return `cell` with every refused character replaced, safe to store and show."""
    if not bad_characters(cell):
        return cell
    if cell.startswith("\0") and cell.count("\0") == 3:  # as faulty() writes it
        return cell.split("\0")[1]
    return "".join(_REPLACEMENT if is_bad_character(char) else char for char in cell)


def showable(cells: list[str], longest: int, most: int) -> tuple[str, ...]:
    """Return `cells` cut and with every refused character replaced, safe to store and show."""
    return tuple(shown(cell)[:longest].strip() for cell in cells[:most])

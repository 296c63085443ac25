"""Characters no text of a file may hold, because no database keeps them or nobody can see them."""

import re
from collections.abc import Mapping, Sequence

from curricula.rules.contents import Plain, Reading

_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_SHOWN = "\N{REPLACEMENT CHARACTER}"


def check_characters(data: Plain, reading: Reading) -> None:
    """Note every text and name that holds a control character or half of a pair."""
    waiting: list[tuple[str, Plain]] = [("", data)]
    while waiting:
        where, one = waiting.pop()
        if isinstance(one, str):
            _check(one, where, reading)
        elif isinstance(one, Mapping):
            for name in one:
                _check(name, f"{where}, the name of a field" if where else "a name", reading)
            inside = [(f"{where}, {name}" if where else name, one[name]) for name in one]
            waiting += reversed(inside)
        elif isinstance(one, Sequence):
            numbered = [(f"{where} {place}", part) for place, part in enumerate(one, start=1)]
            waiting += reversed(numbered)


def _check(text: str, where: str, reading: Reading) -> None:
    found = _UNREADABLE.search(text)
    if found:
        reading.refuse(
            _UNREADABLE.sub(_SHOWN, where),
            f"this holds a character that cannot be read (U+{ord(found[0]):04X}); delete it.",
        )

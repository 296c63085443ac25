"""Matching the columns of a file with the fields somebody looks for."""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

REASON_COLUMNS = ("refused_row", "refused_because", "what_to_do")
"""Columns that files of refused rows have in front of their own; no field asks for them."""

_BRACKETS = re.compile(r"[(\[].*?[)\]]")

Vocabulary = Mapping[str, Sequence[str]]
"""For each field the names its column may have, the best first."""

Veto = Callable[[str, int], bool]
"""Tells that a field cannot be meant by the column at a place, by what the column holds."""


@dataclass(frozen=True)
class Match:
    """A column that was recognised, and why."""

    column: int
    reason: str


@dataclass(frozen=True)
class HeaderMapping:
    """Which column of a file holds which field.

    Attributes:
        headers: The columns of the file.
        matches: For each field found, its column and the reason to believe so.
    """

    headers: tuple[str, ...]
    matches: dict[str, Match]

    @property
    def columns(self) -> dict[str, int]:
        """Return the place of the column of each field."""
        return {field: match.column for field, match in self.matches.items()}

    @property
    def unused(self) -> list[int]:
        """Return the places of columns that no field asks for."""
        taken = set(self.columns.values())
        return [place for place in range(len(self.headers)) if place not in taken]


def signature_of(headers: Sequence[str]) -> str:
    """Return what files of the same layout share: a digest of the names of their columns."""
    own = [name for name in headers if name not in REASON_COLUMNS]
    names = "\x1f".join(name.casefold().strip() for name in own)
    return hashlib.sha256(names.encode()).hexdigest()


def as_named_in(headers: Sequence[str], mapping: Mapping[str, str]) -> dict[str, str]:
    """Return what columns mean by their names in a file, which may have other capitals.

    Files whose names differ only in that are of one layout, see `signature_of`.
    """
    folded = {name.casefold().strip(): field for name, field in mapping.items()}
    named = {name: folded.get(name.casefold().strip()) for name in headers}
    return {name: field for name, field in named.items() if field is not None}


def header_key(text: str) -> str:
    """Return a header as it is compared: "Employee_ID" and "EmployeeID" are both employeeid."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in folded if char.isalnum() or char == "%")


def match_headers(
    headers: Sequence[str], vocabulary: Vocabulary, veto: Veto | None = None
) -> dict[str, Match]:
    """Return the column of each field that was recognised.

    The better name wins when two columns compete for a field, then the column further left. A
    column serves one field; a remark in brackets is left out when the whole header is unknown.

    Args:
        headers: The columns of the file.
        vocabulary: The fields looked for; earlier fields choose first among equal names.
        veto: Says no to a match by the values of the column.
    """
    ranks = {
        field: {header_key(name): rank for rank, name in reversed(list(enumerate(names)))}
        for field, names in vocabulary.items()
    }
    known = {key for names in ranks.values() for key in names}
    candidates = sorted(
        (ranks[field][key], order, place, field)
        for place, key in enumerate(_key_of(header, known) for header in headers)
        for order, field in enumerate(ranks)
        if key in ranks[field] and not (veto and veto(field, place))
    )
    matches: dict[str, Match] = {}
    taken: set[int] = set()
    for rank, _, place, field in candidates:
        if field not in matches and place not in taken:
            matches[field] = Match(place, _reason(headers[place], rank))
            taken.add(place)
    return matches


def _key_of(header: str, known: set[str]) -> str:
    key = header_key(header)
    return key if key in known else header_key(_BRACKETS.sub("", header))


def _reason(header: str, rank: int) -> str:
    return "it has this name" if rank == 0 else f"“{header}” is a known name for it"


def listed(names: Sequence[str], most: int = 12) -> str:
    """Return names as a person lists them: "a, b and c"."""
    shown = [*names[:most], f"{len(names) - most} more"] if len(names) > most else list(names)
    return " and ".join(filter(None, [", ".join(shown[:-1]), shown[-1]])) if shown else "none"

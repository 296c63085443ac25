"""What a reader is allowed to read, and what it hands over."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Limits:
    """How much of a file is read before it is refused.

    Attributes:
        max_bytes: Size of the file itself.
        max_rows: Rows below the header, or None for any number.
        max_columns: Columns of the header.
        max_cell_chars: Characters of one cell; a longer cell refuses its row.
        max_unzipped_bytes: Bytes a workbook may unpack to, counted while unpacking.
        max_zip_ratio: Unpacked bytes for each packed byte.
        max_zip_members: Files inside a workbook.
    """

    max_bytes: int
    max_rows: int | None
    max_columns: int = 60
    max_cell_chars: int = 2_000
    max_unzipped_bytes: int = 100 * MEGABYTE
    max_zip_ratio: int = 120
    max_zip_members: int = 200


WEB_LIMITS = Limits(max_bytes=25 * MEGABYTE, max_rows=200_000)
COMMAND_LIMITS = Limits(
    max_bytes=4_000 * MEGABYTE, max_rows=None, max_unzipped_bytes=4_000 * MEGABYTE
)


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be read as it stands; `cells` are safe to show and to store."""

    row: int
    reason: str
    remedy: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Block:
    """Some rows of a table, column by column.

    Attributes:
        rows: Row number in the file of each row, as a spreadsheet shows it.
        columns: One list for each column of the header; stripped NFC text, "" for empty.
        bad: Rows that are not in `columns`, with the reason.
    """

    rows: list[int]
    columns: list[list[str]]
    bad: list[BadRow] = field(default_factory=list)


@dataclass
class RawRows:
    """Rows as the file has them, of any width.

    Attributes:
        widths: How many cells those rows really have that were cut, by row number.
    """

    rows: list[int]
    cells: list[list[str]]
    bad: list[BadRow] = field(default_factory=list)
    widths: dict[int, int] = field(default_factory=dict)


class Source(Protocol):
    """A file that can be read from the top, any number of times."""

    short_rows_are_padded: bool
    characters_are_plain: bool

    def chunks(self, size: int) -> Iterator[RawRows]:
        """Yield the rows of the file from row 1 on, at most `size` at a time."""
        ...


def grouped(count: int) -> str:
    """Return `count` with a narrow space between thousands."""
    return f"{count:,}".replace(",", "\u202f")


def megabytes(size: int) -> str:
    """Return `size` bytes in whole megabytes, with the unit."""
    return f"{grouped(size // MEGABYTE)}\u202fMB"

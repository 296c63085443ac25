"""CSV and its relatives: delimiter, rows of text."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Protocol

from core.errors import RefusedError
from core.reading.cells import showable
from core.reading.encodings import TextFormat
from core.reading.shapes import BadRow, Limits, RawRows, grouped

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_CHUNK_BYTES = 1 << 20
_SAMPLE_BYTES = 1 << 16
_SAMPLE_ROWS = 50
_ROWS_AT_ONCE = 1_000
_BAD_QUOTES = (
    "A quotation mark in this row does not end at the end of a cell.",
    "Write quotation marks inside a cell twice, or remove them.",
)


class _Reader(Protocol):
    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...


class DelimitedFile:
    """Rows of a text table; every record is one row, blank lines count as rows."""

    short_rows_are_padded = False

    def __init__(
        self, path: Path, limits: Limits, text_format: TextFormat, delimiter: str | None
    ) -> None:
        self.path = path
        self.limits = limits
        self.format = text_format
        self.characters_are_plain = text_format.is_plain
        self.delimiter = delimiter or self._guess_delimiter()

    def chunks(self, size: int) -> Iterator[RawRows]:
        """Yield the rows of the file from row 1 on, at most `size` at a time."""
        with self._open() as lines:
            reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
            next_row = 1
            while True:
                raw, next_row, at_end = self._read(reader, next_row, size)
                if raw.rows or raw.bad:
                    yield raw
                if at_end:
                    return

    def _open(self) -> io.TextIOWrapper:
        return self.path.open(encoding=self.format.codec, newline="")

    def _read(self, reader: _Reader, next_row: int, size: int) -> tuple[RawRows, int, bool]:
        raw = RawRows([], [])
        last_row = next_row + size
        while next_row < last_row:
            cells: list[list[str]] = []
            wanted = min(_ROWS_AT_ONCE, last_row - next_row)
            fault = None
            first_line = reader.line_num
            try:
                cells.extend(islice(reader, wanted))
            except csv.Error as error:
                row = next_row + len(cells)
                fault = self._fault(error, row, reader.line_num, (first_line, len(cells)))
            raw.widths |= self._cut(cells, next_row)
            raw.rows.extend(range(next_row, next_row + len(cells)))
            raw.cells.extend(cells)
            next_row += len(cells)
            if fault is not None:
                raw.bad.append(BadRow(next_row, *fault, self._line(reader.line_num)))
                next_row += 1
            elif len(cells) < wanted:
                return raw, next_row, True
        return raw, next_row, False

    def _cut(self, cells: list[list[str]], first_row: int) -> dict[int, int]:
        """Cut absurdly wide rows; they stay wider than any header, so they stay refused.

        Returns:
            How wide the cut rows were, by row number.
        """
        most = 4 * self.limits.max_columns
        widths: dict[int, int] = {}
        if max(map(len, cells), default=0) <= most:
            return widths
        for place, row in enumerate(cells):
            if len(row) > most:
                last_filled = max((at for at, cell in enumerate(row) if cell), default=-1)
                cells[place] = row[:most] if last_filled < most else [*row[:most], row[last_filled]]
                widths[first_row + place] = last_filled + 1
        return widths

    def _fault(
        self, error: csv.Error, row: int, line: int, before: tuple[int, int]
    ) -> tuple[str, str]:
        """Return what is wrong with a row that cannot be read, and what to do.

        Args:
            error: What the reader says.
            row: The row.
            line: The line at which the reader gave up.
            before: The line after which the reader began, and how many rows it read since.

        Raises:
            RefusedError: It cannot be told where the next row begins.
        """
        if "expected after" in str(error):
            return _BAD_QUOTES
        if "field limit" in str(error) and self._line_after(*before) == line:
            longest = grouped(self.limits.max_cell_chars)
            return (
                f"A cell of this row has more than {longest} characters.",
                f"Shorten it to {longest} characters.",
            )
        how = "is never closed"
        if "field limit" in str(error):
            how = f"is not closed within {grouped(csv.field_size_limit())} characters"
        raise RefusedError(
            f"Row {row} of the file opens a quotation mark that {how}, so the rows "
            "below cannot be told apart. Close or remove it and choose the file again."
        ) from None

    def _line_after(self, line: int, row_count: int) -> int:
        """Return the line that follows so many rows which begin after a line."""
        with self._open() as lines:
            reader = csv.reader(islice(lines, line, None), delimiter=self.delimiter, strict=True)
            for _ in islice(reader, row_count):
                pass
            return line + reader.line_num + 1

    def _line(self, number: int) -> tuple[str, ...]:
        with self._open() as lines:
            line = next(islice(lines, number - 1, None), "")
        return showable([line[: self.limits.max_cell_chars]], self.limits.max_cell_chars, 1)

    def _guess_delimiter(self) -> str:
        with self._open() as file:
            lines = file.read(_SAMPLE_BYTES)
        if len(lines) == _SAMPLE_BYTES:
            lines = lines[: max(lines.rfind("\n"), lines.rfind("\r"), 0) + 1] or lines
        return max(DELIMITERS, key=lambda delimiter: _fit(lines, delimiter))


def _fit(sample: str, delimiter: str) -> tuple[int, int]:
    """Return how many of the first rows agree on a width of two or more, and that width."""
    widths: list[int] = []
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    try:
        widths.extend(len(row) for row in islice(reader, _SAMPLE_ROWS) if any(row))
    except csv.Error:
        return 0, 0
    wide = Counter(width for width in widths if width > 1)
    if not wide:
        return 0, 0
    width, count = max(wide.items(), key=lambda item: (item[1], item[0]))
    return count, width

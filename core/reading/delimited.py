"""CSV and its relatives: encoding, delimiter, rows of text."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

from core.errors import RefusedError
from core.reading.cells import showable
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
_PLAIN_BYTES = bytes([9, 10, 13, *range(32, 127)])
_CODECS = {
    "utf8": ("UTF-8", "utf-8-sig"),
    "utf8sig": ("UTF-8", "utf-8-sig"),
    "utf16": ("UTF-16", "utf-16"),
    "utf16le": ("UTF-16", "utf-16-le"),
    "utf16be": ("UTF-16", "utf-16-be"),
    "cp1252": ("Windows-1252", "cp1252"),
    "windows1252": ("Windows-1252", "cp1252"),
}


class _Reader(Protocol):
    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...


@dataclass(frozen=True)
class TextFormat:
    """How the bytes of a text file become characters; `encoding` is the name people know."""

    encoding: str
    codec: str
    is_plain: bool


def detect_format(path: Path, encoding: str | None) -> TextFormat:
    """Return the encoding of a text file, after reading every byte of it strictly.

    Without `encoding` a byte order mark decides, then UTF-16 without one, strict UTF-8, and
    Windows-1252 as the last resort.

    Raises:
        RefusedError: The bytes fit no encoding, or a line has no end.
    """
    if encoding is not None:
        name, codec = _known_codec(encoding)
        return TextFormat(name, codec, is_plain=_check_decodes(path, name, codec))
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise RefusedError("The file is written in UTF-32. Save it as CSV in UTF-8.")
    guess = _guess_from_start(start)
    if guess is not None:
        name, codec = _CODECS[guess]
        return TextFormat(name, codec, is_plain=_check_decodes(path, name, codec))
    try:
        return TextFormat("UTF-8", "utf-8", is_plain=_decodes(path, "utf-8"))
    except UnicodeDecodeError:
        return TextFormat(
            "Windows-1252", "cp1252", is_plain=_check_decodes(path, "Windows-1252", "cp1252")
        )


def _known_codec(encoding: str) -> tuple[str, str]:
    key = re.sub(r"[^a-z0-9]", "", encoding.casefold())
    if key not in _CODECS:
        raise RefusedError(
            f"The encoding “{encoding[:40]}” is not known. Choose UTF-8, UTF-16 or Windows-1252."
        )
    return _CODECS[key]


def _guess_from_start(start: bytes) -> str | None:
    if start.startswith(codecs.BOM_UTF8):
        return "utf8sig"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf16"
    half = len(start) // 2
    high_zeros, low_zeros = start[1::2].count(0), start[0::2].count(0)
    if high_zeros > half * 0.4 and low_zeros < half * 0.1:
        return "utf16le"
    if low_zeros > half * 0.4 and high_zeros < half * 0.1:
        return "utf16be"
    return None


def _check_decodes(path: Path, name: str, codec: str) -> bool:
    try:
        return _decodes(path, codec)
    except UnicodeDecodeError as error:
        broken = error.object[error.start : error.start + 1]
        raise RefusedError(
            f"The file is not text in {name}: the byte {broken.hex().upper()} has no meaning "
            "there. Save it as CSV in UTF-8 and choose it again."
        ) from None


def _decodes(path: Path, codec: str) -> bool:
    """Decode the whole file strictly; return whether it is printable ASCII throughout."""
    decoder = codecs.getincrementaldecoder(codec)()
    is_plain = not codec.startswith("utf-16")
    unbroken = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            is_plain = is_plain and not chunk.translate(None, _PLAIN_BYTES)
            if not is_plain:
                decoder.decode(chunk)
            unbroken = 0 if b"\n" in chunk or b"\r" in chunk else unbroken + len(chunk)
            if unbroken > _CHUNK_BYTES:
                raise RefusedError(
                    "One line of the file is longer than a million characters, so this is not "
                    "a table. Export it again as CSV."
                )
        decoder.decode(b"", final=True)
    return is_plain


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

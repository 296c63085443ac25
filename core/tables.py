"""Files of rows, read as text: CSV in all its forms and XLSX workbooks.

Everything is checked before it is believed, nothing is guessed silently: a cell keeps the text
it has in the file, no row moves a value under another heading, and a row that cannot be read
is handed over as a `BadRow` with a reason and a remedy. Memory does not grow with the file.
"""

from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from core.errors import RefusedError
from core.reading.cells import showable, shown
from core.reading.columns import ColumnReader, Faults
from core.reading.delimited import DELIMITERS, DelimitedFile
from core.reading.encodings import detect_format
from core.reading.header import ROWS_LOOKED_AT, find_header
from core.reading.magic import is_workbook
from core.reading.shapes import (
    COMMAND_LIMITS,
    WEB_LIMITS,
    BadRow,
    Block,
    Limits,
    RawRows,
    Source,
    grouped,
    megabytes,
)
from core.reading.workbook import Workbook, WorkbookSheet

__all__ = [
    "COMMAND_LIMITS",
    "DELIMITERS",
    "WEB_LIMITS",
    "BadRow",
    "Block",
    "Limits",
    "TableFile",
    "open_table",
]

_ROWS_IN_CACHE = 350
"""Rows are turned into columns in pieces that fit the processor's cache: twice as fast."""
_HEADER_HINT = "Choose a file with a header row and rows below it."


class TableFile:
    """A table in a file, ready to be read from the top any number of times.

    Attributes:
        path: Where the file lies.
        kind: "csv" or "xlsx".
        encoding: The name people know, such as "UTF-8" or "Windows-1252"; None for workbooks.
        delimiter: The character between cells; None for workbooks.
        sheet: The sheet that is read; None for text files.
        sheets: All sheets of the workbook, in its order.
        header: The names of the columns.
        header_row: The row of the file that names them.
    """

    def __init__(self, path: Path, limits: Limits, source: Source, sheets: list[str]) -> None:
        self.path = path
        self.limits = limits
        self._source = source
        self.sheets = sheets
        self.kind = "csv"
        self.sheet: str | None = None
        self.encoding: str | None = None
        self.delimiter: str | None = None
        if isinstance(source, WorkbookSheet):
            self.kind, self.sheet = "xlsx", source.name
        elif isinstance(source, DelimitedFile):
            self.encoding, self.delimiter = source.format.encoding, source.delimiter
        self.header_row, self.header = self._find_header()
        self._check_has_rows()

    def blocks(self, size: int = 50_000, used: Collection[int] | None = None) -> Iterator[Block]:
        """Yield the rows below the header, `size` at a time; blank rows are left out.

        Args:
            size: Rows in a block.
            used: Places of the columns that matter, all when None. What cannot be read in
                another column (an error, a yes or no, a control character) refuses no row.

        Raises:
            RefusedError: The file has more rows than the limits allow, or turns out damaged.
        """
        row_count = 0
        block = self._empty()
        readers = [
            ColumnReader(self.limits.max_cell_chars, is_plain=self._source.characters_are_plain)
            for _ in self.header
        ]
        for raw in self._source.chunks(min(size, _ROWS_IN_CACHE)):
            piece = self._block(self._below_header(raw), readers, used)
            row_count += len(piece.rows) + len(piece.bad)
            if self.limits.max_rows is not None and row_count > self.limits.max_rows:
                raise RefusedError(
                    f"The file has more than {grouped(self.limits.max_rows)} rows. "
                    "Split it, or import it with the command, which has no such limit."
                )
            if len(block.rows) + len(block.bad) + len(piece.rows) + len(piece.bad) > size:
                yield block
                block = self._empty()
            _extend(block, piece)
        if block.rows or block.bad:
            yield block

    def _empty(self) -> Block:
        return Block([], [[] for _ in self.header], [])

    def _find_header(self) -> tuple[int, list[str]]:
        head = next(self._source.chunks(ROWS_LOOKED_AT), RawRows([], []))
        filled = [row for row, cells in zip(head.rows, head.cells, strict=True) if any(cells)]
        if head.bad and head.bad[0].row < min(filled, default=head.bad[0].row + 1):
            raise RefusedError(f"Row {head.bad[0].row}: {head.bad[0].reason} {head.bad[0].remedy}")
        head.cells = [[shown(cell) for cell in cells] for cells in head.cells]
        return find_header(head, self.limits, padded=self._source.short_rows_are_padded)

    def _check_has_rows(self) -> None:
        if next(self.blocks(ROWS_LOOKED_AT), None) is None:
            raise RefusedError(f"The file has a header and no rows below it. {_HEADER_HINT}")

    def _below_header(self, raw: RawRows) -> RawRows:
        if not raw.rows or raw.rows[0] > self.header_row:
            return raw
        keep = sum(1 for row in raw.rows if row <= self.header_row)
        bad = [row for row in raw.bad if row.row > self.header_row]
        return RawRows(raw.rows[keep:], raw.cells[keep:], bad, raw.widths)

    def _block(
        self, raw: RawRows, readers: list[ColumnReader], used: Collection[int] | None
    ) -> Block:
        if set(map(len, raw.cells)) - {len(self.header)}:
            raw = self._fitted(raw)
        if not raw.rows:
            return Block([], [[] for _ in self.header], sorted(raw.bad, key=_row_number))
        columns: list[list[str]] = []
        faults: Faults = {}
        for place, cells in enumerate(zip(*raw.cells, strict=True)):
            texts, faulty = readers[place].read(cells)
            columns.append(texts)
            if faulty and (used is None or place in used):
                for at, (what, remedy) in faulty.items():
                    reason = f"The cell under “{self.header[place]}” {what}."
                    faults.setdefault(raw.rows[at], (reason, remedy))
        return _without(faults, _without_blank_rows(Block(raw.rows, columns, raw.bad)))

    def _fitted(self, raw: RawRows) -> RawRows:
        """Return the rows that have the width of the header; the others become bad rows."""
        fitted = RawRows([], [], list(raw.bad))
        for row, given in zip(raw.rows, raw.cells, strict=True):
            cells = self._of_width(given)
            if len(cells) == len(self.header):
                fitted.rows.append(row)
                fitted.cells.append(cells)
            elif any(map(str.strip, cells)):
                count = raw.widths.get(row, len(cells))
                fitted.bad.append(self._wrong_width(row, cells, count))
        return fitted

    def _of_width(self, cells: list[str]) -> list[str]:
        width = len(self.header)
        if len(cells) > width and not any(map(str.strip, cells[width:])):
            return cells[:width]
        if len(cells) < width and self._source.short_rows_are_padded:
            return cells + [""] * (width - len(cells))
        return cells

    def _wrong_width(self, row: int, cells: list[str], count: int) -> BadRow:
        width = len(self.header)
        reason = (
            f"The row has {grouped(count)} {'cell' if count == 1 else 'cells'}, the header {width}."
        )
        if count < width:
            remedy = "Fill in the missing cells; leave a cell empty, but keep its place."
        elif self.delimiter:
            name = DELIMITERS.get(self.delimiter, "the delimiter")
            remedy = f"Put text that holds {name} in quotation marks, or remove the extra cells."
        else:
            remedy = "Remove the values beside the table, or name their columns."
        return BadRow(row, reason, remedy, self._shown(cells))

    def _shown(self, cells: list[str]) -> tuple[str, ...]:
        return showable(cells, self.limits.max_cell_chars, 2 * self.limits.max_columns)


def _extend(block: Block, piece: Block) -> None:
    block.rows.extend(piece.rows)
    block.bad.extend(piece.bad)
    for column, more in zip(block.columns, piece.columns, strict=True):
        column.extend(more)


def _row_number(bad: BadRow) -> int:
    return bad.row


def _without_blank_rows(block: Block) -> Block:
    if "" not in block.columns[0]:
        return block
    keep = [at for at, cells in enumerate(zip(*block.columns, strict=True)) if any(cells)]
    return block if len(keep) == len(block.rows) else _kept(block, keep)


def _kept(block: Block, keep: list[int]) -> Block:
    columns = [[column[at] for at in keep] for column in block.columns]
    return Block([block.rows[at] for at in keep], columns, block.bad)


def _without(faults: Faults, block: Block) -> Block:
    """Move the rows with a fault, given by row number of the file, to the bad ones."""
    if not faults and not block.bad:
        return block
    places = {row: at for at, row in enumerate(block.rows) if row in faults}
    refused = [
        BadRow(row, *faults[row], tuple(column[at] for column in block.columns))
        for row, at in places.items()
    ]
    good = [at for at, row in enumerate(block.rows) if row not in faults]
    kept = _kept(block, good) if refused else block
    return Block(kept.rows, kept.columns, sorted(block.bad + refused, key=_row_number))


def open_table(
    path: Path | str,
    limits: Limits,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    fits: Callable[[list[str]], bool] | None = None,
) -> TableFile:
    """Open a file of rows and find its header.

    Args:
        path: The file; its name does not matter, its content decides what it is.
        limits: How much is read.
        encoding: UTF-8, UTF-16 or Windows-1252 when the person knows better than the guess.
        delimiter: One of `DELIMITERS` when the person knows better than the guess.
        sheet: The sheet of a workbook. Without it the first sheet whose header `fits` is read,
            else the first one that holds a table.
        fits: Tells whether a header is the one wanted.

    Raises:
        RefusedError: This is not a table that can be read; the message says why and what to do.
    """
    path = Path(path)
    size = path.stat().st_size
    if size == 0:
        raise RefusedError(f"The file is empty. {_HEADER_HINT}")
    if size > limits.max_bytes:
        raise RefusedError(
            f"The file has {megabytes(size)}; {megabytes(limits.max_bytes)} are read here. "
            "Split it, or import it with the command."
        )
    if is_workbook(path):
        return _open_workbook(path, limits, sheet, fits)
    if delimiter is not None and delimiter not in DELIMITERS:
        raise RefusedError("Choose a comma, a semicolon, a tab or a vertical bar between cells.")
    source = DelimitedFile(path, limits, detect_format(path, encoding), delimiter)
    return TableFile(path, limits, source, [])


def _open_workbook(
    path: Path, limits: Limits, sheet: str | None, fits: Callable[[list[str]], bool] | None
) -> TableFile:
    workbook = Workbook(path, limits)
    if sheet is not None:
        return TableFile(path, limits, workbook.sheet(sheet), workbook.sheets)
    tables: list[TableFile] = []
    refusal: RefusedError | None = None
    for name in workbook.sheets:
        try:
            table = TableFile(path, limits, workbook.sheet(name), workbook.sheets)
        except RefusedError as error:
            refusal = refusal or error
            continue
        if fits is None or fits(table.header):
            return table
        tables.append(table)
    if tables:
        return tables[0]
    raise refusal or RefusedError(f"The workbook has no sheet with rows. {_HEADER_HINT}")

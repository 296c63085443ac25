"""XLSX workbooks, read as a stream: only the shared texts of the workbook stay in memory.

A reader of our own, because the usual ones turn error cells into empty cells, believe the size
a sheet claims, or hold the whole grid: one value in the last row and column takes gigabytes.
"""

import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn
from xml.parsers import expat  # no DTD is let through, see check_zip and _parser

from core.errors import RefusedError
from core.reading.cells import faulty, showable
from core.reading.numbers import Shown, moment_text, number_text, shown_as
from core.reading.shapes import BadRow, Limits, RawRows, grouped
from core.reading.zipped import DAMAGED, ZIP_ERRORS, check_zip

_CHUNK_BYTES = 1 << 18
_LAST_ROW = 1_048_576
_LAST_COLUMN = 16_384
_MOST_EMPTY_CELLS = 5_000_000
_MOST_TEXTS = 2_000_000
_MOST_TEXT_CHARS = 100_000_000
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_BESIDE = "Delete what stands beside the table."
_SAVE_AGAIN = "Open the workbook in a spreadsheet, save it and choose it again."
_MAIN_PART = "xl/workbook.xml"

Attributes = dict[str, str]


def _refuse_doctype(*_: object) -> NoReturn:
    raise RefusedError(DAMAGED)


def _parser() -> expat.XMLParserType:
    """Return a parser that reads UTF-8 whatever a part declares, and refuses a DTD."""
    parser = expat.ParserCreate("utf-8")
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.buffer_text = True
    return parser


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _attribute(attributes: Attributes, wanted: str) -> str:
    return next((value for name, value in attributes.items() if _local(name) == wanted), "")


def _escaped(text: str) -> str:
    if "_x" not in text:
        return text
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16) or 1), text)


class Workbook:
    """The parts of a workbook that all its sheets share.

    Attributes:
        sheets: Names of the sheets with cells, in the order of the workbook.
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        check_zip(path, limits)
        self.path = path
        self.limits = limits
        with zipfile.ZipFile(path) as archive:
            self._names = set(archive.namelist())
        self._check_is_workbook()
        self._parts = self._sheet_parts()
        self.sheets = list(self._parts)
        self.styles = self._read_styles()
        self.texts = self._read_texts()

    def sheet(self, name: str) -> "WorkbookSheet":
        """Return the sheet of that name.

        Raises:
            RefusedError: There is none; the message lists those there are.
        """
        if name not in self._parts:
            names = ", ".join(f"“{sheet}”" for sheet in self.sheets)
            raise RefusedError(f"The workbook has no sheet “{name[:60]}”. Choose one of: {names}.")
        return WorkbookSheet(self, name, self._parts[name])

    def parse(self, part: str, start: Callable[[str, Attributes], None]) -> None:
        """Call `start` for every element of a part."""
        parser = _parser()
        parser.StartElementHandler = start
        for _ in self.feed(part, parser):
            pass

    def feed(self, part: str, parser: expat.XMLParserType) -> Iterator[None]:
        """Parse a part chunk by chunk, pausing after each.

        Raises:
            RefusedError: The part is damaged.
        """
        try:
            with zipfile.ZipFile(self.path) as archive, archive.open(part) as file:
                while chunk := file.read(_CHUNK_BYTES):
                    parser.Parse(chunk, False)
                    yield
                parser.Parse(b"", True)
        except (expat.ExpatError, KeyError, *ZIP_ERRORS):
            raise RefusedError(DAMAGED) from None

    def _check_is_workbook(self) -> None:
        if _MAIN_PART in self._names:
            return
        if "xl/workbook.bin" in self._names:
            raise RefusedError("This is a binary workbook (.xlsb). Save it as XLSX.")
        raise RefusedError(
            "This is a zip file, but not an Excel workbook. "
            "Unpack it, or save the table as CSV or XLSX, and choose that file."
        )

    def _sheet_parts(self) -> dict[str, str]:
        sheets: list[tuple[str, str]] = []
        targets: dict[str, str] = {}
        self.is_1904 = False

        def start_workbook(name: str, attributes: Attributes) -> None:
            if _local(name) == "sheet":
                sheets.append((_attribute(attributes, "name"), _attribute(attributes, "id")))
            elif _local(name) == "workbookPr":
                self.is_1904 = attributes.get("date1904") in ("1", "true")

        def start_relations(_: str, attributes: Attributes) -> None:
            if attributes.get("Type", "").endswith("/worksheet"):
                target = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", "")))
                targets[attributes.get("Id", "")] = target.lstrip("/")

        self.parse(_MAIN_PART, start_workbook)
        self.parse("xl/_rels/workbook.xml.rels", start_relations)
        return {name: targets[key] for name, key in sheets if targets.get(key) in self._names}

    def _read_styles(self) -> list[Shown]:
        """Return what each cell style makes of a number."""
        codes: dict[str, str] = {}
        formats: list[str] = []
        inside = ""

        def start(name: str, attributes: Attributes) -> None:
            nonlocal inside
            name = _local(name)
            if name in ("cellXfs", "cellStyleXfs", "cellStyles", "dxfs"):
                inside = name
            elif name == "numFmt":
                codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
            elif name == "xf" and inside == "cellXfs":
                formats.append(attributes.get("numFmtId", "0"))

        if "xl/styles.xml" in self._names:
            self.parse("xl/styles.xml", start)
        return [shown_as(int(key) if key.isdecimal() else 0, codes.get(key)) for key in formats]

    def _read_texts(self) -> list[str]:
        if "xl/sharedStrings.xml" not in self._names:
            return []
        reader = _TextReader(self.limits.max_cell_chars)
        for _ in self.feed("xl/sharedStrings.xml", reader.parser):
            if len(reader.texts) > _MOST_TEXTS or reader.char_count > _MOST_TEXT_CHARS:
                raise RefusedError(
                    f"The workbook holds more than {grouped(_MOST_TEXTS)} different texts. "
                    "Save the sheet as CSV and choose that file."
                )
        return reader.texts


class _TextReader:
    """Collects the shared texts; what is longer than a cell may be is cut one character later."""

    def __init__(self, longest: int) -> None:
        self.texts: list[str] = []
        self.char_count = 0
        self._longest = longest
        self._pieces: list[str] = []
        self._length = 0
        self._is_phonetic = False
        self.parser = _parser()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def _start(self, name: str, _: Attributes) -> None:
        name = _local(name)
        if name == "t" and not self._is_phonetic:
            self.parser.CharacterDataHandler = self._characters
        elif name == "si":
            self._pieces, self._length = [], 0
        elif name == "rPh":
            self._is_phonetic = True

    def _end(self, name: str) -> None:
        name = _local(name)
        if name == "t":
            self.parser.CharacterDataHandler = None
        elif name == "si":
            self.char_count += self._length
            self.texts.append(_escaped("".join(self._pieces)))
        elif name == "rPh":
            self._is_phonetic = False

    def _characters(self, data: str) -> None:
        if self._length <= self._longest:
            data = data[: self._longest + 1 - self._length]
            self._length += len(data)
            self._pieces.append(data)


class WorkbookSheet:
    """One sheet of a workbook."""

    short_rows_are_padded = True
    characters_are_plain = False

    def __init__(self, workbook: Workbook, name: str, part: str) -> None:
        self.workbook = workbook
        self.name = name
        self.part = part

    def chunks(self, size: int) -> Iterator[RawRows]:
        """Yield the rows that hold something, from the top, about `size` at a time."""
        reader = _SheetReader(self.workbook)
        for _ in self.workbook.feed(self.part, reader.parser):
            while len(reader.raw.rows) + len(reader.raw.bad) >= size:
                yield reader.take(size)
        if reader.raw.rows or reader.raw.bad:
            yield reader.take(size)


class _SheetReader:
    """Turns the elements of a sheet into rows of text."""

    def __init__(self, workbook: Workbook) -> None:
        self.raw = RawRows([], [])
        self.parser = _parser()
        self.parser.StartElementHandler = self._start_root
        self._workbook = workbook
        self._texts = workbook.texts
        self._styles = workbook.styles
        self._limits = workbook.limits
        self._widest = 4 * workbook.limits.max_columns
        self._columns: dict[str, int] = {}
        self._row = 0
        self._empty_count = 0
        self._cells: list[str] = []
        self._fault: tuple[str, str] | None = None
        self._column = 0
        self._kind = ""
        self._style = ""
        self._value: list[str] = []
        self._length = 0
        self._has_formula = False

    def take(self, size: int) -> RawRows:
        """Return the first rows read so far and forget them."""
        raw = self.raw
        if len(raw.rows) <= size:
            self.raw = RawRows([], [])
            return raw
        self.raw = RawRows(raw.rows[size:], raw.cells[size:])
        return RawRows(raw.rows[:size], raw.cells[:size], raw.bad)

    def _start_root(self, name: str, _: Attributes) -> None:
        prefix = name.removesuffix(_local(name))
        self._tag_row, self._tag_cell = f"{prefix}row", f"{prefix}c"
        self._tag_value, self._tag_text = f"{prefix}v", f"{prefix}t"
        self._tag_formula, self._tag_phonetic = f"{prefix}f", f"{prefix}rPh"
        self._tag_data = f"{prefix}sheetData"
        self.parser.StartElementHandler = self._start_data

    def _start_data(self, name: str, _: Attributes) -> None:
        if name == self._tag_data:
            self.parser.StartElementHandler = self._start
            self.parser.EndElementHandler = self._end

    def _start(self, name: str, attributes: Attributes) -> None:
        if name == self._tag_cell:
            self._start_cell(attributes)
        elif name == self._tag_value or name == self._tag_text:
            self.parser.CharacterDataHandler = self._characters
        elif name == self._tag_row:
            self._start_row(attributes.get("r"))
        elif name == self._tag_formula:
            self._has_formula = True
        elif name == self._tag_phonetic:
            self._kind = "phonetic"

    def _end(self, name: str) -> None:
        if name == self._tag_value or name == self._tag_text:
            self.parser.CharacterDataHandler = None
        elif name == self._tag_cell:
            if self._value or self._has_formula:
                self._end_cell()
            else:
                self._empty_count += 1
        elif name == self._tag_row:
            self._end_row()
        elif name == self._tag_data:
            self.parser.StartElementHandler = None
            self.parser.EndElementHandler = None

    def _characters(self, data: str) -> None:
        if self._length <= self._limits.max_cell_chars:
            data = data[: self._limits.max_cell_chars + 1 - self._length]
            self._length += len(data)
            self._value.append(data)

    def _start_row(self, number: str | None) -> None:
        row = self._row + 1 if number is None else _whole(number)
        if not self._row < row <= _LAST_ROW:
            raise RefusedError(DAMAGED)
        self._row = row
        self._cells = []
        self._fault = None
        self._column = -1

    def _start_cell(self, attributes: Attributes) -> None:
        reference = attributes.get("r")
        column = self._column + 1 if reference is None else self._place(reference)
        if not self._column < column < _LAST_COLUMN:
            raise RefusedError(DAMAGED)
        self._column = column
        self._kind = attributes.get("t", "n")
        self._style = attributes.get("s", "")
        self._value = []
        self._length = 0
        self._has_formula = False

    def _place(self, reference: str) -> int:
        letters = reference.rstrip("0123456789")
        place = self._columns.get(letters)
        if place is None:
            place = 0
            if not (letters.isascii() and letters.isupper() and len(letters) <= len("XFD")):
                raise RefusedError(DAMAGED)
            for letter in letters:
                place = place * 26 + ord(letter) - ord("A") + 1
            place = self._columns[letters] = place - 1
        return place

    def _end_cell(self) -> None:
        raw = "".join(self._value)
        if self._column >= self._widest:
            what = f"holds “{self._text(raw)[:40]}”, far to the right of the table"
            self._fault = (f"The cell in column {_letters(self._column)} {what}.", _BESIDE)
            return
        missing = self._column - len(self._cells)
        if missing:
            self._cells.extend([""] * missing)
        self._cells.append(self._text(raw))

    def _text(self, raw: str) -> str:
        if self._kind == "s":
            return self._shared(raw)
        if self._kind == "n":
            return self._number(raw)
        if self._kind == "e":
            what = f"holds the error {raw[:20]}"
            return faulty(raw[:20], what, "Mend the formula, or type the value.")
        if self._kind == "b":
            raw = "FALSE" if raw.strip() == "0" else "TRUE"
            return faulty(raw, f"holds {raw}, a yes or no", "Type the value that is meant.")
        if self._kind == "d":
            return raw.replace("T", " ").removesuffix(" 00:00:00")
        return _escaped(raw)

    def _shared(self, raw: str) -> str:
        try:
            return self._texts[_whole(raw)]
        except IndexError:
            raise RefusedError(DAMAGED) from None

    def _number(self, raw: str) -> str:
        if not raw:
            return faulty("", "holds a formula without a stored result", _SAVE_AGAIN)
        style = self._style
        shown = Shown.NUMBER
        if style.isdecimal() and int(style) < len(self._styles):
            shown = self._styles[int(style)]
        try:
            if shown is not Shown.NUMBER:
                return moment_text(raw, shown, is_1904=self._workbook.is_1904)
            return raw if raw.isdecimal() and raw.isascii() else number_text(raw)
        except ValueError:
            wanted = "number" if shown is Shown.NUMBER else "day or time"
            raw = raw[:20]
            return faulty(raw, f"holds “{raw}”, which is not a {wanted}", "Type it anew.")

    def _end_row(self) -> None:
        if self._empty_count > _MOST_EMPTY_CELLS:
            raise RefusedError(
                f"The sheet holds more than {grouped(_MOST_EMPTY_CELLS)} empty cells. "
                "Save it as CSV and choose that file."
            )
        if self._fault is not None:
            cells = showable(self._cells, self._limits.max_cell_chars, self._widest)
            self.raw.bad.append(BadRow(self._row, *self._fault, cells))
        elif self._cells:
            self.raw.rows.append(self._row)
            self.raw.cells.append(self._cells)


def _whole(text: str) -> int:
    text = text.strip()
    if not (text.isascii() and text.isdecimal() and len(text) < len("99999999")):
        raise RefusedError(DAMAGED)
    return int(text)


def _letters(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters

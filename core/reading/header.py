"""Finding the row that names the columns."""

import re
import unicodedata
from collections import Counter

from core.errors import RefusedError
from core.reading.shapes import Limits, RawRows, grouped

ROWS_LOOKED_AT = 60
TITLE_LINES = 20
_VALUE = re.compile(r"[\d\s.,:;/%€$£+\-]*\d[\d\s.,:;/%€$£+\-]*([TZ][\d:.Z]*)?")


def find_header(head: RawRows, limits: Limits, *, padded: bool) -> tuple[int, list[str]]:
    """Return the row number and the names of the columns.

    Lines above the header, such as the title of a report, are passed over: the header is the
    first row that fills at least half of the columns in use with distinct labels. A column
    without a name is named by its place ("Column 7"); at the right edge only when most of the
    first rows hold a value there.

    Args:
        head: The first rows of the file.
        limits: How many columns are read.
        padded: The file leaves out empty cells at the end of a row, as workbooks do.

    Raises:
        RefusedError: No row names the columns, a name stands twice, or there are too many.
    """
    texts = [[_one_line(cell) for cell in cells] for cells in head.cells]
    filled = [(row, cells) for row, cells in zip(head.rows, texts, strict=True) if any(cells)]
    if not filled:
        raise RefusedError("The file is empty. Choose a file with a header row and rows below it.")
    place = _header_place([cells for _, cells in filled])
    row, cells = filled[place]
    below = [cells for _, cells in filled[place + 1 :]]
    width = max(map(len, below), default=0) if padded else len(cells)
    names = _named(cells, below, width)
    _check_names(names, limits, head.widths.get(row, len(names)))
    return row, names


def _one_line(cell: str) -> str:
    return unicodedata.normalize("NFC", " ".join(cell.split()))


def _header_place(filled: list[list[str]]) -> int:
    counts = [sum(map(bool, cells)) for cells in filled]
    usual_count = Counter(counts).most_common(1)[0][0]
    if max(counts) == 1:
        return 0
    for place in range(min(len(filled), TITLE_LINES)):
        if _looks_like_labels(filled[place], usual_count):
            return place + _is_group_line(filled[place : place + 2], usual_count)
    raise RefusedError(
        "No row names the columns: the first rows already hold values. "
        "Add a first row with a name for each column, for example employee_number, date, hours."
    )


def _looks_like_labels(cells: list[str], usual_count: int) -> bool:
    labels = [cell for cell in cells if cell]
    return (
        len(set(labels)) > 1
        and 2 * len(labels) >= usual_count
        and not any(_VALUE.fullmatch(label) for label in labels)
    )


def _is_group_line(pair: list[list[str]], usual_count: int) -> bool:
    """Tell whether merged group headings stand above the real header."""
    if len(pair) == 1:
        return False
    above, labels = (sum(map(bool, cells)) for cells in pair)
    return labels >= max(above + 2, usual_count) and _looks_like_labels(pair[1], usual_count)


def _named(cells: list[str], below: list[list[str]], width: int) -> list[str]:
    last_named = max(place for place, cell in enumerate(cells, start=1) if cell)
    names = [cell or f"Column {place}" for place, cell in enumerate(cells[:last_named], start=1)]
    for place in range(last_named, width):
        values = sum(1 for row in below if len(row) > place and row[place])
        if 2 * values <= len(below):
            break
        names.append(f"Column {place + 1}")
    return names


def _check_names(names: list[str], limits: Limits, count: int) -> None:
    if len(names) > limits.max_columns:
        raise RefusedError(
            f"The header has {grouped(count)} columns; {limits.max_columns} are read. "
            "Remove the columns that are not needed."
        )
    seen: dict[str, str] = {}
    for name in names:
        key = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
        if key in seen:
            raise RefusedError(
                f"Two columns are named “{name}”. Rename or remove one of them, "
                "so that it is clear which one counts."
            )
        seen[key] = name
    if too_long := [name for name in names if len(name) > limits.max_cell_chars]:
        raise RefusedError(f"The column name “{too_long[0][:60]}…” is too long. Shorten it.")

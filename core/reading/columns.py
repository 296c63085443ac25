"""Cells of one column as they may be stored: stripped, NFC, judged."""

from core.reading.cells import bad_characters, fault_of, normalised, shown
from core.reading.shapes import grouped

_MOST_REMEMBERED = 2_000

Faults = dict[int, tuple[str, str]]


class ColumnReader:
    """Reads the cells of one column, piece by piece.

    A column of few distinct texts is judged once for each of them; the rows then share the
    judged text, which also makes them cheap to compare and to look up later. A column of many
    distinct texts is judged piece by piece.
    """

    def __init__(self, longest: int, *, is_plain: bool) -> None:
        self._longest = longest
        self._is_plain = is_plain
        self._known: _Known | None = _Known(longest)

    def read(self, cells: tuple[str, ...]) -> tuple[list[str], Faults]:
        """Return the cells as they may be stored, and what is wrong with which of them."""
        known = self._known
        if known is None:
            return self._read_each(cells)
        texts = list(map(known.__getitem__, cells))
        faults: Faults = {}
        if known.faults:
            faults = {
                at: known.faults[cell] for at, cell in enumerate(cells) if cell in known.faults
            }
        if len(known) > _MOST_REMEMBERED:
            self._known = None
        return texts, faults

    def _read_each(self, cells: tuple[str, ...]) -> tuple[list[str], Faults]:
        texts = list(map(str.strip, cells))
        joined = "" if self._is_plain else "".join(texts)
        texts = normalised(texts, joined)
        faults: Faults = {}
        if max(map(len, texts)) > self._longest or bad_characters(joined):
            for at, text in enumerate(texts):
                texts[at], fault = judged(text, self._longest)
                if fault is not None:
                    faults[at] = fault
        return texts, faults


class _Known(dict[str, str]):
    """Cells seen before and their text."""

    def __init__(self, longest: int) -> None:
        super().__init__()
        self.faults: dict[str, tuple[str, str]] = {}
        self._longest = longest

    def __missing__(self, cell: str) -> str:
        stripped = cell.strip()
        text, fault = judged(normalised([stripped], stripped)[0], self._longest)
        if fault is not None:
            self.faults[cell] = fault
        self[cell] = text
        return text


def judged(text: str, longest: int) -> tuple[str, tuple[str, str] | None]:
    """Return the text as it may be stored, and what is wrong with it, if anything."""
    fault = fault_of(text)
    if fault is not None:
        text = shown(text)
    if len(text) > longest:
        fault = (
            f"has more than {grouped(longest)} characters",
            f"Shorten it to {grouped(longest)} characters.",
        )
    return text[:longest], fault

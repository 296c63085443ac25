"""What a file is, told by its first bytes and never by its name."""

from pathlib import Path

from core.errors import RefusedError

_SAVE_AS = "Save the table as CSV or XLSX and choose that file."
_ZIP = b"PK\x03\x04"
_OTHERS = (
    (b"%PDF", f"This is a PDF. {_SAVE_AS}"),
    (b"\x89PNG", f"This is a picture. {_SAVE_AS}"),
    (b"\xff\xd8\xff", f"This is a picture. {_SAVE_AS}"),
    (b"GIF8", f"This is a picture. {_SAVE_AS}"),
    (b"\xd0\xcf\x11\xe0", "This is an old Excel file (.xls) or one with a password. "
     "Open it in a spreadsheet and save it as XLSX without a password."),
    (b"\x1f\x8b", "This file is compressed. Unpack it and choose the table inside."),
    (b"7z\xbc\xaf", "This file is compressed. Unpack it and choose the table inside."),
    (b"Rar!", "This file is compressed. Unpack it and choose the table inside."),
    (b"{\\rtf", f"This is a text document. {_SAVE_AS}"),
    (b"SQLite format 3", f"This is a database. {_SAVE_AS}"),
)  # fmt: skip
_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<table", b"<head", b"<body", b"<svg")
_NULS_OF_A_BINARY_FILE = 0.02


def is_workbook(path: Path) -> bool:
    """Tell whether the file is a zipped workbook; otherwise it is text.

    Raises:
        RefusedError: It is neither.
    """
    with path.open("rb") as file:
        start = file.read(8192)
    if start.startswith(_ZIP):
        return True
    for magic, refusal in _OTHERS:
        if start.startswith(magic):
            raise RefusedError(refusal)
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text[:10].lower().startswith(_MARKUP):
        raise RefusedError(f"This is a web page or XML, not a table. {_SAVE_AS}")
    if text.startswith((b"{", b"[{")):
        raise RefusedError(f"This is JSON, not a table. {_SAVE_AS}")
    if _is_binary(start):
        raise RefusedError(f"This is not a table. {_SAVE_AS}")
    if not text:
        raise RefusedError("The file is empty. Choose a file with a header row and rows below it.")
    return False


def _is_binary(start: bytes) -> bool:
    """Tell text from binary by control characters; UTF-16 has its NULs on one side only."""
    control_count = sum(map(start.count, map(bytes, zip([*range(1, 9), *range(14, 32)]))))
    even_nuls, odd_nuls = start[0::2].count(0), start[1::2].count(0)
    control_count += min(even_nuls, odd_nuls)
    return control_count > max(8, len(start) * _NULS_OF_A_BINARY_FILE)

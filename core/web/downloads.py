"""Files handed out to people: always as an attachment, named so that every system can keep it."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from urllib.parse import quote

from flask import Response

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "svg": "image/svg+xml",
    "json": "application/json",
    "ics": "text/calendar; charset=utf-8",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "txt": "text/plain; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "zip": "application/zip",
}


recorders: list[Callable[[str], None]] = []
"""Told the kind of every file that is handed out; the package that keeps the record adds one."""


def note_download(ending: str) -> None:
    """Tell the recorders that data leaves as a file; `download` does it by itself."""
    for recorder in recorders:
        recorder(ending)


def download(content: bytes | Iterable[bytes], name: str) -> Response:
    """Return `content` as a file called `name`; its ending decides the type."""
    ending = name.rpartition(".")[2].casefold()
    note_download(ending)
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9 ._-]+", "-", plain).strip() or f"file.{ending}"
    response = Response(content, content_type=TYPES.get(ending, "application/octet-stream"))
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    )
    return response

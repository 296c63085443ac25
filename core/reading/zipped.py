"""A zip file unpacked once, counted and searched, before any of it is believed."""

import re
import zipfile
import zlib
from pathlib import Path

from core.errors import RefusedError
from core.reading.shapes import MEGABYTE, Limits, megabytes

DAMAGED = "The workbook is damaged. Open it in a spreadsheet, save it again and choose that file."
ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError)
_CHUNK_BYTES = 1 << 20
_PATTERN_BYTES = 32
_PLAIN_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_XML_NAMES = (".xml", ".rels", ".vml")
_DECLARATIONS = re.compile(
    b"|".join(
        re.escape(mark.encode(codec))
        for mark in ("<!DOCTYPE", "<!ENTITY")
        for codec in ("ascii", "utf-16-le", "utf-16-be")
    ),
    re.IGNORECASE,
)


def check_zip(path: Path, limits: Limits) -> None:
    """Refuse a workbook that is damaged, encrypted, a bomb, or declares XML entities.

    Raises:
        RefusedError: With a sentence that says which.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _check_names(members, limits)
            _check_sizes(archive, members, limits)
    except ZIP_ERRORS:
        raise RefusedError(DAMAGED) from None


def _check_names(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(members) > limits.max_zip_members:
        raise RefusedError(
            f"The workbook holds {len(members)} parts; {limits.max_zip_members} are read. "
            "Save the sheet alone, as CSV or XLSX."
        )
    names = [member.filename.casefold() for member in members]
    if len(set(names)) < len(names):
        raise RefusedError(f"The workbook holds a part twice. {DAMAGED}")
    if any(".." in name.split("/") or name.startswith("/") or "\\" in name for name in names):
        raise RefusedError(f"The workbook names a part outside itself. {DAMAGED}")
    if any(member.flag_bits & 1 for member in members):
        raise RefusedError("The workbook is encrypted. Save it without a password.")
    if any(member.compress_type not in _PLAIN_METHODS for member in members):
        raise RefusedError(DAMAGED)


def _check_sizes(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], limits: Limits) -> None:
    if sum(member.file_size for member in members) > limits.max_unzipped_bytes:
        _refuse_size(limits)
    total = 0
    for member in members:
        size = _unpacked_size(archive, member, limits.max_unzipped_bytes - total)
        total += size
        if total > limits.max_unzipped_bytes:
            _refuse_size(limits)
        if size > MEGABYTE and size > limits.max_zip_ratio * member.compress_size:
            raise RefusedError(
                "The workbook unpacks to far more than its size, as no real table does. "
                "Save the sheet as CSV and choose that file."
            )


def _refuse_size(limits: Limits) -> None:
    raise RefusedError(
        f"The workbook unpacks to more than {megabytes(limits.max_unzipped_bytes)}. "
        "Save the sheet as CSV and choose that file."
    )


def _unpacked_size(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> int:
    """Return the bytes that really come out, at most a chunk more than `most`."""
    is_xml = member.filename.casefold().endswith(_XML_NAMES)
    size = 0
    before = b""
    with archive.open(member) as part:
        while size <= most and (chunk := part.read(_CHUNK_BYTES)):
            size += len(chunk)
            if is_xml:
                _check_xml(before + chunk)
                before = chunk[-_PATTERN_BYTES:]
    return size


def _check_xml(chunk: bytes) -> None:
    if b"!" in chunk and _DECLARATIONS.search(chunk):
        raise RefusedError(
            "The workbook declares XML entities, which no spreadsheet writes. "
            "Open it in a spreadsheet, save it again and choose that file."
        )
    if len(chunk) > _CHUNK_BYTES // 2 and b">" not in chunk:
        raise RefusedError(DAMAGED)

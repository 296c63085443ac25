"""Which files may belong to a module: their size, and what they really are, by their content."""

import io
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import RefusedError
from curricula.rules.words import MaterialUse

MEGABYTE = 1024 * 1024
MOST_BYTES = 5 * MEGABYTE
MOST_BYTES_OF_VERSION = 20 * MEGABYTE
MOST_FILES = 40
MOST_UNZIPPED_BYTES = 60 * MEGABYTE
MOST_PARTS = 3000
LONGEST_NAME = 200
CHUNK_BYTES = 1 << 16

OFFICE = {
    ".docx": ("word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ".xlsx": ("xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".pptx": ("ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
}
ENDINGS = (".pdf", ".png", ".jpg", ".jpeg", ".txt", *OFFICE, ".zip")
KINDS_TOLD = "PDF, PNG, JPEG, plain text (.txt), Word, Excel, PowerPoint, or a SCORM package (.zip)"
USE_LABELS = {
    MaterialUse.TRAINER: "Trainers only",
    MaterialUse.PARTICIPANT: "Everybody who may read the module",
    MaterialUse.PACKAGE: "SCORM package, for another system",
}
ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError)
PLAIN_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
PLAIN_CONTROLS = frozenset(b"\t\n\r\x0c")


@dataclass(frozen=True)
class Brought:
    """A file somebody brought, checked.

    Attributes:
        media_type: What it is by its content, not by what the browser said.
    """

    title: str
    use: MaterialUse
    file_name: str
    media_type: str
    content: bytes


def check_material(title: str, use: MaterialUse, file_name: str, content: bytes) -> Brought:
    """Return a file that may belong to a module.

    Raises:
        RefusedError: It is empty, too large, of another kind than its name says, or of a kind
            that is not kept.
    """
    name = plain_name(file_name)
    ending = _ending(name)
    if ending not in ENDINGS:
        raise RefusedError(f"“{name}” cannot be kept. Bring {KINDS_TOLD}.", field="file")
    if not content:
        raise RefusedError(f"“{name}” is empty. Choose the file again.", field="file")
    if len(content) > MOST_BYTES:
        raise RefusedError(
            f"“{name}” is larger than {MOST_BYTES // MEGABYTE} MB. Make it smaller, or divide it.",
            field="file",
        )
    if (ending == ".zip") != (use is MaterialUse.PACKAGE):
        raise RefusedError(
            "A zip file is kept as a SCORM package only; choose that use for it, and another use"
            " for every other file.",
            field="use",
        )
    media_type = _media_type(name, ending, content)
    return Brought(title.strip() or name[: -len(ending)], use, name, media_type, content)


def plain_name(file_name: str) -> str:
    """Return the last part of a name without what no name of a file needs."""
    last = file_name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(sign for sign in last if sign.isprintable() and sign not in '<>:"|?*')
    name = " ".join(kept.split()).strip(". ") or "file"
    stem, dot, ending = name.rpartition(".")
    if not dot:
        return name[:LONGEST_NAME]
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"


def _ending(name: str) -> str:
    _, dot, ending = name.rpartition(".")
    return f"{dot}{ending.casefold()}"


def _media_type(name: str, ending: str, content: bytes) -> str:
    """Return what a file is; its name has to say the same as its content."""
    if ending in OFFICE:
        return _office(name, ending, content)
    if ending == ".zip":
        return _package(name, content)
    for endings, test, media_type in (
        ((".pdf",), _is_pdf, "application/pdf"),
        ((".png",), _is_png, "image/png"),
        ((".jpg", ".jpeg"), _is_jpeg, "image/jpeg"),
        ((".txt",), _is_text, "text/plain; charset=utf-8"),
    ):
        if ending in endings and test(content):
            return media_type
    hint = "Save it as text in UTF-8." if ending == ".txt" else "Save it again in that format."
    raise RefusedError(f"“{name}” is not what its name says. {hint}", field="file")


def _is_pdf(content: bytes) -> bool:
    return content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:]


def _is_png(content: bytes) -> bool:
    return content.startswith(b"\x89PNG\r\n\x1a\n") and content[12:16] == b"IHDR"


def _is_jpeg(content: bytes) -> bool:
    return content.startswith(b"\xff\xd8\xff") and b"\xff\xd9" in content[-1024:]


def _is_text(content: bytes) -> bool:
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return all(byte >= 0x20 or byte in PLAIN_CONTROLS for byte in content)


def _office(name: str, ending: str, content: bytes) -> str:
    folder, media_type = OFFICE[ending]
    parts = _parts(name, content)
    if "[content_types].xml" not in parts or not any(one.startswith(folder) for one in parts):
        raise RefusedError(
            f"“{name}” is not what its name says. Save it again in that format.", field="file"
        )
    if any(one.endswith("vbaproject.bin") or "/activex/" in one for one in parts):
        raise RefusedError(f"“{name}” holds macros. Save it without them.", field="file")
    return media_type


def _package(name: str, content: bytes) -> str:
    if "imsmanifest.xml" not in _parts(name, content):
        raise RefusedError(
            f"“{name}” is not a SCORM package: it has no imsmanifest.xml at its top. Export it"
            " again from the tool that made it.",
            field="file",
        )
    return "application/zip"


def _parts(name: str, content: bytes) -> frozenset[str]:
    """Return the names in a zip file, in small letters, after everything in it was unpacked once.

    Raises:
        RefusedError: It is damaged, encrypted, names a place outside itself or unpacks to too
            much.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            _check_members(name, members)
            _check_unzipped(name, archive, members)
    except ZIP_ERRORS:
        raise RefusedError(
            f"“{name}” is damaged or encrypted. Open it, save it again and choose that file.",
            field="file",
        ) from None
    return frozenset(member.filename.casefold() for member in members)


def _check_members(name: str, members: Sequence[zipfile.ZipInfo]) -> None:
    if len(members) > MOST_PARTS:
        raise RefusedError(
            f"“{name}” holds {len(members)} files; at most {MOST_PARTS} are kept.", field="file"
        )
    if any(member.compress_type not in PLAIN_METHODS for member in members):
        raise zipfile.BadZipFile
    for member in members:
        part = member.filename
        if part.startswith("/") or "\\" in part or ".." in part.split("/"):
            raise RefusedError(
                f"“{name}” names a place outside itself. Make it again.", field="file"
            )


def _check_unzipped(
    name: str, archive: zipfile.ZipFile, members: Sequence[zipfile.ZipInfo]
) -> None:
    """Count what really comes out, because what a zip file says of itself may be untrue."""
    left = MOST_UNZIPPED_BYTES
    for member in members:
        with archive.open(member) as part:
            while chunk := part.read(CHUNK_BYTES):
                left -= len(chunk)
                if left < 0:
                    raise RefusedError(
                        f"“{name}” unpacks to more than {MOST_UNZIPPED_BYTES // MEGABYTE} MB.",
                        field="file",
                    )


def check_room(sizes: Sequence[int], more: int) -> None:
    """Refuse a file for which a version has no room.

    Args:
        sizes: Of the files the version has, in bytes.
        more: The size of the new one.

    Raises:
        RefusedError: It would be too much, or one file too many.
    """
    if len(sizes) >= MOST_FILES:
        raise RefusedError(
            f"A version keeps {MOST_FILES} files at most; remove one first.", field="file"
        )
    if sum(sizes) + more > MOST_BYTES_OF_VERSION:
        held = sum(sizes) / MEGABYTE
        raise RefusedError(
            f"The files of a version may have {MOST_BYTES_OF_VERSION // MEGABYTE} MB together;"
            f" this one has {held:.1f} MB already. Remove one first, or bring a smaller file.",
            field="file",
        )

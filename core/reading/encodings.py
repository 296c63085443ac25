"""How the bytes of a text file become characters: UTF-8, UTF-16 or Windows-1252."""

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from core.errors import RefusedError
from core.words import thousands

_CHUNK_BYTES = 1 << 20
_PLAIN_BYTES = bytes([9, 10, 13, *range(32, 127)])
_BROKEN = "\N{REPLACEMENT CHARACTER}"
_CODECS = {
    "utf8": ("UTF-8", "utf-8-sig"),
    "utf8sig": ("UTF-8", "utf-8-sig"),
    "utf16": ("UTF-16", "utf-16"),
    "utf16le": ("UTF-16", "utf-16-le"),
    "utf16be": ("UTF-16", "utf-16-be"),
    "cp1252": ("Windows-1252", "cp1252"),
    "windows1252": ("Windows-1252", "cp1252"),
}


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
        _check_not_mixed(path)
        return TextFormat(
            "Windows-1252", "cp1252", is_plain=_check_decodes(path, "Windows-1252", "cp1252")
        )


def _check_not_mixed(path: Path) -> None:
    """Refuse text that is UTF-8 but for some letters: files of two encodings, pasted together.

    Read as Windows-1252, the letters of UTF-8 would become two or three wrong ones, and nobody
    would see it before the names are in the database. True Windows-1252 hardly ever looks so.

    Raises:
        RefusedError: Most letters beyond ASCII are UTF-8; the sentence names a line that is not.
    """
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    letters = broken = 0
    before = ""  # the first broken letter: the ends of the lines before it
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            text = decoder.decode(chunk)
            if not broken:
                before += re.sub(r"[^\r\n]", "", text.partition(_BROKEN)[0])
            broken += text.count(_BROKEN)
            letters += len(text) - len(text.encode("ascii", "ignore"))
    if letters >= 2 * broken:  # the broken ones are among the letters
        line = thousands((before.count("\n") or before.count("\r")) + 1)
        raise RefusedError(
            f"Line {line} of the file is not written in UTF-8, but the rest is. Mend the letters "
            "there in an editor, save the file as UTF-8 and choose it again."
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

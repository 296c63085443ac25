"""Recognising a person in texts, rows and files, and taking them out."""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

ERASED = "(erased)"

GROUNDS = {
    "request": "The person asked for it (Art. 17 GDPR)",
    "retention": "The retention period has ended (Art. 5 GDPR)",
    "objection": "The person objected (Art. 21 GDPR)",
    "unlawful": "The data should not have been recorded",
}
"""On which ground somebody is erased."""

MOST_BYTES = 200 * 1024 * 1024
"""Read of one workbook while somebody is looked for in it."""

SHORTEST_NUMBER = 4
"""Shorter numbers without a letter are taken out of cells, but not of sentences: "12" is a word."""


@dataclass(frozen=True)
class Marks:
    """What a person can be recognised by.

    Attributes:
        numbers: Employee numbers.
        names: Names as they were ever recorded.
        addresses: E-mail addresses.
    """

    numbers: frozenset[str]
    names: frozenset[str]
    addresses: frozenset[str]

    @cached_property
    def _whole(self) -> frozenset[str]:
        every = (*self.numbers, *self.names, *self.addresses)
        return frozenset(" ".join(mark.casefold().split()) for mark in every if mark.strip())

    @cached_property
    def _words_of_names(self) -> list[frozenset[str]]:
        return [frozenset(_words(name)) for name in self.names if len(_words(name)) > 1]

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        parts = [re.escape(address) for address in self.addresses]
        parts += [
            re.escape(number)
            for number in self.numbers
            if len(number) >= SHORTEST_NUMBER or not number.isdigit()
        ]
        for name in self.names:
            words = [re.escape(word) for word in name.split()]
            parts.append(r"\W+".join(words))
            parts.append(r"\W+".join([words[-1], *words[:-1]]) if words else "")
        parts = sorted({part for part in parts if part}, key=len, reverse=True)
        return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.I) if parts else None

    def are_in(self, text: str) -> bool:
        """Tell whether a text mentions the person."""
        is_whole = " ".join(text.casefold().split()) in self._whole
        return is_whole or (self._pattern is not None and self._pattern.search(text) is not None)

    def are_in_row(self, cells: Iterable[object]) -> bool:
        """Tell whether a row of a file is about the person: a cell says so, or all name parts."""
        texts = [str(cell) for cell in cells if cell is not None]
        if any(self.are_in(text) for text in texts):
            return True
        words = {word for text in texts for word in _words(text)}
        return any(name <= words for name in self._words_of_names)

    def are_in_file(self, text: str) -> bool:
        """Tell whether the text of a file mentions the person anywhere."""
        return self.are_in(text) or any(
            self.are_in_row(_cells(line)) for line in text.splitlines() if line
        )

    def taken_out_of(self, text: str) -> str:
        """Return a text without the person."""
        if " ".join(text.casefold().split()) in self._whole:
            return ERASED
        return self._pattern.sub(ERASED, text) if self._pattern is not None else text


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def cleaned(value: object, marks: Sequence[Marks]) -> object:
    """Return text or plain data of any depth without these people.

    A row of cells that is about one of them is emptied as a whole, because what stands beside a
    name says something about the person too.
    """
    if isinstance(value, str):
        for one in marks:
            value = one.taken_out_of(value)
        return value
    if isinstance(value, dict):
        cells = value.get("cells")
        if isinstance(cells, list) and any(one.are_in_row(cells) for one in marks):
            kept = {name: cleaned(held, marks) for name, held in value.items()}
            return {**kept, "cells": [ERASED] * len(cells), "value": ERASED, "reason": ERASED}
        return {_key(name, marks): cleaned(held, marks) for name, held in value.items()}
    if isinstance(value, list):
        return [cleaned(part, marks) for part in value]
    return value


def _key(name: object, marks: Sequence[Marks]) -> object:
    """Return a name of a part; ids stay, sentences and addresses are cleaned."""
    return name if str(name).isdigit() else cleaned(name, marks)


def cleaned_column(value: object, marks: Sequence[Marks]) -> object:
    """Return what a column holds without these people; a plain list is a row of cells."""
    is_row = isinstance(value, list) and not any(isinstance(part, dict | list) for part in value)
    if isinstance(value, list) and is_row and any(one.are_in_row(value) for one in marks):
        return [ERASED] * len(value)
    return cleaned(value, marks)


def pseudonym_number(employee_id: int) -> str:
    """Return the number an erased person has from then on."""
    return f"erased-{employee_id}"


def pseudonym_name(employee_id: int) -> str:
    """Return the name an erased person has from then on."""
    return f"Erased person {employee_id}"


def _cells(line: str) -> list[str]:
    for separator in (",", ";", "\t", "|"):
        line = line.replace(separator, "\n")
    return [cell.strip(" \"'") for cell in line.split("\n")]


def text_of_file(content: bytes) -> str:
    """Return the text in a file somebody brought: of a workbook, all that its parts say."""
    if content.startswith(b"PK"):
        return _text_of_workbook(content)
    for encoding in ("utf-8", "utf-16"):
        try:
            return content.decode(encoding)
        except UnicodeError:
            continue
    return content.decode("cp1252", "replace")


def _text_of_workbook(content: bytes) -> str:
    pieces: list[str] = []
    left = MOST_BYTES
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            for member in book.infolist():
                if member.filename.endswith(".xml") and member.file_size <= left:
                    left -= member.file_size
                    pieces.append(book.read(member).decode("utf-8", "replace"))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError):
        return ""
    return "\n".join(pieces).replace("<", "\n<").replace(">", ">\n")

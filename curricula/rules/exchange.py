"""Modules and curricula as one file, to keep, to hand on, and to bring in again unchanged."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from curricula.rules.contents import (
    CurriculumDraft,
    ModuleDraft,
    Plain,
    Reading,
    plain_of,
    plain_of_curriculum,
)
from curricula.rules.files import Node, read_curriculum, read_module

FORMAT = "training-mix curricula"
VERSION = 1
Draft = TypeVar("Draft")


@dataclass(frozen=True)
class Exchange:
    """What one file holds, by code."""

    modules: tuple[ModuleDraft, ...] = ()
    curricula: tuple[CurriculumDraft, ...] = ()


def plain_exchange(exchange: Exchange) -> dict[str, Plain]:
    """Return the content of a file: the same modules give the same file, to the byte."""
    modules = sorted(exchange.modules, key=lambda module: module.code)
    curricula = sorted(exchange.curricula, key=lambda curriculum: curriculum.code)
    return {
        "format": FORMAT,
        "version": VERSION,
        "modules": [plain_of(module) for module in modules],
        "curricula": [plain_of_curriculum(curriculum) for curriculum in curricula],
    }


def read_exchange(data: Plain, reading: Reading) -> Exchange | None:
    """Return what a file holds, or None when `reading` has problems with it."""
    if not isinstance(data, Mapping) or data.get("format") != FORMAT:
        reading.refuse("", f"this is not an exchange file: “format” should be “{FORMAT}”.")
        return None
    if data.get("version") != VERSION:
        reading.refuse("version", f"this should be {VERSION}; update Training Mix to read it.")
        return None
    Node(data, "", reading).only(frozenset({"format", "version", "modules", "curricula"}))
    modules = _each(data.get("modules"), "modules", read_module, reading)
    curricula = _each(data.get("curricula"), "curricula", read_curriculum, reading)
    _refuse_doubles([module.code for module in modules], "modules", reading)
    _refuse_doubles([curriculum.code for curriculum in curricula], "curricula", reading)
    if reading.problems:
        return None
    return Exchange(tuple(modules), tuple(curricula))


def _each(
    data: Plain, name: str, read: Callable[[Plain, Reading], Draft | None], reading: Reading
) -> list[Draft]:
    if data is None:
        return []
    if isinstance(data, str) or not isinstance(data, Sequence):
        reading.refuse(name, "this should be a list.")
        return []
    found = []
    for place, one in enumerate(data, start=1):
        own = Reading()
        draft = read(one, own)
        if draft is not None:
            found.append(draft)
        code = one.get("code") if isinstance(one, Mapping) else None
        label = f"{name}, {code}" if isinstance(code, str) else f"{name}, number {place}"
        for problem in own.problems:
            where = f"{label}, {problem.where}" if problem.where else label
            reading.refuse(where, problem.message)
    return found


def _refuse_doubles(codes: Sequence[str], name: str, reading: Reading) -> None:
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        reading.refuse(name, f"{code} is in the file twice; take one out.")

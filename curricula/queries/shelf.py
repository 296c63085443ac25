"""The library as a trainer looks at it: its curricula, and its modules by what they teach."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from core.db import db
from curricula.models.modules import Module
from curricula.models.paths import Curriculum
from curricula.rules.arrivals import Loaded, Outcome
from curricula.rules.contents import CurriculumDraft, ModuleDraft
from ledger.queries.courses import category_options
from ledger.rules.kinds import Kind

HERE = frozenset({Outcome.SAME, Outcome.KEPT, Outcome.RENEWED})


@dataclass(frozen=True)
class OnShelf:
    """A module or curriculum of the library.

    Attributes:
        id: Its id here; None where it is not loaded.
        minutes: How long it takes; of a curriculum, what is required.
        modules: How many modules a curriculum has; 0 for a module.
        remark: What the organisation made of it, such as "you have retired it".
    """

    code: str
    title: str
    minutes: int
    id: int | None
    modules: int = 0
    remark: str = ""


@dataclass(frozen=True)
class Shelf:
    """What stands together: a category of modules."""

    name: str
    items: tuple[OnShelf, ...]


def shelf_of_curricula(
    modules: Sequence[ModuleDraft], curricula: Sequence[CurriculumDraft], loaded: Loaded
) -> tuple[OnShelf, ...]:
    """Return the curricula of the library, by code."""
    ids = dict(db.session.execute(select(Curriculum.code, Curriculum.id)).all())
    minutes = {one.code: one.minutes for one in modules}
    return tuple(
        OnShelf(
            one.code,
            one.title,
            sum(minutes.get(item.module, 0) for item in one.items if item.kind == "required"),
            _here(ids, loaded, "curriculum", one.code),
            len(one.items),
            _remark(loaded, "curriculum", one.code),
        )
        for one in sorted(curricula, key=lambda one: one.code)
    )


def shelves_of_modules(modules: Sequence[ModuleDraft], loaded: Loaded, on: date) -> list[Shelf]:
    """Return the modules of the library by the category most of each counts as, soft ones first."""
    ids = dict(db.session.execute(select(Module.code, Module.id)).all())
    options = sorted(category_options(on), key=lambda option: option.kind is Kind.HARD)
    names = {option.code: option.name for option in options}
    found: dict[str, list[OnShelf]] = {code: [] for code in names}
    for one in sorted(modules, key=lambda one: one.code):
        main = max(one.shares, key=lambda share: share[1])[0] if one.shares else ""
        here = _here(ids, loaded, "module", one.code)
        remark = _remark(loaded, "module", one.code)
        item = OnShelf(one.code, one.title, one.minutes, here, remark=remark)
        found.setdefault(main, []).append(item)
    return [Shelf(names.get(code, "Other"), tuple(items)) for code, items in found.items() if items]


def _here(ids: Mapping[str, int], loaded: Loaded, what: str, code: str) -> int | None:
    return ids.get(code) if loaded.outcome_of(what, code) in HERE else None


def _remark(loaded: Loaded, what: str, code: str) -> str:
    told = next((one for one in loaded.told if (one.what, one.code) == (what, code)), None)
    return told.why if told and told.outcome in {Outcome.KEPT, Outcome.REFUSED} else ""

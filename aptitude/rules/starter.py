"""The library that ships: the framework and the scenarios, read from plain data and checked."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from curricula.rules.contents import Plain, Reading
from curricula.rules.files import CHANNELS, Node
from curricula.rules.words import DIMENSION_LABELS, LEVELS_BOTTOM_UP

DIMENSIONS = tuple(DIMENSION_LABELS)
LEVELS = tuple(level.value for level in LEVELS_BOTTOM_UP)
VALUES = (1, 2, 3, 4, 5)
LOWEST_KEY, HIGHEST_KEY = 1.0, 7.0
LEAST_SPREAD = 3.0
SITUATION_WORDS = (50, 110)
OPTION_WORDS = (12, 45)
OPTIONS = (4, 5)
LETTERS = "abcde"
ITEM_ID = re.compile(r"[A-Z]{3}-\d{2}")
FRAMEWORK_FIELDS = frozenset(
    {"code", "version", "title", "purpose", "targets_note", "levels", "dimensions"}
)
ITEM_FIELDS = frozenset(
    {
        "id", "title", "levels", "channel", "dimensions", "key_version", "calibrated",
        "situation", "options",
    }
)  # fmt: skip


class Area(Enum):
    """What a scenario is about."""

    SERVICE_STANDARDS = "service_standards"
    RECOVERY = "recovery"
    GOING_BEYOND = "going_beyond"
    UNCOMFORTABLE_SITUATIONS = "uncomfortable_situations"


AREAS = tuple(area.value for area in Area)

AREA_LABELS = {
    Area.SERVICE_STANDARDS: "Service standards",
    Area.RECOVERY: "Recovery",
    Area.GOING_BEYOND: "Going beyond",
    Area.UNCOMFORTABLE_SITUATIONS: "Uncomfortable situations",
}


@dataclass(frozen=True)
class Anchor:
    """What somebody of a level does who stands at a value of a dimension."""

    dimension: str
    level: str
    value: int
    text: str


@dataclass(frozen=True)
class Dimension:
    """One side of service aptitude, with its anchors by level and value."""

    code: str
    name: str
    definition: str
    anchors: tuple[Anchor, ...]


@dataclass(frozen=True)
class LevelTargets:
    """What is expected of a level.

    Attributes:
        targets: A value of 1 to 5 for each dimension.
        required: The dimensions that decide where somebody of this level stands.
        floor: The least value on a required dimension.
        why: The reason for these values, for those who review them.
    """

    level: str
    targets: Mapping[str, int]
    required: tuple[str, ...]
    floor: int
    why: str


@dataclass(frozen=True)
class Framework:
    """A version of the dimensions, anchors and targets; texts are Markdown."""

    code: str
    version: int
    title: str
    purpose: str
    targets_note: str
    levels: tuple[LevelTargets, ...]
    dimensions: tuple[Dimension, ...]


@dataclass(frozen=True)
class ScenarioOption:
    """An answer to a scenario.

    Attributes:
        letter: Its name within the item, by its place in the file.
        key: How good it is, from 1 (harmful) to 7 (excellent).
        why: What it does to the customer or colleague; shown after the answers are in.
    """

    letter: str
    text: str
    key: float
    why: str


@dataclass(frozen=True)
class ScenarioItem:
    """A situation whose answers are rated.

    Attributes:
        key_version: Goes up whenever a key or a text of the item changes.
        is_calibrated: A panel of experts has rated the answers; before, keys are the authors'.
    """

    id: str
    title: str
    area: Area
    levels: tuple[str, ...]
    channel: str
    dimensions: tuple[str, ...]
    situation: str
    question: str
    options: tuple[ScenarioOption, ...]
    key_version: int
    is_calibrated: bool


class Entry(Node):
    """A named place in a library file, of which numbers with decimals may be asked."""

    def key(self, name: str) -> float:
        """Return a key: a number from 1 to 7 with one decimal; the lowest where it is wrong."""
        value: object = self._data.get(name)
        found = float(value) if isinstance(value, int | float) else 0.0
        if isinstance(value, bool) or not LOWEST_KEY <= found <= HIGHEST_KEY:
            self.refuse(name, f"this should be a number from {LOWEST_KEY} to {HIGHEST_KEY}.")
            return LOWEST_KEY
        if round(found, 1) != found:
            self.refuse(name, f"{found} has more than one decimal; round it.")
        return found

    def words(self, name: str, limits: tuple[int, int]) -> str:
        """Return a text of some words, no fewer and no more."""
        found = self.text(name)
        count = len(found.split())
        if found and not limits[0] <= count <= limits[1]:
            self.refuse(name, f"this has {count} words; write {limits[0]} to {limits[1]}.")
        return found

    def some(self, name: str, known: Sequence[str]) -> tuple[str, ...]:
        """Return a list of known words, at least one."""
        found = self.texts(name, known)
        if not self.parts(name):
            self.refuse(name, f"name at least one of {', '.join(known)}.")
        return found

    def entries(self, name: str, label: str, *, by: str | None = None) -> list["Entry"]:
        """Return the parts of a list, called by their field `by`, or by their place."""
        return [
            Entry(part, self.place(_called(part, by) or f"{label} {place}"), self.reading)
            for place, part in enumerate(self.parts(name), start=1)
        ]


def _called(part: Plain, by: str | None) -> str | None:
    value = part.get(by) if by and isinstance(part, Mapping) else None
    return value if isinstance(value, str) and value.strip() else None


def read_framework(data: Plain, file: str, reading: Reading) -> Framework | None:
    """Return the framework that data describe, or None when `reading` has problems with it."""
    before = len(reading.problems)
    top = Entry(data, file, reading)
    if len(reading.problems) > before:
        return None
    top.only(FRAMEWORK_FIELDS)
    found = Framework(
        code=top.text("code", most=120),
        version=top.number("version", 1, 10_000) or 1,
        title=top.text("title", most=300),
        purpose=top.text("purpose"),
        targets_note=top.text("targets_note"),
        levels=tuple(_level(entry) for entry in top.entries("levels", "level", by="level")),
        dimensions=tuple(
            _dimension(entry) for entry in top.entries("dimensions", "dimension", by="code")
        ),
    )
    _same(top, "levels", [one.level for one in found.levels], LEVELS)
    _same(top, "dimensions", [one.code for one in found.dimensions], DIMENSIONS)
    return found if len(reading.problems) == before else None


def _same(top: Entry, name: str, found: Sequence[str], wanted: Sequence[str]) -> None:
    if list(found) != list(wanted):
        top.refuse(name, f"this should name {', '.join(wanted)}, each once and in this order.")


def _level(entry: Entry) -> LevelTargets:
    entry.only(frozenset({"level", "targets", "required", "floor", "why"}))
    targets = entry.node("targets")
    targets.only(frozenset(DIMENSIONS))
    return LevelTargets(
        level=entry.word("level", LEVELS),
        targets={code: targets.number(code, VALUES[0], VALUES[-1]) or 0 for code in DIMENSIONS},
        required=entry.some("required", DIMENSIONS),
        floor=entry.number("floor", VALUES[0], VALUES[-1]) or 0,
        why=entry.text("why"),
    )


def _dimension(entry: Entry) -> Dimension:
    entry.only(frozenset({"code", "name", "definition", "anchors"}))
    code = entry.word("code", DIMENSIONS)
    anchors = entry.node("anchors")
    anchors.only(frozenset(LEVELS))
    found = [
        Anchor(code, level, value, text)
        for level in LEVELS
        for value, text in enumerate(_five(anchors, level), start=1)
    ]
    return Dimension(code, entry.text("name"), entry.text("definition"), tuple(found))


def _five(anchors: Node, level: str) -> tuple[str, ...]:
    texts = anchors.texts(level)
    if len(texts) != len(VALUES):
        anchors.refuse(level, f"there are {len(texts)} anchors; write one for each of 1 to 5.")
    return texts


def read_scenarios(data: Plain, file: str, reading: Reading) -> list[ScenarioItem]:
    """Return the items of one file that are as they should be; `reading` has what is not."""
    before = len(reading.problems)
    top = Entry(data, file, reading)
    if len(reading.problems) > before:
        return []
    top.only(frozenset({"area", "question", "items"}))
    area, question = Area(top.word("area", AREAS)), top.text("question", most=300)
    if len(reading.problems) > before:
        return []
    read = [_item(entry, area, question) for entry in top.entries("items", "item", by="id")]
    return [item for item in read if item is not None]


def _item(entry: Entry, area: Area, question: str) -> ScenarioItem | None:
    before = len(entry.reading.problems)
    entry.only(ITEM_FIELDS)
    identity = entry.text("id", most=20)
    if identity and not ITEM_ID.fullmatch(identity):
        entry.refuse("id", "three capitals, a hyphen and two digits, such as STD-01.")
    item = ScenarioItem(
        id=identity,
        title=entry.text("title", most=120),
        area=area,
        levels=entry.some("levels", LEVELS),
        channel=entry.word("channel", CHANNELS),
        dimensions=entry.some("dimensions", DIMENSIONS),
        situation=entry.words("situation", SITUATION_WORDS),
        question=question,
        options=_options(entry),
        key_version=entry.number("key_version", 1, 10_000) or 1,
        is_calibrated=entry.flag("calibrated"),
    )
    return item if len(entry.reading.problems) == before else None


def _options(entry: Entry) -> tuple[ScenarioOption, ...]:
    parts = entry.entries("options", "option")
    if not OPTIONS[0] <= len(parts) <= OPTIONS[1]:
        entry.refuse("options", f"there are {len(parts)}; write {OPTIONS[0]} or {OPTIONS[1]}.")
        return ()
    before = len(entry.reading.problems)
    options = tuple(_option(part, letter) for part, letter in zip(parts, LETTERS, strict=False))
    if len(entry.reading.problems) == before:
        _check_spread(entry, [option.key for option in options])
    return options


def _option(entry: Entry, letter: str) -> ScenarioOption:
    entry.only(frozenset({"key", "text", "why"}))
    return ScenarioOption(
        letter, entry.words("text", OPTION_WORDS), entry.key("key"), entry.text("why", most=300)
    )


def _check_spread(entry: Entry, keys: Sequence[float]) -> None:
    """Refuse keys that hardly differ: such an item cannot tell good judgement from other."""
    spread = round(max(keys) - min(keys), 1)
    if spread < LEAST_SPREAD:
        entry.refuse(
            "options", f"the keys lie within {spread}; best and worst need {LEAST_SPREAD} between."
        )


def refuse_doubles(items: Sequence[ScenarioItem], reading: Reading) -> None:
    """Note ids and texts of options that stand twice in the library."""
    ids: dict[str, ScenarioItem] = {}
    texts: dict[str, ScenarioItem] = {}
    for item in items:
        if item.id in ids:
            reading.refuse(item.id, "this id stands twice; give one item another.")
        ids[item.id] = item
        for option in item.options:
            known = texts.setdefault(option.text.casefold(), item)
            if known is not item or _twice(option, item):
                reading.refuse(
                    f"{item.id}, option {option.letter}",
                    f"the same text stands in {known.id}; write another.",
                )


def _twice(option: ScenarioOption, item: ScenarioItem) -> bool:
    """Tell whether an earlier option of the same item has the same text."""
    same = [one for one in item.options if one.text.casefold() == option.text.casefold()]
    return same[0] is not option

"""The scenarios: which there are, and each with its options and the key in force."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from aptitude.models.scenarios import (
    Scenario,
    ScenarioKey,
    ScenarioKeyValue,
    ScenarioOption,
)
from aptitude.rules.closeness import KeyedValue
from aptitude.rules.sittings import Candidate, family_of
from aptitude.rules.starter import LETTERS, Area
from aptitude.rules.words import KeySource, ScenarioState
from core.bulk import AnySession
from core.db import db
from core.errors import NotFoundError
from people.models import Account
from people.rules.levels import Level


@dataclass(frozen=True)
class Value:
    """What a key says of an option.

    Attributes:
        sd: How far experts lie apart; None where nobody but the authors has rated it.
        counts: False where experts did not agree.
    """

    mean: float
    sd: float | None
    experts: int
    counts: bool


@dataclass(frozen=True)
class Key:
    """A version of what is expected of a scenario; `values` are by option.

    Attributes:
        panel_id: The panel it comes from; None where authors wrote it.
    """

    id: int
    number: int
    source: KeySource
    made_at: datetime
    made_by: str | None
    values: Mapping[int, Value]
    panel_id: int | None = None

    @property
    def keyed(self) -> dict[int, KeyedValue]:
        """Return what answers are scored by."""
        return {one: KeyedValue(value.mean, value.counts) for one, value in self.values.items()}


@dataclass(frozen=True)
class Option:
    """One thing somebody could do, with its letter and the reason told after the test."""

    id: int
    letter: str
    text: str
    reason: str


@dataclass(frozen=True)
class ScenarioPage:
    """A scenario with everything about it.

    Attributes:
        keys: Every version, the one in force first.
        replaces, replaced_by: The wordings before and after it, as id and code; a retired one
            takes nobody's place.
    """

    id: int
    code: str
    state: ScenarioState
    title: str
    area: Area
    channel: str
    dimensions: tuple[str, ...]
    levels: tuple[Level, ...]
    situation: str
    question: str
    options: tuple[Option, ...]
    keys: tuple[Key, ...]
    revision: int
    is_library: bool
    replaces: tuple[int, str] | None
    replaced_by: tuple[int, str] | None

    @property
    def key(self) -> Key | None:
        """Return the key in force."""
        return self.keys[0] if self.keys else None


@dataclass(frozen=True)
class ScenarioLine:
    """A scenario in a list."""

    id: int
    code: str
    state: ScenarioState
    title: str
    area: Area
    channel: str
    dimensions: tuple[str, ...]
    levels: tuple[Level, ...]
    key_number: int | None
    key_source: KeySource | None


@dataclass(frozen=True)
class Chosen:
    """Which scenarios are listed; None stands for all."""

    area: Area | None = None
    level: Level | None = None
    channel: str | None = None
    state: ScenarioState | None = None


def scenario_lines(chosen: Chosen) -> list[ScenarioLine]:
    """Return the scenarios that fit a choice, by code."""
    asked = select(Scenario).order_by(Scenario.code)
    if chosen.area is not None:
        asked = asked.where(Scenario.area == chosen.area)
    if chosen.channel is not None:
        asked = asked.where(Scenario.channel == chosen.channel)
    if chosen.state is not None:
        asked = asked.where(Scenario.state == chosen.state)
    keys = _newest_numbers()
    lines = [_line(row, keys.get(row.id)) for row in db.session.scalars(asked)]
    return [one for one in lines if chosen.level is None or chosen.level in one.levels]


def _newest_numbers() -> dict[int, tuple[int, KeySource]]:
    rows = db.session.execute(
        select(ScenarioKey.scenario_id, ScenarioKey.number, ScenarioKey.source).order_by(
            ScenarioKey.number
        )
    )
    return {scenario_id: (number, source) for scenario_id, number, source in rows}


def _line(row: Scenario, key: tuple[int, KeySource] | None) -> ScenarioLine:
    return ScenarioLine(
        row.id,
        row.code,
        row.state,
        row.title,
        row.area,
        row.channel,
        tuple(row.dimensions),
        levels_of(row),
        key[0] if key else None,
        key[1] if key else None,
    )


def levels_of(row: Scenario) -> tuple[Level, ...]:
    """Return the levels a scenario is for."""
    return tuple(Level(one) for one in row.levels)


def count_in_use() -> int:
    """Return how many scenarios are drawn."""
    asked = select(func.count()).where(Scenario.state == ScenarioState.PUBLISHED)
    return db.session.scalar(asked) or 0


def candidates(session: AnySession) -> list[Candidate]:
    """Return the scenarios that may be drawn, in order."""
    rows = session.scalars(
        select(Scenario).where(Scenario.state == ScenarioState.PUBLISHED).order_by(Scenario.id)
    )
    return [
        Candidate(row.id, family_of(row.code), row.area, frozenset(levels_of(row)), row.channel)
        for row in rows
    ]


def get_scenario(scenario_id: int) -> ScenarioPage:
    """Return a scenario.

    Raises:
        NotFoundError: There is none with this id.
    """
    found = scenario_pages([scenario_id])
    if not found:
        raise NotFoundError("There is no such scenario.")
    return found[0]


def scenario_pages(scenario_ids: Sequence[int], *, with_keys: bool = True) -> list[ScenarioPage]:
    """Return scenarios in the order of these ids, with every key and who made it if wanted."""
    rows = db.session.scalars(select(Scenario).where(Scenario.id.in_(scenario_ids))).all()
    options = options_of(db.session, scenario_ids)
    keys = _keys_of(scenario_ids) if with_keys else {}
    before, after = _neighbours(rows)
    pages = {
        row.id: ScenarioPage(
            id=row.id,
            code=row.code,
            state=row.state,
            title=row.title,
            area=row.area,
            channel=row.channel,
            dimensions=tuple(row.dimensions),
            levels=levels_of(row),
            situation=row.situation,
            question=row.question,
            options=tuple(options.get(row.id, ())),
            keys=tuple(keys.get(row.id, ())),
            revision=row.revision,
            is_library=row.shipped_hash is not None,
            replaces=before.get(row.replaces_id or 0),
            replaced_by=after.get(row.id),
        )
        for row in rows
    }
    return [pages[one] for one in scenario_ids if one in pages]


def _neighbours(
    rows: Sequence[Scenario],
) -> tuple[dict[int, tuple[int, str]], dict[int, tuple[int, str]]]:
    ids = [row.id for row in rows]
    wanted = [row.replaces_id for row in rows if row.replaces_id]
    before = db.session.execute(
        select(Scenario.id, Scenario.code).where(Scenario.id.in_(wanted))
    ).all()
    after = db.session.execute(
        select(Scenario.replaces_id, Scenario.id, Scenario.code)
        .where(Scenario.replaces_id.in_(ids), Scenario.state != ScenarioState.RETIRED)
        .order_by(Scenario.id)
    ).all()
    return (
        {id_: (id_, code) for id_, code in before},
        {replaced: (id_, code) for replaced, id_, code in after if replaced is not None},
    )


def options_of(session: AnySession, scenario_ids: Sequence[int]) -> dict[int, list[Option]]:
    """Return the options of scenarios, in their order."""
    rows = session.scalars(
        select(ScenarioOption)
        .where(ScenarioOption.scenario_id.in_(scenario_ids))
        .order_by(ScenarioOption.scenario_id, ScenarioOption.position)
    )
    found: dict[int, list[Option]] = {}
    for row in rows:
        some = found.setdefault(row.scenario_id, [])
        some.append(Option(row.id, LETTERS[len(some)], row.text, row.reason))
    return found


def _keys_of(scenario_ids: Sequence[int]) -> dict[int, list[Key]]:
    rows = db.session.execute(
        select(ScenarioKey, Account.name)
        .outerjoin(Account, Account.id == ScenarioKey.account_id)
        .where(ScenarioKey.scenario_id.in_(scenario_ids))
        .order_by(ScenarioKey.scenario_id, ScenarioKey.number.desc())
    ).all()
    values = _values_of(db.session, [row.id for row, _ in rows])
    found: dict[int, list[Key]] = {}
    for row, name in rows:
        key = Key(row.id, row.number, row.source, row.made_at, name, values.get(row.id, {}),
                  row.panel_id)  # fmt: skip
        found.setdefault(row.scenario_id, []).append(key)
    return found


def keys_in_force(session: AnySession, scenario_ids: Sequence[int]) -> dict[int, Key]:
    """Return the key in force of each scenario, without who made it."""
    rows = session.scalars(
        select(ScenarioKey)
        .where(ScenarioKey.scenario_id.in_(scenario_ids))
        .order_by(ScenarioKey.number)
    ).all()
    newest = {row.scenario_id: row for row in rows}
    values = _values_of(session, [row.id for row in newest.values()])
    return {id_: _bare_key(row, values) for id_, row in newest.items()}


def keys_by_id(session: AnySession, key_ids: Sequence[int]) -> dict[int, Key]:
    """Return keys, without who made them."""
    rows = session.scalars(select(ScenarioKey).where(ScenarioKey.id.in_(key_ids))).all()
    values = _values_of(session, key_ids)
    return {row.id: _bare_key(row, values) for row in rows}


def _bare_key(row: ScenarioKey, values: Mapping[int, Mapping[int, Value]]) -> Key:
    return Key(row.id, row.number, row.source, row.made_at, None, values.get(row.id, {}))


def _values_of(session: AnySession, key_ids: Sequence[int]) -> dict[int, dict[int, Value]]:
    one: Any = ScenarioKeyValue
    rows = session.execute(
        select(one.key_id, one.option_id, one.mean, one.sd, one.experts, one.counts)
        .join(ScenarioOption, ScenarioOption.id == one.option_id)
        .where(one.key_id.in_(key_ids))
        .order_by(one.key_id, ScenarioOption.position)
    )
    found: dict[int, dict[int, Value]] = {}
    for key_id, option_id, mean, sd, experts, counts in rows:
        found.setdefault(key_id, {})[option_id] = Value(mean, sd, experts, counts)
    return found

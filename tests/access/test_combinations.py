"""No sum and difference of any number of figures is about one to four people.

Every figure that somebody who sees groups only can reach is one equation about entries. Whatever
follows from all equations together is a combination of their rows. Such a combination that is
about the entries of a few people only exists when these entries are dependent in the dual matroid
of the rows; that is asked for everybody, for every two people, and for many fours, in exact
arithmetic modulo a prime (independent modulo a prime means independent).
"""

import random
from datetime import date
from itertools import combinations

import numpy as np
import pytest

from planner.queries import subtracting
from planner.queries.balances import balance, forget_balances
from planner.queries.choices import question_of
from planner.queries.levels import soft_minutes_by_level
from planner.rules.independence import Layer
from tests.access.test_suppression import FEWEST, LEVELS, Attack, Town, invented, is_in

PRIME = 2_147_483_647
WIDTH = 64
"""So many random sums of the equations' kernel are kept: more than four people have entries."""
FOURS = 100
PERIODS = ("all", "2025", "2025-q3", "2025-q4", *(f"2025-{month:02}" for month in range(7, 13)))


class Busy(Town):
    """Half a year with a dozen entries for each person."""

    begins, days, entries = date(2025, 7, 1), 183, (9, 14)


@pytest.fixture(scope="module")
def town(new_database, tmp_path_factory):
    with invented(Busy, new_database, tmp_path_factory) as made:
        yield made


class Combined(Attack):
    """Everything that follows from all figures together."""

    def __init__(self, town: Town, unit: str = "") -> None:
        super().__init__(town, unit)
        figures = {one.entries for asked in self._questions() for one in self.figures(asked)} - {0}
        self.figures_seen = len(figures)
        size = len(town.facts)
        rows = np.array([[bits >> at & 1 for at in range(size)] for bits in figures], np.int64)
        self.dual = _dual(rows.reshape(-1, size))
        self.columns_of = {
            who: np.array([at for at in range(size) if bits >> at & 1], np.int64)
            for who, bits in town.people_bits.items()
        }

    def _questions(self):
        opened = ".".join(map(str, self.town.units.values()))
        units = self.town.units.values() if self.scope.unit_id is None else ()
        filters = [{}, *({"unit": str(one)} for one in units), *({"level": one} for one in LEVELS),
                   *({"site": str(one)} for one in self.town.sites.values())]  # fmt: skip
        for period in PERIODS:
            for one in filters:
                yield {"period": period, "open": opened, **one}

    def tells_of(self, people: tuple[str, ...]) -> bool:
        """Tell whether some combination of figures is about these people and nobody else."""
        columns = np.concatenate([self.columns_of[who] for who in people])  # nobody has another's
        return _rank(self.dual[:, columns]) < len(columns)

    def told(self, groups) -> list[tuple[str, ...]]:
        return [people for people in groups if self.tells_of(people)]


def _reduced(rows):
    """Return the rows in reduced echelon form modulo the prime, and their pivots."""
    rows, pivots, done = rows % PRIME, [], 0
    for column in range(rows.shape[1]):
        found = np.flatnonzero(rows[done:, column])
        if not len(found):
            continue
        rows[[done, done + found[0]]] = rows[[done + found[0], done]]
        rows[done] = rows[done] * pow(int(rows[done, column]), -1, PRIME) % PRIME
        others = np.flatnonzero(rows[:, column])
        others = others[others != done]
        rows[others] = (rows[others] - rows[others, column][:, None] * rows[done] % PRIME) % PRIME
        pivots.append(column)
        done += 1
        if done == len(rows):
            break
    return rows[:done], pivots


def _rank(rows) -> int:
    """Return the rank modulo the prime; in echelon form only, for there are many to take."""
    rows, rank = rows.T.copy(), 0
    for row in range(len(rows)):
        column = int(np.argmax(rows[row] != 0))
        if not rows[row, column]:
            continue
        rank += 1
        turned = rows[row + 1 :, column] * pow(int(rows[row, column]), -1, PRIME) % PRIME
        rows[row + 1 :] = (rows[row + 1 :] - turned[:, None] * rows[row] % PRIME) % PRIME
    return rank


def _dual(rows):
    """Return random sums of the kernel of the rows: what no figure tells of."""
    reduced, pivots = _reduced(rows)
    size = rows.shape[1]
    free = [at for at in range(size) if at not in set(pivots)]
    chance = np.random.default_rng(7)
    found = np.zeros((WIDTH, size), np.int64)
    found[:, free] = chance.integers(1, PRIME, (WIDTH, len(free)))
    for place, pivot in enumerate(pivots):
        products = found[:, free] * reduced[place, free] % PRIME
        found[:, pivot] = -products.sum(axis=1) % PRIME
    return found


def groups_of(town: Town, within: str = "") -> list[tuple[str, ...]]:
    """Return fours that hold every two people, fours of one place, and fours by chance."""
    chance = random.Random(11)  # noqa: S311  # the same fours in every run
    everybody = sorted(who for who, where in town.then.items() if is_in(where[0], within))
    fours = [tuple(chance.sample(everybody, FEWEST - 1)) for _ in range(FOURS)]
    for place in range(3):
        for value in {where[place] for where in town.then.values()}:
            inside = [who for who, where in town.then.items() if is_in(where[place], value)]
            fours += list(combinations(inside, min(len(inside), FEWEST - 1)))[:20]
    halves = list(combinations(everybody, 2))
    chance.shuffle(halves)
    fours += [tuple({*one, *other}) for one, other in zip(halves[::2], halves[1::2], strict=False)]
    return fours


@pytest.mark.parametrize(("unit", "fewest"), [("", 150), ("Works", 20)])
def test_no_combination_of_all_figures_is_about_fewer_than_five(town, unit, fewest):
    attack = Combined(town, unit)

    assert attack.figures_seen > fewest
    assert attack.told(groups_of(town, unit)) == []


def of_year(year, scope):
    """Return the soft minutes of a year by level, as the balance and as the mirror show them."""
    asked = question_of({"period": year}, scope)
    rows = balance(asked, scope)["tables"]["level"]["rows"]
    shown = {
        row["key"]: None if row.get("suppressed") else row["soft_minutes"]
        for row in rows
        if not row["total"]
    }
    return shown, dict(soft_minutes_by_level(asked, scope))


@pytest.mark.parametrize("most", [subtracting.MOST_ENTRIES, 0], ids=["entries", "months"])
def test_the_mirror_shows_of_levels_what_the_balance_shows(town, monkeypatch, most):
    monkeypatch.setattr(subtracting, "MOST_ENTRIES", most)
    executive = Attack(town, "").scope
    seen = {}
    for first in ("mirror", "balance"):  # whichever is opened first
        forget_balances()
        if first == "mirror":
            soft_minutes_by_level(question_of({"period": "2025"}, executive), executive)
        seen[first] = of_year("2025", executive)
    forget_balances()

    assert seen["mirror"] == seen["balance"]
    assert seen["mirror"][0] == seen["mirror"][1]
    assert any(one is not None for one in seen["mirror"][1].values())


def test_neither_where_there_are_too_many_entries_to_read(town, monkeypatch):
    monkeypatch.setattr(subtracting, "MOST_ENTRIES", 0)
    forget_balances()
    try:
        attack = Combined(town)
        whole = balance(question_of({"period": "2025-q3"}, attack.scope), attack.scope)
    finally:
        forget_balances()

    assert whole["tables"]["category"]["rows"] == []
    assert whole["figures"]["soft_minutes"] > 0
    assert whole["figures"]["compliance_minutes"] is None
    assert attack.figures_seen > 50
    assert attack.told(groups_of(town)[:600]) == []


def test_the_attack_finds_people_where_only_small_cuts_are_hidden(town, monkeypatch):
    def news(layer: Layer, row: int) -> list[tuple[int, int]] | None:
        return [] if sum(bool(row & team) for team in layer.teams) == FEWEST or not row else None

    monkeypatch.setattr(Layer, "news", news)
    forget_balances()
    try:
        assert len(Combined(town).told(groups_of(town)[:400])) > 10
    finally:
        forget_balances()

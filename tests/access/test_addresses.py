"""What is asked for behind the question mark: a person, a unit, a batch that is not theirs."""

from functools import cache, partial

import pytest

from tests.access.answers import text_of, told
from tests.access.table import (
    EVERYBODY,
    HOLDS,
    SEES_PEOPLE,
    UNIT_OF_A_GROUP,
    UNPROVEN,
    marks_hidden_from,
)
from tests.access.test_matrix import IN_A_BROWSER, SOME_PEOPLE, UNKNOWN

BALANCE = ("/balance", "/balance.json", "/balance.xlsx", "/balance.pdf", "/balance/trend.svg",
           "/balance/unit.csv", "/balance/level.csv", "/balance/month.csv")  # fmt: skip
PAPERS = (".xlsx", ".pdf", ".svg")
ON_PAPER = ("Alder / Ash", "Birch / Beech")
"""Of which units papers are asked for, one of each tree: they are made of the answer the page is
made of, which is asked of every unit."""

ROWS = ("/entries", "/entries.csv", "/entries.xlsx")
NAMES = ("/balance/without-soft", "/balance/without-soft.csv")
PERIOD = "period=2026-q1"


def sees_person(who: str, looks: str) -> bool:
    return who in SEES_PEOPLE.get(looks, ())


def sees_unit(unit: str, looks: str) -> bool:
    """Names of units are open to whoever sees balances; who has no tree asks for the own unit."""
    return UNIT_OF_A_GROUP.get(looks, unit) == unit


def sees_batch(batch: str, looks: str) -> bool:
    """Managers and employees know the imports that brought entries they see."""
    tree = "B" if batch == "of trainer" else "A"
    seen = SEES_PEOPLE.get(looks, frozenset())
    return any((who[0] == "B") == (tree == "B") for who in seen)


def everybody(_looks: str) -> bool:
    return True


def asked(world):
    """Yield address, id, permission, endpoint and who sees it; None where nothing is compared."""
    for who in SOME_PEOPLE:
        seen_by = partial(sees_person, who)
        for path in ROWS:
            yield f"{path}?person=", world.people[who], "entries:read", "ledger.entry", seen_by
    for unit, unit_id in world.things["unit"].items():
        yield from of_unit(unit, unit_id)
    for batch, batch_id in world.things["batch"].items():
        seen_by = partial(sees_batch, batch)
        for path in ROWS:
            yield f"{path}?batch=", batch_id, "entries:read", "ledger.entry", seen_by
    for who in ("A2", "B2"):
        yield "/audit?person=", world.people[who], "audit:read", "audit.", None
        yield f"/people/?search=Canary{who}&x=", 1, "people:read", "people.", None
        yield f"/accounts?search=Canary{who}&x=", 1, "accounts:edit", "managing.", None


def asked_by(looks: str, world):
    """Yield the same, once what is refused before it is looked at what is asked for."""
    refused = set()
    for path, thing, permission, endpoint, is_seen in asked(world):
        if looks in HOLDS[permission] or path not in refused:
            yield path, thing, permission, endpoint, is_seen
        if looks not in HOLDS[permission]:
            refused.add(path)


def of_unit(unit: str, unit_id: int):
    for path in BALANCE:
        if path.endswith(PAPERS) and unit not in ON_PAPER:
            continue
        seen_by = partial(sees_unit, unit)
        yield f"{path}?{PERIOD}&unit=", unit_id, "balance:read", "planner.balance", seen_by
    for path in NAMES:
        yield f"{path}?{PERIOD}&unit=", unit_id, "balance:names", "planner.", None
    for path in ROWS:
        yield f"{path}?unit=", unit_id, "entries:read", "ledger.entry", everybody
    yield "/people/tree?unit=", unit_id, "people:read", "people.", everybody
    yield "/people/?unit=", unit_id, "people:read", "people.", None


@pytest.mark.parametrize("looks", [one for one in EVERYBODY if one != UNPROVEN])
def test_what_is_asked_for_is_answered_as_if_it_were_not_there(grove, looks):
    client = grove.as_(looks)
    of_nothing = cache(lambda path: client.get(f"{path}{UNKNOWN}", headers=IN_A_BROWSER))
    problems = []
    for path, thing, permission, endpoint, is_seen in asked_by(looks, grove.world):
        answer = client.get(f"{path}{thing}", headers=IN_A_BROWSER)
        text = text_of(answer)
        hidden = marks_hidden_from(looks, endpoint)
        if "search=" in path:  # the search itself is said back
            hidden = {m: w for m, w in hidden.items() if not w.startswith("name of")}
        shown = sorted({what for mark, what in hidden.items() if mark in text})
        if shown:
            problems.append(f"{path}{thing} shows {shown}")
        may = looks in HOLDS[permission]
        unknown = of_nothing(path)
        if may and is_seen is not None:
            twin = told(answer) == told(unknown)
            if is_seen(looks) == twin:
                problems.append(f"{path}{thing}: {answer.status}, twin of unknown: {twin}")
        if not may and answer.status_code != unknown.status_code:
            problems.append(f"{path}{thing}: {answer.status} to who may not")
        if answer.status_code >= 500:
            problems.append(f"{path}{thing}: {answer.status}")

    assert problems == [], "\n".join(problems)
    assert grove.watched.changed() == set()

"""Scenario tests and anchor workshops in the world of the two trees.

A2's test is open, B2 has handed one in.
"""

from dataclasses import replace
from typing import Any

from sqlalchemy import delete, select

from aptitude.imports import read_aptitude_library
from aptitude.models.scenarios import Scenario, ScenarioOption, ScenarioSitting
from aptitude.models.workshops import WorkshopJudge
from aptitude.queries.judging import own_workshop
from aptitude.rules.starter import ScenarioItem
from aptitude.rules.workshops import Said
from aptitude.services.panels import PanelDraft, open_panel
from aptitude.services.scenario_library import load_scenarios
from aptitude.services.scenarios import retire_scenario
from aptitude.services.sittings import begin_sitting, hand_in, save_answer
from aptitude.services.workshops import WorkshopDraft, open_workshop, save_portion
from core.clock import today
from core.db import db
from people.rules.access import OPERATOR, Viewer
from people.rules.levels import Level
from tests.aptitude.worlds import viewer

REASON = "reason-of-a-key-7731"
"""Stands in every reason: for those who look after scenarios, and for B2, who has handed in."""

LOADED = ("RCV-01", "RCV-02", "STD-01", "BEY-01")

OTHER_JUDGES = ("hr", "manager", "managers-manager", "manager-of-the-other-tree")
EXPERTS = {"of trainer": "login-trainer@accounts.example", "of employee": "nr-A2-7731"}


def bring_scenarios(world: Any) -> None:
    """Bring situations, two tests and two panels."""
    items = {one.id: _marked(one) for one in read_aptitude_library().items}
    load_scenarios([items[one] for one in LOADED], account_id=None)
    codes = dict(db.session.execute(select(Scenario.code, Scenario.id)).all())
    wanted = codes["RCV-01"]
    mine = begin_sitting(None, viewer(world.people["A2"]))
    theirs = begin_sitting(None, viewer(world.people["B2"]))
    _answer(mine, world.people["A2"])
    _answer(theirs, world.people["B2"])
    hand_in(theirs, viewer(world.people["B2"]))
    panels = {
        name: open_panel(PanelDraft("Panel 7731", None, (wanted,), (expert,)), OPERATOR)
        for name, expert in EXPERTS.items()
    }
    retire_scenario(codes["RCV-02"], account_id=None)
    world.things |= {
        "sitting": {"of employee": mine, "of employee of the other tree": theirs},
        "panel": panels,
        "panel to judge": panels,
        "scenario": {"RCV-01": wanted, "RCV-02": codes["RCV-02"]},
        "options": dict.fromkeys(options_of(wanted), 4),
        "sitting options": dict.fromkeys(options_of(drawn(mine)[0]), 5),
        "wording": _wording(),
    }
    world.beside["scenario_id"] = wanted
    workshops = {name: _workshop(world, name) for name in EXPERTS}
    world.things |= {"workshop": workshops, "workshop to judge": workshops}


def _workshop(world: Any, name: str) -> int:
    """Open a workshop of which one is left to judge: they have said all, and not handed in."""
    judges = (EXPERTS[name], *(f"login-{one}@accounts.example" for one in OTHER_JUDGES))
    draft = WorkshopDraft("Workshop 7731", 1, Level.FRONTLINE, today(), judges)
    found = open_workshop(draft, OPERATOR)
    account_id = world.accounts[name.removeprefix("of ")]
    others = WorkshopJudge.account_id != account_id
    db.session.execute(delete(WorkshopJudge).where(WorkshopJudge.workshop_id == found, others))
    db.session.commit()
    mine = Viewer(account_id, "Judge", None, frozenset(), manages=False)
    for one in own_workshop(found, mine).portions:
        save_portion(found, one.place, {each.id: Said("D2", 6) for each in one.anchors}, mine)
    return found


def _marked(item: ScenarioItem) -> ScenarioItem:
    options = tuple(replace(one, why=f"{one.why} {REASON}") for one in item.options)
    return replace(item, options=options)


def _answer(sitting_id: int, employee_id: int) -> None:
    for place, scenario_id in enumerate(drawn(sitting_id), start=1):
        given = dict.fromkeys(options_of(scenario_id), 4)
        save_answer(sitting_id, place, given, viewer(employee_id))


def drawn(sitting_id: int) -> list[int]:
    return db.session.get_one(ScenarioSitting, sitting_id).drawn


def options_of(scenario_id: int) -> list[int]:
    asked = select(ScenarioOption.id).where(ScenarioOption.scenario_id == scenario_id)
    return list(db.session.scalars(asked.order_by(ScenarioOption.position)))


def _wording() -> dict[str, object]:
    options = {
        f"{name}-{place}": value
        for place, key in enumerate((6.5, 5, 3, 1), start=1)
        for name, value in (("text", f"Way {place}"), ("reason", "It helps"), ("key", str(key)))
    }
    return {
        "title": "Another wording", "area": "recovery", "channel": "phone",
        "levels": ["frontline"], "dimensions": ["D6"], "situation": "Somebody calls.", **options,
    }  # fmt: skip

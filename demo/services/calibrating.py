"""Let experts of the demo rate scenarios: asked, rated, closed and published as on the pages."""

from collections.abc import Mapping
from datetime import timedelta
from random import Random

from sqlalchemy import select

from aptitude.models.scenarios import Scenario
from aptitude.queries.scenarios import Key, keys_in_force
from aptitude.rules.situations import HIGHEST, LOWEST
from aptitude.services.panels import (
    PanelDraft,
    close_panel,
    open_panel,
    publish_keys,
    rate_options,
)
from core.clock import at, now, today
from core.db import db
from demo.rules.sayings import PanelHeld
from people.models import Account
from people.queries.visibility import viewer_of
from people.rules.access import Viewer

DAYS_TO_RATE = 10
AGREED, SPLIT = 0.6, 2.4
"""How far experts lie from the authors, and from one another where they do not agree."""


def hold_panel(step: PanelHeld, accounts: Mapping[str, int]) -> None:
    """Ask experts, let them rate, close the panel and publish what they agree on."""
    rng = Random(step.seed)  # no secret: the same story every day
    asked_at, hr = now(), _viewer(accounts["hr"])
    keys = _keys(step.codes)
    due_on = today() + timedelta(days=DAYS_TO_RATE)
    emails = tuple(db.session.get_one(Account, accounts[one]).email for one in step.experts)
    db.session.rollback()
    panel_id = open_panel(PanelDraft(step.title, due_on, tuple(keys), emails), hr)
    for place, role in enumerate(step.experts, start=1):
        with at(asked_at + timedelta(days=place, hours=place)):
            _let_rate(panel_id, keys, _viewer(accounts[role]), rng)
    with at(asked_at + timedelta(days=DAYS_TO_RATE)):
        close_panel(panel_id)
        publish_keys(panel_id, hr)


def _keys(codes: tuple[str, ...]) -> dict[int, Key]:
    """Return what the authors expect, by scenario."""
    asked = select(Scenario.id).where(Scenario.code.in_(codes)).order_by(Scenario.code)
    return keys_in_force(db.session, list(db.session.scalars(asked)))


def _let_rate(panel_id: int, keys: Mapping[int, Key], expert: Viewer, rng: Random) -> None:
    """Let an expert rate every answer; on the last one of all they see it differently."""
    last = max(option for key in keys.values() for option in key.values)
    for scenario_id, key in keys.items():
        ratings = {
            option: _rating(value.mean, SPLIT if option == last else AGREED, rng)
            for option, value in key.values.items()
        }
        rate_options(panel_id, scenario_id, ratings, expert)


def _rating(expected: float, spread: float, rng: Random) -> int:
    return min(HIGHEST, max(LOWEST, round(expected + rng.gauss(0, spread))))


def _viewer(account_id: int) -> Viewer:
    viewer = viewer_of(db.session.get_one(Account, account_id))
    db.session.rollback()
    return viewer

"""Panels of experts as an expert sees them: what waits to be rated, and what one gave oneself."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from aptitude.models.scenarios import (
    PanelMember,
    PanelRating,
    PanelScenario,
    ScenarioPanel,
)
from aptitude.queries.panels import scenarios_of_panel
from aptitude.queries.scenarios import options_of
from aptitude.rules.sittings import Shown
from aptitude.rules.words import PanelState
from core.bulk import AnySession
from core.db import db
from core.errors import NotFoundError
from people.queries.opening import reading
from people.rules.access import Viewer
from people.rules.opening import Reason


@dataclass(frozen=True)
class ToJudge(Shown):
    """A scenario as an expert rates it."""

    id: int


@dataclass(frozen=True)
class OwnPanel:
    """A panel, as one of its experts sees it."""

    id: int
    title: str
    state: PanelState
    due_on: date | None
    items: tuple[ToJudge, ...]

    @property
    def next_id(self) -> int | None:
        """Return the first scenario that is not done; None when all are."""
        return next((one.id for one in self.items if not one.is_done), None)


def own_panels(viewer: Viewer) -> list[OwnPanel]:
    """Return the open panels I am an expert of."""
    rows = db.session.scalars(
        select(ScenarioPanel)
        .join(PanelMember, PanelMember.panel_id == ScenarioPanel.id)
        .where(PanelMember.account_id == viewer.account_id, ScenarioPanel.state == PanelState.OPEN)
        .order_by(ScenarioPanel.id)
    ).all()
    return [_own(row, viewer) for row in rows]


def own_panel(panel_id: int, viewer: Viewer) -> OwnPanel:
    """Return a panel I am an expert of.

    Raises:
        NotFoundError: There is none, or I am not asked.
    """
    return _own(own_panel_row(db.session, panel_id, viewer), viewer)


def own_panel_row(session: AnySession, panel_id: int, viewer: Viewer) -> ScenarioPanel:
    """Return the row of a panel I am an expert of.

    Raises:
        NotFoundError: There is none, or I am not asked.
    """
    row = session.scalar(
        select(ScenarioPanel)
        .join(PanelMember, PanelMember.panel_id == ScenarioPanel.id)
        .where(ScenarioPanel.id == panel_id, PanelMember.account_id == viewer.account_id)
    )
    if row is None:
        raise NotFoundError("There is no such panel.")
    return row


def _own(row: ScenarioPanel, viewer: Viewer) -> OwnPanel:
    scenarios = scenarios_of_panel(db.session, row.id)
    options = options_of(db.session, [one.id for one in scenarios])
    given = own_panel_ratings(db.session, row.id, viewer)
    items = tuple(
        ToJudge(
            one.title,
            one.situation,
            one.question,
            one.channel,
            tuple((option.id, option.letter, option.text) for option in options[one.id]),
            {option.id: given[option.id] for option in options[one.id] if option.id in given},
            id=one.id,
        )
        for one in scenarios
    )
    return OwnPanel(row.id, row.title, row.state, row.due_on, items)


@reading(Reason.PANEL)
def own_panel_ratings(session: AnySession, panel_id: int, viewer: Viewer) -> dict[int, int]:
    """Return what I gave, by option."""
    rows = session.execute(
        select(PanelRating.option_id, PanelRating.rating).where(
            PanelRating.panel_id == panel_id, PanelRating.account_id == viewer.account_id
        )
    )
    return dict(rows.all())


def judged_by(viewer: Viewer) -> frozenset[int]:
    """Return the scenarios I still rate as an expert: their keys are not for me meanwhile."""
    rows = db.session.scalars(
        select(PanelScenario.scenario_id)
        .join(ScenarioPanel, ScenarioPanel.id == PanelScenario.panel_id)
        .join(PanelMember, PanelMember.panel_id == PanelScenario.panel_id)
        .where(PanelMember.account_id == viewer.account_id, ScenarioPanel.state == PanelState.OPEN)
    )
    return frozenset(rows)

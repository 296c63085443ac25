"""Panels of experts as HR sees them: who is done, and what a panel says when it is closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from aptitude.models.scenarios import (
    PanelMember,
    PanelRating,
    PanelScenario,
    Scenario,
    ScenarioKey,
    ScenarioPanel,
)
from aptitude.queries.scenarios import Option, options_of
from aptitude.rules.panels import Agreement, agreement, keyed, least_agreement
from aptitude.rules.reliability import Coefficient
from aptitude.rules.words import SCENARIO_STATE_LABELS, PanelState, ScenarioState
from core.bulk import AnySession
from core.db import db
from core.errors import NotFoundError
from curricula.rules.versions import version_of
from people.models import Account
from people.queries.opening import reading
from people.rules.opening import Reason


@dataclass(frozen=True)
class PanelLine:
    """A panel in a list."""

    id: int
    title: str
    state: PanelState
    due_on: date | None
    scenarios: int
    experts: int
    finished: int
    has_keys: bool


@dataclass(frozen=True)
class Expert:
    """Somebody who was asked, and when they were done."""

    name: str
    finished_at: datetime | None


@dataclass(frozen=True)
class PanelItem:
    """A scenario of a panel with what experts say of it; nothing while they still rate."""

    id: int
    code: str
    title: str
    options: tuple[Option, ...]
    found: Agreement | None
    key_number: int | None
    state: ScenarioState
    revision: int

    @property
    def state_words(self) -> str:
        """Return how it stands: "in use, text 2"."""
        return f"{SCENARIO_STATE_LABELS[self.state].lower()}, text {self.revision}"


@dataclass(frozen=True)
class PanelPage:
    """A panel, as HR sees it: never what one expert gave.

    Attributes:
        version: Differs whenever somebody is done, or a scenario was changed.
        whole: Over the answers that are kept, where any are; where some experts rated these
            scenarios and others those, of the set with the least agreement. None while they rate.
    """

    line: PanelLine
    experts: tuple[Expert, ...]
    items: tuple[PanelItem, ...]
    whole: Agreement | None
    version: int

    @property
    def words(self) -> str:
        """Return what closing or publishing rests on, for who reads it before and after."""
        if self.is_open:
            done = [one.name for one in self.experts if one.finished_at]
            told = f": {', '.join(done)}" if done else ""
            return f"{self.line.finished} of {self.line.experts} are done{told}"
        return ", ".join(f"{one.code} {one.state_words}" for one in self.items)

    @property
    def is_open(self) -> bool:
        """Tell whether experts may still rate."""
        return self.line.state is PanelState.OPEN


@dataclass(frozen=True)
class Behind:
    """The panel behind a key: how many experts rated everything, and how far they agree."""

    id: int
    title: str
    experts: int
    icc: Coefficient | None


def panel_lines() -> list[PanelLine]:
    """Return every panel, the newest first."""
    rows = db.session.scalars(select(ScenarioPanel).order_by(ScenarioPanel.id.desc())).all()
    return [_line(row) for row in rows]


def _line(row: ScenarioPanel) -> PanelLine:
    of_panel = PanelMember.panel_id == row.id
    experts, finished = db.session.execute(
        select(func.count(), func.count(PanelMember.finished_at)).where(of_panel)
    ).one()
    scenarios = db.session.scalar(select(func.count()).where(PanelScenario.panel_id == row.id))
    keys = db.session.scalar(select(func.count()).where(ScenarioKey.panel_id == row.id))
    return PanelLine(
        row.id, row.title, row.state, row.due_on, scenarios or 0, experts, finished, bool(keys)
    )


def get_panel_row(session: AnySession, panel_id: int) -> ScenarioPanel:
    """Return a panel's row.

    Raises:
        NotFoundError: There is none with this id.
    """
    row = session.get(ScenarioPanel, panel_id)
    if row is None:
        raise NotFoundError("There is no such panel.")
    return row


def panel_page(panel_id: int) -> PanelPage:
    """Return a panel with what it says, once nobody rates any more.

    Raises:
        NotFoundError: There is none with this id.
    """
    row = get_panel_row(db.session, panel_id)
    experts = db.session.execute(
        select(Account.name, PanelMember.finished_at)
        .join(Account, Account.id == PanelMember.account_id)
        .where(PanelMember.panel_id == panel_id)
        .order_by(Account.name, Account.id)
    ).all()
    items = _items(row)
    whole = None
    if row.state is PanelState.CLOSED:
        found = [item.found for item in items if item.found]
        whole = least_agreement(ratings_of_panel(db.session, panel_id), keyed(found) or found)
    line, asked = _line(row), tuple(Expert(*one) for one in experts)
    return PanelPage(line, asked, items, whole, panel_version(db.session, row))


def panel_version(session: AnySession, panel: ScenarioPanel) -> int:
    """Return a number that differs whenever somebody is done, or a scenario was changed."""
    done = session.scalars(
        select(PanelMember.account_id)
        .where(PanelMember.panel_id == panel.id, PanelMember.finished_at.is_not(None))
        .order_by(PanelMember.account_id)
    ).all()
    rated = scenarios_of_panel(session, panel.id)
    texts = [(one.id, one.state.value, one.revision) for one in rated]
    return version_of(panel.state.value, list(done), texts)


def panel_behind(panel_id: int | None) -> Behind | None:
    """Return the panel a key comes from; None where authors wrote it."""
    if panel_id is None:
        return None
    page = panel_page(panel_id)
    experts = page.whole.complete if page.whole else 0
    return Behind(panel_id, page.line.title, experts, page.whole.icc if page.whole else None)


def _items(panel: ScenarioPanel) -> tuple[PanelItem, ...]:
    rows = scenarios_of_panel(db.session, panel.id)
    options = options_of(db.session, [row.id for row in rows])
    is_closed = panel.state is PanelState.CLOSED
    ratings = ratings_of_panel(db.session, panel.id) if is_closed else {}
    keys = dict(
        db.session.execute(
            select(ScenarioKey.scenario_id, ScenarioKey.number).where(
                ScenarioKey.panel_id == panel.id
            )
        ).all()
    )
    return tuple(
        PanelItem(
            row.id,
            row.code,
            row.title,
            tuple(options[row.id]),
            agreement(ratings, [one.id for one in options[row.id]]) if is_closed else None,
            keys.get(row.id),
            row.state,
            row.revision,
        )
        for row in rows
    )


def scenarios_of_panel(session: AnySession, panel_id: int) -> Sequence[Scenario]:
    """Return what a panel rates, by code."""
    return session.scalars(
        select(Scenario)
        .join(PanelScenario, PanelScenario.scenario_id == Scenario.id)
        .where(PanelScenario.panel_id == panel_id)
        .order_by(Scenario.code)
    ).all()


@reading(Reason.PANEL)
def ratings_of_panel(session: AnySession, panel_id: int) -> dict[int, dict[int, int]]:
    """Return what experts gave, by option and expert: to be put together, never to be shown."""
    rows = session.execute(
        select(PanelRating.option_id, PanelRating.account_id, PanelRating.rating)
        .where(PanelRating.panel_id == panel_id)
        .order_by(PanelRating.option_id, PanelRating.account_id)
    )
    found: dict[int, dict[int, int]] = {}
    for option_id, account_id, rating in rows:
        found.setdefault(option_id, {})[account_id] = rating
    return found

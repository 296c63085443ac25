"""Panels of experts: what waits for an expert, and what a panel says when it is closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select

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
from aptitude.rules.sittings import Shown
from aptitude.rules.words import PanelState
from core.bulk import AnySession
from core.db import db
from core.errors import NotFoundError
from people.models import Account, Employee
from people.queries.opening import reading
from people.rules.access import Viewer
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


@dataclass(frozen=True)
class PanelPage:
    """A panel, as HR sees it: never what one expert gave.

    Attributes:
        whole: Over the answers that are kept, where any are; where some experts rated these
            scenarios and others those, of the set with the least agreement. None while they rate.
    """

    line: PanelLine
    experts: tuple[Expert, ...]
    items: tuple[PanelItem, ...]
    whole: Agreement | None

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
    return PanelPage(_line(row), tuple(Expert(*one) for one in experts), items, whole)


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


@reading(Reason.EXPERTS)
def people_behind(session: AnySession, account_ids: Sequence[int]) -> list[int]:
    """Return the employees these accounts belong to; some belong to nobody."""
    rows = session.scalars(
        select(Account.employee_id).where(
            Account.id.in_(account_ids), Account.employee_id.is_not(None)
        )
    )
    return [one for one in rows if one is not None]


@reading(Reason.EXPERTS)
def accounts_named(words: Sequence[str]) -> dict[str, int | None]:
    """Return the account behind each employee number or address; None where there is none."""
    found: dict[str, int | None] = {}
    for word in words:
        asked = (
            select(Account.id)
            .outerjoin(Employee, Employee.id == Account.employee_id)
            .where(
                or_(Account.email == word.casefold(), Employee.number == word),
                Account.active.is_(True),
            )
            .order_by(Account.id)
        )
        found[word] = db.session.scalars(asked).first()
    return found

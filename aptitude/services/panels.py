"""Calibration: experts rate options without seeing a key; what they agree on becomes the key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select

from aptitude.models.scenarios import (
    PanelMember,
    PanelRating,
    PanelScenario,
    Scenario,
    ScenarioKey,
    ScenarioPanel,
)
from aptitude.queries.experts import accounts_named, people_behind
from aptitude.queries.own_panels import own_panel_ratings, own_panel_row
from aptitude.queries.panels import (
    get_panel_row,
    panel_version,
    ratings_of_panel,
    scenarios_of_panel,
)
from aptitude.queries.scenarios import options_of
from aptitude.rules.asking import check_due
from aptitude.rules.panels import (
    MOST_EXPERTS,
    MOST_SCENARIOS,
    Agreement,
    Ratings,
    agreement,
    agreement_words,
    keyed,
    least_agreement,
)
from aptitude.rules.sittings import check_answer, is_complete
from aptitude.rules.situations import panel_is_sure
from aptitude.rules.words import KeySource, PanelState, ScenarioState
from aptitude.services.scenario_rows import KeyDraft, add_key, put_to_use, turn
from aptitude.services.telling import tell_expert
from core.bulk import AnySession
from core.clock import now, today
from core.db import take_turn, transaction
from core.errors import NotFoundError, RefusedError
from people.rules.access import Viewer
from people.services.auditing import record
from people.services.versions import check_unchanged

NO_KEY = "No scenario was rated by five experts on every answer: there is no key to publish."
CALIBRATED = frozenset({ScenarioState.DRAFT, ScenarioState.PUBLISHED, ScenarioState.REVIEW})


@dataclass(frozen=True)
class PanelDraft:
    """Who is asked to rate which scenarios, until when.

    Attributes:
        experts: Names, employee numbers or addresses of their accounts.
    """

    title: str
    due_on: date | None
    scenario_ids: tuple[int, ...]
    experts: tuple[str, ...]


@dataclass(frozen=True)
class Published:
    """What became of a panel: scenarios with a new key, to be reworded, and left as they are."""

    keyed: int
    to_reword: int
    left: int


def open_panel(draft: PanelDraft, viewer: Viewer) -> int:
    """Ask experts to rate scenarios, and return the panel.

    Raises:
        RefusedError: Nobody or nothing is chosen, or an expert has no account.
    """
    _check(draft)
    found = accounts_named(draft.experts, today(), "experts")
    with transaction() as session:
        take_turn(session, aside=True)
        asked = select(Scenario.id).where(
            Scenario.id.in_(draft.scenario_ids), Scenario.state.in_(CALIBRATED)
        )
        scenario_ids = session.scalars(asked.order_by(Scenario.id)).all()
        if not scenario_ids:
            raise RefusedError("Choose scenarios that are not retired.", "scenarios")
        row = ScenarioPanel(
            title=draft.title.strip(),
            state=PanelState.OPEN,
            due_on=draft.due_on,
            made_at=now(),
            account_id=viewer.account_id,
        )
        session.add(row)
        session.flush()
        session.add_all(PanelScenario(panel_id=row.id, scenario_id=one) for one in scenario_ids)
        for account_id in found:
            session.add(PanelMember(panel_id=row.id, account_id=account_id, invited_at=now()))
        _note(session, row, "asked")
        experts = people_behind(session, found)
        for employee_id in experts:
            tell_expert(session, row, employee_id)
        return row.id


def _check(draft: PanelDraft) -> None:
    if not draft.title.strip():
        raise RefusedError("Give the panel a name.", "title")
    if draft.due_on is not None:
        check_due(draft.due_on, today())
    if not draft.scenario_ids:
        raise RefusedError("Choose at least one scenario.", "scenarios")
    if len(draft.scenario_ids) > MOST_SCENARIOS:
        raise RefusedError(f"Choose at most {MOST_SCENARIOS} at a time.", "scenarios")
    if not draft.experts:
        raise RefusedError("Name at least one expert; a key takes five.", "experts")
    if len(draft.experts) > MOST_EXPERTS:
        raise RefusedError(f"Name at most {MOST_EXPERTS} experts.", "experts")


def rate_options(
    panel_id: int, scenario_id: int, ratings: Mapping[int, int], viewer: Viewer
) -> bool:
    """Keep what an expert says of one scenario; it may change until the panel is closed.

    Returns:
        Whether every option of it is rated now.

    Raises:
        NotFoundError: There is no such panel or scenario, or the viewer is not asked.
        RefusedError: The panel is closed, or a rating cannot be.
    """
    with transaction() as session:
        take_turn(session, aside=True)
        row = own_panel_row(session, panel_id, viewer)
        if row.state is not PanelState.OPEN:
            raise RefusedError("This panel is closed; nothing was changed.")
        ids = [one.id for one in scenarios_of_panel(session, panel_id)]
        if scenario_id not in ids:
            raise NotFoundError("There is no such scenario in this panel.")
        options = {one: [option.id for option in some]
                   for one, some in options_of(session, ids).items()}  # fmt: skip
        check_answer(options[scenario_id], ratings)
        _write(session, panel_id, ratings, viewer)
        given = own_panel_ratings(session, panel_id, viewer)
        every = [option for some in options.values() for option in some]
        _mark_finished(session, panel_id, viewer, is_done=is_complete(every, given))
        return is_complete(options[scenario_id], given)


def _write(session: AnySession, panel_id: int, ratings: Mapping[int, int], viewer: Viewer) -> None:
    gone = delete(PanelRating).where(
        PanelRating.panel_id == panel_id,
        PanelRating.account_id == viewer.account_id,
        PanelRating.option_id.in_(ratings),
    )
    session.execute(gone.execution_options(synchronize_session=False))
    for option_id, rating in ratings.items():
        session.add(
            PanelRating(
                panel_id=panel_id,
                option_id=option_id,
                account_id=viewer.account_id,
                rating=rating,
                rated_at=now(),
            )
        )
    session.flush()


def _mark_finished(session: AnySession, panel_id: int, viewer: Viewer, *, is_done: bool) -> None:
    member = session.get_one(PanelMember, (panel_id, viewer.account_id))
    member.finished_at = (member.finished_at or now()) if is_done else None


def close_panel(panel_id: int, *, seen: int | None = None) -> None:
    """Let nobody rate any more; what the experts say is shown from now on.

    Args:
        panel_id: The panel; one that is closed stays as it is.
        seen: The version that was shown; None where nobody looked.

    Raises:
        NotFoundError: There is no such panel.
        ConflictError: Another expert is done since.
    """
    with transaction() as session:
        take_turn(session, aside=True)
        row = get_panel_row(session, panel_id)
        if row.state is PanelState.OPEN:
            check_unchanged(seen, panel_version(session, row))
            row.state, row.closed_at = PanelState.CLOSED, now()
            _note(session, row, "closed")


def publish_keys(panel_id: int, viewer: Viewer, *, seen: int | None = None) -> Published:
    """Make what the panel agreed on a new version of each key; answers keep the one they had.

    Options on which experts lie too far apart do not count. A scenario with too few options left
    is drawn no more until it is reworded; one that fewer than five rated stays as it is. A draft
    with a key comes into use, and the wording it replaces is retired.

    Raises:
        NotFoundError: There is no such panel.
        RefusedError: It is still open, its keys are published already, no scenario was rated by
            five experts, or they do not agree enough.
        ConflictError: A scenario was reworded, retired or put to use since it was shown.
    """
    with transaction() as session:
        take_turn(session, aside=True)
        row = get_panel_row(session, panel_id)
        _check_publishable(session, row)
        check_unchanged(seen, panel_version(session, row))
        ratings = ratings_of_panel(session, panel_id)
        scenarios = scenarios_of_panel(session, panel_id)
        options = options_of(session, [one.id for one in scenarios])
        found = {
            one.id: agreement(ratings, [option.id for option in options[one.id]])
            for one in scenarios
        }
        _check_agreement(ratings, keyed(found.values()))
        done = [_publish(session, one, found[one.id], row, viewer) for one in scenarios]
        if not any(done):
            raise RefusedError(NO_KEY)
        _note(session, row, "published")
    return Published(done.count("keyed"), done.count("reword"), done.count(""))


def _check_publishable(session: AnySession, row: ScenarioPanel) -> None:
    if row.state is PanelState.OPEN:
        raise RefusedError("Close the panel first: experts may still rate.")
    if session.scalar(select(ScenarioKey.id).where(ScenarioKey.panel_id == row.id).limit(1)):
        raise RefusedError("The keys of this panel are published already.")


def _check_agreement(ratings: Ratings, found: Sequence[Agreement]) -> None:
    if not found:  # no key comes of it
        return
    icc = least_agreement(ratings, found).icc
    if icc is None or not panel_is_sure(icc.value):
        raise RefusedError(agreement_words(icc))


def _publish(
    session: AnySession, scenario: Scenario, found: Agreement, panel: ScenarioPanel, viewer: Viewer
) -> str:
    if not found.has_enough_experts or scenario.state not in CALIBRATED:
        return ""
    if not found.makes_a_key:
        turn(scenario, ScenarioState.REVIEW)
        return "reword"
    values = {
        option: (one.key, one.spread, one.experts, not one.is_weak)
        for option, one in found.options.items()
    }
    add_key(session, scenario.id, KeyDraft(KeySource.PANEL, values, panel.id), viewer.account_id)
    put_to_use(session, scenario)
    return "keyed"


def _note(session: AnySession, row: ScenarioPanel, what: str) -> None:
    record(session, "aptitude.panel", of=("panel", row.id), details={"what": what})

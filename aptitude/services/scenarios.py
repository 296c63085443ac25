"""Writing and retiring scenarios. What somebody was asked stays as they were asked it."""

from sqlalchemy import delete, func, select

from aptitude.models.scenarios import (
    PanelScenario,
    Scenario,
    ScenarioKey,
    ScenarioKeyValue,
    ScenarioOption,
    ScenarioPanel,
)
from aptitude.queries.panels import ratings_of_panel
from aptitude.queries.scenarios import ScenarioPage, get_scenario, options_of
from aptitude.rules.panels import agreement
from aptitude.rules.scenarios import ScenarioDraft, check_scenario
from aptitude.rules.sittings import OWN_PREFIX, next_code, own_code
from aptitude.rules.words import KeySource, PanelState, ScenarioState
from aptitude.services.scenario_rows import (
    add_key,
    add_options,
    add_scenario,
    authors_key,
    family_rows,
    fill,
    get_row,
    note,
    put_to_use,
    turn,
)
from core.bulk import AnySession
from core.db import take_turn, transaction
from core.errors import RefusedError
from people.services.versions import check_unchanged


def write_scenario(draft: ScenarioDraft, *, account_id: int | None) -> int:
    """Keep a new scenario of the organisation's own as a draft, and return its id.

    Raises:
        RefusedError: Something is wrong with the draft.
    """
    check_scenario(draft)
    with transaction() as session:
        take_turn(session, shifts=False)
        own = select(Scenario.code).where(Scenario.code.startswith(OWN_PREFIX))
        code = own_code(session.scalars(own))
        row = add_scenario(session, code, draft, ScenarioState.DRAFT, account_id, None, None)
        note(session, row, "written")
        return row.id


def change_scenario(
    scenario_id: int, draft: ScenarioDraft, *, account_id: int | None, seen: int | None = None
) -> int:
    """Write a new wording of a scenario as a draft beside it, and return its id.

    A draft that nobody was ever asked, experts neither, is changed where it stands.

    Raises:
        NotFoundError: There is no such scenario.
        RefusedError: It has a newer wording already, experts rate it at the moment, or something
            is wrong with the draft.
        ConflictError: Somebody changed it meanwhile.
    """
    check_scenario(draft)
    with transaction() as session:
        take_turn(session, aside=True)
        row = get_row(session, scenario_id)
        check_unchanged(seen, row.revision)
        row.revision += 1
        if row.state is ScenarioState.DRAFT and not _was_rated(session, row):
            _rewrite(session, row, draft, account_id)
            changed = row
        else:
            _check_newest(session, row)
            taken = [one.code for one in family_rows(session, row.code)]
            code = next_code(row.code, taken)
            changed = add_scenario(
                session, code, draft, ScenarioState.DRAFT, account_id, None, row.id
            )
        note(session, changed, "changed")
        return changed.id


def _check_newest(session: AnySession, row: Scenario) -> None:
    newer = session.scalar(
        select(Scenario.code).where(
            Scenario.replaces_id == row.id, Scenario.state != ScenarioState.RETIRED
        )
    )
    if newer is not None:
        raise RefusedError(f"There is a newer wording already, {newer}. Change that one.")


def _was_rated(session: AnySession, row: Scenario) -> bool:
    """Tell whether experts have rated a draft: what they rated stays as they rated it.

    Raises:
        RefusedError: They rate it at the moment.
    """
    panels = session.execute(
        select(ScenarioPanel.title, ScenarioPanel.state)
        .join(PanelScenario, PanelScenario.panel_id == ScenarioPanel.id)
        .where(PanelScenario.scenario_id == row.id)
        .order_by(ScenarioPanel.id)
    ).all()
    for title, state in panels:
        if state is PanelState.OPEN:
            raise RefusedError(
                f"Experts rate this draft in the panel “{title}”. Close the panel first."
            )
    return bool(panels)


def _rewrite(
    session: AnySession, row: Scenario, draft: ScenarioDraft, account_id: int | None
) -> None:
    keys = select(ScenarioKey.id).where(ScenarioKey.scenario_id == row.id)
    session.execute(delete(ScenarioKeyValue).where(ScenarioKeyValue.key_id.in_(keys)))
    session.execute(delete(ScenarioKey).where(ScenarioKey.scenario_id == row.id))
    session.execute(delete(ScenarioOption).where(ScenarioOption.scenario_id == row.id))
    fill(row, draft)
    ids = add_options(session, row.id, draft)
    add_key(session, row.id, authors_key(KeySource.AUTHORS, ids, draft), account_id)


def publish_scenario(
    scenario_id: int, *, account_id: int | None, seen: int | None = None
) -> ScenarioPage:
    """Put a draft to use; the wording before it is retired, tests that hold it go on.

    Raises:
        NotFoundError: There is no such scenario.
        RefusedError: It is no draft.
        ConflictError: Somebody changed it meanwhile.
    """
    with transaction() as session:
        take_turn(session, aside=True)
        row = get_row(session, scenario_id)
        check_unchanged(seen, row.revision)
        if row.state is not ScenarioState.DRAFT:
            raise RefusedError("Only a draft is put to use.")
        put_to_use(session, row)
        note(session, row, "published", account_id)
    return get_scenario(scenario_id)


def retire_scenario(
    scenario_id: int, *, account_id: int | None, seen: int | None = None
) -> ScenarioPage:
    """Draw a scenario no more; what was answered stays.

    Raises:
        NotFoundError: There is no such scenario.
        RefusedError: It is retired already.
        ConflictError: Somebody changed it meanwhile.
    """
    with transaction() as session:
        take_turn(session, aside=True)
        row = get_row(session, scenario_id)
        check_unchanged(seen, row.revision)
        if row.state is ScenarioState.RETIRED:
            raise RefusedError("It is retired already.")
        turn(row, ScenarioState.RETIRED)
        note(session, row, "retired", account_id)
    return get_scenario(scenario_id)


def bring_back(
    scenario_id: int, *, account_id: int | None, seen: int | None = None
) -> ScenarioPage:
    """Put a retired scenario to use again, where no other wording took its place.

    Raises:
        NotFoundError: There is no such scenario.
        RefusedError: It is not retired, another wording is in use, or experts could not agree on
            its key.
        ConflictError: Somebody changed it meanwhile.
    """
    with transaction() as session:
        take_turn(session, aside=True)
        row = get_row(session, scenario_id)
        check_unchanged(seen, row.revision)
        if row.state is ScenarioState.REVIEW or _is_rejected(session, row):
            raise RefusedError(
                "Experts could not agree on its key, so nobody can be scored by it. Reword it, and "
                "let experts rate the new wording."
            )
        if row.state is not ScenarioState.RETIRED:
            raise RefusedError("It is in use already.")
        for one in family_rows(session, row.code):
            if one.state is ScenarioState.PUBLISHED:
                raise RefusedError(f"The wording {one.code} is in use; retire that one first.")
        turn(row, ScenarioState.PUBLISHED)
        note(session, row, "published", account_id)
    return get_scenario(scenario_id)


def _is_rejected(session: AnySession, row: Scenario) -> bool:
    """Tell whether experts rated it after its key was made, and could not agree on a new one."""
    newest = select(func.max(ScenarioKey.made_at)).where(ScenarioKey.scenario_id == row.id)
    since = select(ScenarioPanel.id).join(PanelScenario, PanelScenario.panel_id == ScenarioPanel.id)
    since = since.where(
        PanelScenario.scenario_id == row.id,
        ScenarioPanel.state == PanelState.CLOSED,
        ScenarioPanel.closed_at >= newest.scalar_subquery(),
    )
    option_ids = [one.id for one in options_of(session, [row.id])[row.id]]
    found = [
        agreement(ratings_of_panel(session, panel_id), option_ids)
        for panel_id in session.scalars(since).all()
    ]
    return any(one.has_enough_experts and not one.makes_a_key for one in found)

"""The rows of a scenario, its options and its keys, written in the transaction of the caller."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, insert, or_, select

from aptitude.models.scenarios import Scenario, ScenarioKey, ScenarioKeyValue, ScenarioOption
from aptitude.rules.scenarios import ScenarioDraft
from aptitude.rules.sittings import FAMILY_SEPARATOR, family_of
from aptitude.rules.words import KeySource, ScenarioState
from core.bulk import AnySession
from core.clock import now
from core.errors import NotFoundError
from people.services.auditing import record


@dataclass(frozen=True)
class KeyDraft:
    """What a new version of a key says: mean, spread, experts and whether it counts, by option."""

    source: KeySource
    values: dict[int, tuple[float, float | None, int, bool]]
    panel_id: int | None = None


def get_row(session: AnySession, scenario_id: int) -> Scenario:
    """Return a scenario.

    Raises:
        NotFoundError: There is no such one.
    """
    row = session.get(Scenario, scenario_id)
    if row is None:
        raise NotFoundError("There is no such scenario.")
    return row


def family_rows(session: AnySession, code: str) -> list[Scenario]:
    """Return all wordings of a scenario, the oldest first."""
    family = family_of(code)
    rows = session.scalars(
        select(Scenario)
        .where(
            or_(
                Scenario.code == family,
                Scenario.code.startswith(family + FAMILY_SEPARATOR, autoescape=True),
            )
        )
        .order_by(Scenario.id)
    )
    return list(rows)


def add_scenario(
    session: AnySession,
    code: str,
    draft: ScenarioDraft,
    state: ScenarioState,
    account_id: int | None,
    digest: str | None,
    replaces_id: int | None,
) -> Scenario:
    """Add a wording with its options and the key of its authors."""
    row = Scenario(
        code=code,
        state=state,
        shipped_hash=digest,
        replaces_id=replaces_id,
        revision=1,
        made_at=now(),
        account_id=account_id,
    )
    fill(row, draft)
    session.add(row)
    session.flush()
    ids = add_options(session, row.id, draft)
    source = KeySource.LIBRARY if digest else KeySource.AUTHORS
    add_key(session, row.id, authors_key(source, ids, draft), account_id)
    return row


def fill(row: Scenario, draft: ScenarioDraft) -> None:
    """Write the words of a draft into a scenario."""
    row.title, row.area, row.channel = draft.title, draft.area, draft.channel
    row.levels = [one.value for one in draft.levels]
    row.dimensions = list(draft.dimensions)
    row.situation, row.question = draft.situation, draft.question
    row.changed_at = now()


def add_options(session: AnySession, scenario_id: int, draft: ScenarioDraft) -> list[int]:
    """Add the options of a draft, and return their ids in order."""
    rows = [
        ScenarioOption(scenario_id=scenario_id, position=position, text=one.text, reason=one.reason)
        for position, one in enumerate(draft.options, start=1)
    ]
    session.add_all(rows)
    session.flush()
    return [row.id for row in rows]


def authors_key(source: KeySource, option_ids: Sequence[int], draft: ScenarioDraft) -> KeyDraft:
    """Return the key that the authors of a draft gave its options."""
    pairs = zip(option_ids, draft.keys, strict=True)
    return KeyDraft(source, {id_: (key, None, 0, True) for id_, key in pairs})


def add_key(session: AnySession, scenario_id: int, draft: KeyDraft, account_id: int | None) -> int:
    """Add a version of a key, in the transaction of the caller, and return its number."""
    newest = session.scalar(
        select(func.max(ScenarioKey.number)).where(ScenarioKey.scenario_id == scenario_id)
    )
    key = ScenarioKey(
        scenario_id=scenario_id,
        number=(newest or 0) + 1,
        source=draft.source,
        panel_id=draft.panel_id,
        made_at=now(),
        account_id=account_id,
    )
    session.add(key)
    session.flush()
    rows = [
        {"key_id": key.id, "option_id": id_, "mean": mean, "sd": sd, "experts": experts,
         "counts": counts}
        for id_, (mean, sd, experts, counts) in draft.values.items()
    ]  # fmt: skip
    session.execute(insert(ScenarioKeyValue), rows)
    return key.number


def put_to_use(session: AnySession, row: Scenario) -> None:
    """Draw a scenario from now on and the wording before it no more; the caller's transaction."""
    before = get_row(session, row.replaces_id) if row.replaces_id is not None else None
    if before is not None and before.state is not ScenarioState.RETIRED:
        turn(before, ScenarioState.RETIRED)
    turn(row, ScenarioState.PUBLISHED)


def turn(row: Scenario, state: ScenarioState) -> None:
    """Move a scenario to a state, in the transaction of the caller."""
    row.state, row.changed_at = state, now()
    row.revision += 1


def note(session: AnySession, row: Scenario, what: str, account_id: int | None = None) -> None:
    """Leave a mark in the trail of what was done to a scenario."""
    details = {"code": row.code, "what": what}
    record(session, "aptitude.scenario", of=("scenario", row.id), details=details, by=account_id)

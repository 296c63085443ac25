"""Bringing in the scenarios that ship. What the organisation made of them stays as it is."""

import hashlib
import json
from collections.abc import Sequence

from sqlalchemy import select

from aptitude.models.scenarios import Scenario, ScenarioKey, ScenarioOption
from aptitude.queries.scenarios import levels_of
from aptitude.rules.scenarios import LoadedScenarios, OptionDraft, ScenarioDraft, draft_of
from aptitude.rules.sittings import next_code
from aptitude.rules.starter import ScenarioItem
from aptitude.rules.words import KeySource, ScenarioState
from aptitude.services.scenario_rows import add_key, add_scenario, authors_key, family_rows
from core.bulk import AnySession
from core.clock import now
from core.db import take_turn, transaction
from people.services.auditing import record


def load_scenarios(items: Sequence[ScenarioItem], *, account_id: int | None) -> LoadedScenarios:
    """Bring the scenarios of the library in, in use; doing it again changes nothing.

    What the organisation reworded, calibrated or retired stays as it is. What it left alone
    follows the library: another key as a new version of the key, other words as a new wording.
    """
    found = LoadedScenarios([], [], [], [])
    with transaction() as session:
        take_turn(session, aside=True)
        for item in items:
            outcome = _load(session, item, account_id)
            getattr(found, outcome).append(item.id)
        if found.added or found.renewed:
            details = {"added": len(found.added), "renewed": len(found.renewed)}
            record(session, "aptitude.scenario", details=details)
    return found


def _load(session: AnySession, item: ScenarioItem, account_id: int | None) -> str:
    rows = family_rows(session, item.id)
    draft, digest = draft_of(item), _digest(item)
    if not rows:
        add_scenario(session, item.id, draft, ScenarioState.PUBLISHED, account_id, digest, None)
        return "added"
    if any(row.shipped_hash == digest for row in rows):
        return "same"
    head = rows[-1]
    if head.shipped_hash is None or not _is_untouched(session, head):
        return "kept"
    head.changed_at = now()
    if _stored(session, head).words == draft.words:
        head.shipped_hash, head.revision = digest, head.revision + 1
        ids = _option_ids(session, head.id)
        add_key(session, head.id, authors_key(KeySource.LIBRARY, ids, draft), account_id)
        return "renewed"
    head.state = ScenarioState.RETIRED
    code = next_code(head.code, [row.code for row in rows])
    add_scenario(session, code, draft, ScenarioState.PUBLISHED, account_id, digest, head.id)
    return "renewed"


def _digest(item: ScenarioItem) -> str:
    draft = draft_of(item)
    plain = json.dumps([item.id, draft.words, draft.keys], default=str, ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()


def _is_untouched(session: AnySession, row: Scenario) -> bool:
    newest = session.scalar(
        select(ScenarioKey.source)
        .where(ScenarioKey.scenario_id == row.id)
        .order_by(ScenarioKey.number.desc())
        .limit(1)
    )
    return row.state is ScenarioState.PUBLISHED and newest is KeySource.LIBRARY


def _stored(session: AnySession, row: Scenario) -> ScenarioDraft:
    options = session.execute(
        select(ScenarioOption.text, ScenarioOption.reason)
        .where(ScenarioOption.scenario_id == row.id)
        .order_by(ScenarioOption.position)
    )
    return ScenarioDraft(
        row.title,
        row.area,
        row.channel,
        levels_of(row),
        tuple(row.dimensions),
        row.situation,
        row.question,
        tuple(OptionDraft(text, reason, 1) for text, reason in options),
    )


def _option_ids(session: AnySession, scenario_id: int) -> list[int]:
    asked = (
        select(ScenarioOption.id)
        .where(ScenarioOption.scenario_id == scenario_id)
        .order_by(ScenarioOption.position)
    )
    return list(session.scalars(asked))

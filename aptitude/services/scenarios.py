"""Loading, writing and retiring scenarios. What somebody was asked stays as they were asked it."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, or_, select

from aptitude.models.scenarios import (
    PanelScenario,
    Scenario,
    ScenarioKey,
    ScenarioKeyValue,
    ScenarioOption,
    ScenarioPanel,
)
from aptitude.queries.scenarios import ScenarioPage, get_scenario, levels_of
from aptitude.rules.scenarios import (
    LoadedScenarios,
    OptionDraft,
    ScenarioDraft,
    check_scenario,
    draft_of,
)
from aptitude.rules.sittings import (
    FAMILY_SEPARATOR,
    OWN_PREFIX,
    family_of,
    next_code,
    own_code,
)
from aptitude.rules.starter import ScenarioItem
from aptitude.rules.words import KeySource, PanelState, ScenarioState
from core.bulk import AnySession
from core.clock import now
from core.db import take_turn, transaction
from core.errors import NotFoundError, RefusedError
from people.services.auditing import record
from people.services.versions import check_unchanged


@dataclass(frozen=True)
class KeyDraft:
    """What a new version of a key says: mean, spread, experts and whether it counts, by option."""

    source: KeySource
    values: dict[int, tuple[float, float | None, int, bool]]
    panel_id: int | None = None


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
    rows = _family(session, item.id)
    draft, digest = draft_of(item), _digest(item)
    if not rows:
        _add(session, item.id, draft, ScenarioState.PUBLISHED, account_id, digest, None)
        return "added"
    if any(row.library_hash == digest for row in rows):
        return "same"
    head = rows[-1]
    if head.library_hash is None or not _is_untouched(session, head):
        return "kept"
    head.changed_at = now()
    if _stored(session, head).words == draft.words:
        head.library_hash, head.revision = digest, head.revision + 1
        ids = _option_ids(session, head.id)
        add_key(session, head.id, _authors(KeySource.LIBRARY, ids, draft), account_id)
        return "renewed"
    head.state = ScenarioState.RETIRED
    code = next_code(head.code, [row.code for row in rows])
    _add(session, code, draft, ScenarioState.PUBLISHED, account_id, digest, head.id)
    return "renewed"


def _digest(item: ScenarioItem) -> str:
    draft = draft_of(item)
    plain = json.dumps([item.id, draft.words, draft.keys], default=str, ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()


def _family(session: AnySession, code: str) -> list[Scenario]:
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


def _add(
    session: AnySession,
    code: str,
    draft: ScenarioDraft,
    state: ScenarioState,
    account_id: int | None,
    digest: str | None,
    replaces_id: int | None,
) -> Scenario:
    row = Scenario(
        code=code,
        state=state,
        library_hash=digest,
        replaces_id=replaces_id,
        revision=1,
        made_at=now(),
        account_id=account_id,
    )
    _fill(row, draft)
    session.add(row)
    session.flush()
    ids = _add_options(session, row.id, draft)
    source = KeySource.LIBRARY if digest else KeySource.AUTHORS
    add_key(session, row.id, _authors(source, ids, draft), account_id)
    return row


def _fill(row: Scenario, draft: ScenarioDraft) -> None:
    row.title, row.area, row.channel = draft.title, draft.area, draft.channel
    row.levels = [one.value for one in draft.levels]
    row.dimensions = list(draft.dimensions)
    row.situation, row.question = draft.situation, draft.question
    row.changed_at = now()


def _add_options(session: AnySession, scenario_id: int, draft: ScenarioDraft) -> list[int]:
    rows = [
        ScenarioOption(scenario_id=scenario_id, position=position, text=one.text, reason=one.reason)
        for position, one in enumerate(draft.options, start=1)
    ]
    session.add_all(rows)
    session.flush()
    return [row.id for row in rows]


def _authors(source: KeySource, option_ids: Sequence[int], draft: ScenarioDraft) -> KeyDraft:
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


def write_scenario(draft: ScenarioDraft, *, account_id: int | None) -> int:
    """Keep a new scenario of the organisation's own as a draft, and return its id.

    Raises:
        RefusedError: Something is wrong with the draft.
    """
    check_scenario(draft)
    with transaction() as session:
        take_turn(session)
        own = select(Scenario.code).where(Scenario.code.startswith(OWN_PREFIX))
        code = own_code(session.scalars(own))
        row = _add(session, code, draft, ScenarioState.DRAFT, account_id, None, None)
        _note(session, row, "written")
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
        row = _get(session, scenario_id)
        check_unchanged(seen, row.revision)
        row.revision += 1
        if row.state is ScenarioState.DRAFT and not _was_rated(session, row):
            _rewrite(session, row, draft, account_id)
            changed = row
        else:
            _check_newest(session, row)
            taken = [one.code for one in _family(session, row.code)]
            code = next_code(row.code, taken)
            changed = _add(session, code, draft, ScenarioState.DRAFT, account_id, None, row.id)
        _note(session, changed, "changed")
        return changed.id


def _get(session: AnySession, scenario_id: int) -> Scenario:
    row = session.get(Scenario, scenario_id)
    if row is None:
        raise NotFoundError("There is no such scenario.")
    return row


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
    _fill(row, draft)
    ids = _add_options(session, row.id, draft)
    add_key(session, row.id, _authors(KeySource.AUTHORS, ids, draft), account_id)


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
        row = _get(session, scenario_id)
        check_unchanged(seen, row.revision)
        if row.state is not ScenarioState.DRAFT:
            raise RefusedError("Only a draft is put to use.")
        put_to_use(session, row)
        _note(session, row, "published", account_id)
    return get_scenario(scenario_id)


def put_to_use(session: AnySession, row: Scenario) -> None:
    """Draw a scenario from now on and the wording before it no more; the caller's transaction."""
    before = _get(session, row.replaces_id) if row.replaces_id is not None else None
    if before is not None and before.state is not ScenarioState.RETIRED:
        turn(before, ScenarioState.RETIRED)
    turn(row, ScenarioState.PUBLISHED)


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
        row = _get(session, scenario_id)
        check_unchanged(seen, row.revision)
        if row.state is ScenarioState.RETIRED:
            raise RefusedError("It is retired already.")
        turn(row, ScenarioState.RETIRED)
        _note(session, row, "retired", account_id)
    return get_scenario(scenario_id)


def bring_back(
    scenario_id: int, *, account_id: int | None, seen: int | None = None
) -> ScenarioPage:
    """Put a retired scenario to use again, where no other wording took its place.

    Raises:
        NotFoundError: There is no such scenario.
        RefusedError: It is not retired, or another wording is in use.
        ConflictError: Somebody changed it meanwhile.
    """
    with transaction() as session:
        take_turn(session, aside=True)
        row = _get(session, scenario_id)
        check_unchanged(seen, row.revision)
        if row.state not in {ScenarioState.RETIRED, ScenarioState.REVIEW}:
            raise RefusedError("It is in use already.")
        for one in _family(session, row.code):
            if one.state is ScenarioState.PUBLISHED:
                raise RefusedError(f"The wording {one.code} is in use; retire that one first.")
        turn(row, ScenarioState.PUBLISHED)
        _note(session, row, "published", account_id)
    return get_scenario(scenario_id)


def turn(row: Scenario, state: ScenarioState) -> None:
    """Move a scenario to a state, in the transaction of the caller."""
    row.state, row.changed_at = state, now()
    row.revision += 1


def _note(session: AnySession, row: Scenario, what: str, account_id: int | None = None) -> None:
    details = {"code": row.code, "what": what}
    record(session, "aptitude.scenario", of=("scenario", row.id), details=details, by=account_id)

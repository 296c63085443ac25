"""Taking a scenario test: begun, answered one situation at a time on any device, handed in once."""

from collections.abc import Mapping
from secrets import SystemRandom

from sqlalchemy import select

from aptitude.models.assessments import Assessment, Rating
from aptitude.models.scenarios import Scenario, ScenarioAnswer, ScenarioSitting
from aptitude.queries.frameworks import FrameworkView, find_framework
from aptitude.queries.requests import level_of, test_asked_of
from aptitude.queries.scenarios import Key, candidates, keys_in_force, options_of
from aptitude.queries.sittings import (
    answers_of,
    last_drawn,
    own_rows,
    own_sitting,
)
from aptitude.queries.told import ratings_of
from aptitude.rules.closeness import by_dimension, closeness, closeness_of, tenths_of
from aptitude.rules.sittings import check_answer, draw, is_complete
from aptitude.rules.sources import Source
from aptitude.rules.words import Purpose, RequestState
from aptitude.services.standings import renew_standings
from core.bulk import AnySession
from core.clock import now, today
from core.db import take_turn, transaction
from core.errors import NotFoundError, RefusedError
from people.queries.opening import reading
from people.rules.access import Viewer
from people.rules.levels import Level
from people.rules.opening import Reason
from people.services.auditing import record


def begin_sitting(channel: str | None, viewer: Viewer) -> int:
    """Draw a test for whoever asks, or return the one they have not handed in yet.

    Raises:
        NotFoundError: They do not work here.
        RefusedError: There is no scenario for their level.
    """
    employee_id = viewer.employee_id
    if employee_id is None:
        raise NotFoundError("There is nobody to test.")
    with transaction() as session:
        take_turn(session, aside=True)
        is_open = select(ScenarioSitting.id).where(
            *own_rows(ScenarioSitting.employee_id, viewer), ScenarioSitting.submitted_at.is_(None)
        )
        found = session.scalars(is_open).first()
        if found is not None:
            return found
        level = _level(session, employee_id)
        seen = last_drawn(session, viewer)
        drawn = draw(candidates(session), level, channel, seen, SystemRandom())
        if not drawn:
            raise RefusedError("There is no situation for your level yet. HR can load the library.")
        row = ScenarioSitting(
            employee_id=employee_id,
            level=level,
            channel=channel,
            request_id=_request_id(session, viewer),
            drawn=drawn,
            started_at=now(),
        )
        session.add(row)
        session.flush()
        return row.id


def _request_id(session: AnySession, viewer: Viewer) -> int | None:
    row = test_asked_of(session, viewer)
    return row.id if row else None


@reading(Reason.RATING)
def _level(session: AnySession, employee_id: int) -> Level:
    return level_of(session, employee_id, today())


def save_answer(sitting_id: int, place: int, ratings: Mapping[int, int], viewer: Viewer) -> bool:
    """Keep what somebody says of one situation, complete or not.

    Returns:
        Whether every option is rated now.

    Raises:
        NotFoundError: There is no such test or situation.
        RefusedError: The test is handed in, or a rating cannot be.
    """
    with transaction() as session:
        take_turn(session, aside=True)
        row = own_sitting(session, sitting_id, viewer)
        if row.submitted_at is not None:
            raise RefusedError("This test is handed in; nothing was changed.")
        if not 1 <= place <= len(row.drawn):
            raise NotFoundError("There is no such situation.")
        scenario_id = row.drawn[place - 1]
        options = [one.id for one in options_of(session, [scenario_id])[scenario_id]]
        check_answer(options, ratings)
        held = answers_of(session, row.id, viewer).get(scenario_id)
        said = {**ratings_of(held), **ratings}
        if said:
            _keep(session, row, scenario_id, held, said)
        return is_complete(options, said)


def _keep(
    session: AnySession,
    sitting: ScenarioSitting,
    scenario_id: int,
    held: ScenarioAnswer | None,
    said: Mapping[int, int],
) -> None:
    if held is None:
        held = ScenarioAnswer(
            sitting_id=sitting.id, employee_id=sitting.employee_id, scenario_id=scenario_id
        )
        session.add(held)
    held.ratings = {str(option): rating for option, rating in said.items()}
    held.answered_at = now()
    session.flush()


def hand_in(sitting_id: int, viewer: Viewer) -> None:
    """Score a test by the keys in force, for good, and write down what it came to.

    Each answer keeps the key it was scored by. On every dimension with two situations or more the
    person's profile gets a figure of the source "scenario test", which enters no other figure.
    A test that was handed in stays as it is. Whoever asked for it sees that it was taken.

    Raises:
        NotFoundError: There is no such test.
        RefusedError: A situation is not done, or none can be scored.
    """
    with transaction() as session:
        take_turn(session, aside=True)
        row = own_sitting(session, sitting_id, viewer)
        if row.submitted_at is not None:
            return
        answers = answers_of(session, row.id, viewer)
        _check_done(session, row, answers)
        scored = _score(session, answers)
        found = closeness_of([score for _, score in scored])
        if found is None:
            raise RefusedError(
                "None of these situations has an agreed answer any more. Tell HR; nothing is lost."
            )
        row.submitted_at, row.score = now(), found.mean
        framework = find_framework()
        if framework is not None:
            row.assessment_id = _write(session, row, framework, scored)
        _answer_request(session, row, viewer)
        session.flush()
        renew_standings(session, [row.employee_id], today())


@reading(Reason.RATING)
def _answer_request(session: AnySession, row: ScenarioSitting, viewer: Viewer) -> None:
    """Close what the person was asked, before they began or since."""
    asked = test_asked_of(session, viewer)
    if asked is not None:
        asked.state, asked.closed_at = RequestState.ANSWERED, now()
        row.request_id = asked.id


def _check_done(
    session: AnySession, row: ScenarioSitting, answers: Mapping[int, ScenarioAnswer]
) -> None:
    options = options_of(session, row.drawn)
    left = [
        str(place)
        for place, one in enumerate(row.drawn, start=1)
        if not is_complete([option.id for option in options[one]], ratings_of(answers.get(one)))
    ]
    if left:
        which = "Situation" if len(left) == 1 else "Situations"
        raise RefusedError(f"{which} {', '.join(left)}: rate every answer before you hand it in.")


def _score(
    session: AnySession, answers: Mapping[int, ScenarioAnswer]
) -> list[tuple[list[str], float]]:
    keys: Mapping[int, Key] = keys_in_force(session, list(answers))
    dimensions: dict[int, list[str]] = dict(
        session.execute(
            select(Scenario.id, Scenario.dimensions).where(Scenario.id.in_(answers))
        ).all()
    )
    scored: list[tuple[list[str], float]] = []
    for scenario_id, answer in answers.items():
        key = keys.get(scenario_id)
        score = closeness(key.keyed, ratings_of(answer)) if key else None
        if key is not None and score is not None:
            answer.key_id, answer.score = key.id, score
            scored.append((dimensions[scenario_id], score))
    return scored


def _write(
    session: AnySession,
    row: ScenarioSitting,
    framework: FrameworkView,
    scored: list[tuple[list[str], float]],
) -> int:
    """Write the assessment of the source "scenario test", where nobody rates: it has no rater."""
    held = Assessment(
        subject_id=row.employee_id,
        source=Source.SCENARIO,
        framework_id=framework.id,
        level=row.level,
        purpose=Purpose.DEVELOPMENT,
        assessed_on=today(),
        recorded_at=now(),
    )
    session.add(held)
    session.flush()
    found = by_dimension(scored, list(framework.names))
    for dimension in framework.dimensions:
        tenths = tenths_of(found[dimension.code])
        session.add(
            Rating(
                assessment_id=held.id,
                dimension_id=dimension.id,
                subject_id=row.employee_id,
                source=Source.SCENARIO,
                tenths=tenths,
                not_observed=tenths is None,
            )
        )
    session.flush()
    record(
        session,
        "aptitude.assess",
        of=("assessment", None),
        about=row.employee_id,
        details={"source": Source.SCENARIO.value},
    )
    return held.id

"""Let people take scenario tests in the demo: drawn and scored by the rules of the product."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from sqlalchemy import select

from aptitude.models.assessments import Assessment, Rating
from aptitude.models.scenarios import Scenario, ScenarioAnswer, ScenarioSitting
from aptitude.queries.frameworks import FrameworkView, get_framework
from aptitude.queries.requests import level_of
from aptitude.queries.scenarios import Key, candidates, keys_in_force
from aptitude.rules.closeness import by_dimension, closeness, closeness_of, tenths_of
from aptitude.rules.sittings import draw
from aptitude.rules.situations import HIGHEST, LOWEST
from aptitude.rules.sources import Source
from aptitude.rules.words import Purpose
from core.bulk import AnySession
from core.clock import now, today
from core.db import take_turn, transaction
from demo.rules.sayings import TestsTaken
from people.models import Employee

CHANNEL = "phone"
DAYS_BETWEEN = 2


def take_tests(step: TestsTaken) -> None:
    """Write down the tests of some people, a few days apart."""
    rng = Random(step.seed)  # no secret: the same story every day
    framework = get_framework()
    with transaction() as session:
        take_turn(session)
        situations = {row.id: list(row.dimensions) for row in session.scalars(select(Scenario))}
        keys = keys_in_force(session, list(situations))
        numbers = select(Employee.number, Employee.id).where(Employee.number.in_(step.numbers))
        people = dict(session.execute(numbers).all())
        sitting = _Sitting(session, rng, keys, situations, framework)
        for place, number in enumerate(step.numbers):
            sitting.take(people[number], -DAYS_BETWEEN * place)
        session.flush()


class _Sitting:
    """One test of one person."""

    def __init__(
        self,
        session: AnySession,
        rng: Random,
        keys: dict[int, Key],
        situations: dict[int, list[str]],
        framework: FrameworkView,
    ) -> None:
        self.session, self.rng, self.keys = session, rng, keys
        self.situations, self.framework = situations, framework
        self.candidates = candidates(session)

    def take(self, employee_id: int, days: int) -> None:
        level = level_of(self.session, employee_id, today())
        drawn = draw(self.candidates, level, CHANNEL, {}, self.rng)
        began = now() + timedelta(days=days, minutes=self.rng.randrange(-200, 1))
        ended = began + timedelta(minutes=self.rng.randrange(14, 31))
        skill = self.rng.uniform(0.5, 1.6)
        rated = {one: self._ratings(self.keys[one], skill) for one in drawn}
        scores = {one: closeness(self.keys[one].keyed, rated[one]) or 0.0 for one in drawn}
        found = closeness_of(list(scores.values()))
        scored = [(self.situations[one], scores[one]) for one in drawn]
        assessment = Assessment(
            subject_id=employee_id,
            source=Source.SCENARIO,
            framework_id=self.framework.id,
            level=level,
            purpose=Purpose.DEVELOPMENT,
            assessed_on=ended.date(),
            recorded_at=ended,
        )
        self.session.add(assessment)
        self.session.flush()
        sitting = ScenarioSitting(
            employee_id=employee_id,
            level=level,
            channel=CHANNEL,
            drawn=drawn,
            started_at=began,
            submitted_at=ended,
            score=found.mean if found else 0.0,
            assessment_id=assessment.id,
        )
        self.session.add(sitting)
        self.session.flush()
        self._rate(assessment, scored)
        self.session.add_all(
            ScenarioAnswer(
                sitting_id=sitting.id,
                employee_id=employee_id,
                scenario_id=one,
                ratings={str(option): rating for option, rating in rated[one].items()},
                answered_at=ended,
                key_id=self.keys[one].id,
                score=scores[one],
            )
            for one in drawn
        )

    def _ratings(self, key: Key, skill: float) -> dict[int, int]:
        """Return what somebody gives each option: the key, missed by less with more skill."""
        return {
            option: min(HIGHEST, max(LOWEST, round(value.mean + self.rng.gauss(0, 1.7 - skill))))
            for option, value in key.values.items()
        }

    def _rate(self, held: Assessment, scored: Sequence[tuple[list[str], float]]) -> None:
        found = by_dimension(scored, list(self.framework.names))
        for dimension in self.framework.dimensions:
            tenths = tenths_of(found[dimension.code])
            self.session.add(
                Rating(
                    assessment_id=held.id,
                    dimension_id=dimension.id,
                    subject_id=held.subject_id,
                    source=Source.SCENARIO,
                    tenths=tenths,
                    not_observed=tenths is None,
                )
            )

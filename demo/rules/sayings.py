"""What is told of aptitude at Meridian Services: who said what of whom, and what followed."""

from dataclasses import dataclass
from datetime import date

from demo.rules.seeing import Look
from demo.rules.steps import Step


@dataclass(frozen=True)
class Saying:
    """Somebody is asked about somebody; `look` is None while they have not answered.

    Attributes:
        subject, rater: Employee numbers.
        source: One of the words of `assessment.source`.
        level: Where the subject stands.
        given_on: The day it was handed in.
    """

    subject: str
    rater: str
    source: str
    level: str
    look: Look | None
    given_on: date


@dataclass(frozen=True)
class FrameworkLoaded(Step):
    """HR published the framework that ships."""


@dataclass(frozen=True)
class RoundHeld(Step):
    """People were asked about one another.

    Attributes:
        asked_on, due_on: From when until when.
        renewed: The beginnings of the units whose standings and duties are worked out then.
        is_wave: Those of the people it is about are worked out, and of nobody else.
        later: Who comes in a later wave, and is worked out then.
    """

    occasion: str
    asked_on: date
    due_on: date
    sayings: tuple[Saying, ...]
    renewed: tuple[str, ...]
    is_wave: bool = False
    later: frozenset[str] = frozenset()


@dataclass(frozen=True)
class DutiesLookedAfter(Step):
    """A manager put days to the duties they owe, with a coach; the first is overdue by now."""

    owner: str
    coach: str
    days: tuple[date, ...]


@dataclass(frozen=True)
class DutiesShared(Step):
    """HR found a coach and a day for about half of what the others owe.

    Attributes:
        besides: Who looks after what they owe themself.
        coaches: Of seniors and the front line.
        leading: Who coaches those who lead.
        days: By when, in turn, where a duty does not end before.
    """

    besides: str
    coaches: tuple[str, ...]
    leading: tuple[str, ...]
    days: tuple[date, ...]


@dataclass(frozen=True)
class TaughtSeen(Step):
    """HR wrote down that it was seen at work what modules had taught."""


@dataclass(frozen=True)
class Contested(Step):
    """Somebody saw it differently than their manager.

    Attributes:
        answer: What HR answered, and on the same day; "" while they have not.
    """

    number: str
    text: str
    answer: str = ""


@dataclass(frozen=True)
class TestsTaken(Step):
    """People took scenario tests."""

    numbers: tuple[str, ...]
    seed: int


@dataclass(frozen=True)
class AnchorsJudged(Step):
    """Judges sorted the anchors of the front line, and HR closed the workshop.

    Attributes:
        numbers: Of the judges.
        days: How long before it was opened.
    """

    numbers: tuple[str, ...]
    days: int
    seed: int


@dataclass(frozen=True)
class PanelHeld(Step):
    """Experts rated the answers of scenarios, and what they agree on became the key.

    Attributes:
        codes: The scenarios.
        experts: The accounts of the experts, by their roles in the demo.
    """

    title: str
    codes: tuple[str, ...]
    experts: tuple[str, ...]
    seed: int

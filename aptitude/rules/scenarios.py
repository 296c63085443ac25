"""Writing scenarios: what is refused, and what the library may still change."""

from collections.abc import Sequence
from dataclasses import dataclass

from aptitude.rules.starter import (
    DIMENSIONS,
    HIGHEST_KEY,
    LEAST_SPREAD,
    LOWEST_KEY,
    OPTIONS,
    Area,
    ScenarioItem,
)
from core.errors import RefusedError, refuse_all
from curricula.rules.files import CHANNELS
from curricula.rules.words import LEVELS_BOTTOM_UP
from people.rules.levels import Level

LONGEST_TITLE, LONGEST_SITUATION, LONGEST_OPTION, LONGEST_REASON = 120, 1200, 500, 500
MOST_OPTIONS = OPTIONS[1]


@dataclass(frozen=True)
class OptionDraft:
    """One thing somebody could do, as it is written down."""

    text: str
    reason: str
    key: float


@dataclass(frozen=True)
class ScenarioDraft:
    """A scenario as it is written down."""

    title: str
    area: Area
    channel: str
    levels: tuple[Level, ...]
    dimensions: tuple[str, ...]
    situation: str
    question: str
    options: tuple[OptionDraft, ...]

    @property
    def words(self) -> tuple[object, ...]:
        """Return all but the keys: with other words it is another wording."""
        texts = tuple((one.text, one.reason) for one in self.options)
        return (
            self.title,
            self.area,
            self.channel,
            self.levels,
            self.dimensions,
            self.situation,
            self.question,
            texts,
        )

    @property
    def keys(self) -> tuple[float, ...]:
        """Return how good each option is."""
        return tuple(one.key for one in self.options)


@dataclass
class LoadedScenarios:
    """What loading the library did, as codes.

    Attributes:
        added: Were not there yet.
        renewed: Followed the library: another wording or another key.
        same: Are there as the library says.
        kept: Were changed or retired in the organisation, and stay as they are.
    """

    added: list[str]
    renewed: list[str]
    same: list[str]
    kept: list[str]


def draft_of(item: ScenarioItem) -> ScenarioDraft:
    """Return an item of the library as it is written down."""
    return ScenarioDraft(
        item.title,
        item.area,
        item.channel,
        tuple(Level(one) for one in item.levels),
        item.dimensions,
        item.situation,
        item.question,
        tuple(OptionDraft(one.text, one.why, one.key) for one in item.options),
    )


def check_scenario(draft: ScenarioDraft) -> None:
    """Refuse a scenario that nobody could answer or score.

    Raises:
        RefusedError: All that is wrong, each at its field.
    """
    found = [
        _text_fault(draft.title, "a title", "title", LONGEST_TITLE),
        _text_fault(draft.situation, "the situation", "situation", LONGEST_SITUATION),
    ]
    if draft.channel not in CHANNELS:
        found.append(RefusedError("Choose a channel.", "channel"))
    if not draft.levels:
        found.append(RefusedError("Choose at least one level.", "levels"))
    if not draft.dimensions or set(draft.dimensions) - set(DIMENSIONS):
        found.append(RefusedError("Choose at least one dimension.", "dimensions"))
    if not OPTIONS[0] <= len(draft.options) <= OPTIONS[1]:
        words = f"There are {len(draft.options)} answers; write {OPTIONS[0]} or {OPTIONS[1]}."
        found.append(RefusedError(words))
    for place, one in enumerate(draft.options, start=1):
        found += _option_faults(one, place)
    refuse_all([one for one in found if one is not None] or _key_faults(draft.keys))


def _text_fault(text: str, what: str, field: str, most: int) -> RefusedError | None:
    if not text.strip():
        return RefusedError(f"Write {what}.", field)
    if len(text) > most:
        words = f"This has {len(text)} characters; at most {most} are kept."
        return RefusedError(words, field)
    return None


def _option_faults(one: OptionDraft, place: int) -> list[RefusedError | None]:
    found = [
        _text_fault(one.text, "the answer", f"text-{place}", LONGEST_OPTION),
        _text_fault(one.reason, "what it does to the customer", f"reason-{place}", LONGEST_REASON),
    ]
    if not LOWEST_KEY <= one.key <= HIGHEST_KEY:
        words = f"Give a number from {LOWEST_KEY:g} to {HIGHEST_KEY:g}."
        found.append(RefusedError(words, f"key-{place}"))
    return found


def _key_faults(keys: Sequence[float]) -> list[RefusedError]:
    spread = round(max(keys) - min(keys), 1)
    if spread >= LEAST_SPREAD:
        return []
    return [
        RefusedError(
            f"The best and the worst answer lie {spread:g} apart; they need {LEAST_SPREAD:g}, or "
            "the situation tells nobody’s judgement."
        )
    ]


def in_order(levels: Sequence[Level]) -> tuple[Level, ...]:
    """Return levels from the front line up."""
    return tuple(one for one in LEVELS_BOTTOM_UP if one in set(levels))

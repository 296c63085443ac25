"""What a panel of experts says of options: the mean of each, how far they agree, what is weak."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from aptitude.rules.closeness import FEWEST_OPTIONS
from aptitude.rules.reliability import Coefficient, iccs, mean_squares
from aptitude.rules.situations import (
    ENOUGH_AGREEMENT,
    FEWEST_EXPERTS,
    MOST_SPREAD,
    KeyedOption,
    keyed_option,
)
from aptitude.rules.sources import ANONYMOUS_FROM
from core.words import number_word

MOST_EXPERTS, MOST_SCENARIOS = 60, 100
LEAST_BETWEEN = 1.0
"""Points between the best and the worst option a key has to tell apart."""

Ratings = Mapping[int, Mapping[int, int]]
"""By option and expert: 1 to 7."""


@dataclass(frozen=True)
class Agreement:
    """What a panel says of some options.

    Attributes:
        options: By option; only those that anybody rated.
        icc: ICC(2) of the mean of the experts who rated every option; None where it is not known.
        complete: How many experts rated every option.
        is_shown: There are enough experts for a mean to name nobody.
    """

    options: Mapping[int, KeyedOption]
    icc: Coefficient | None
    complete: int
    is_shown: bool

    @property
    def kept(self) -> list[int]:
        """Return the options that count: enough experts, and not too far apart."""
        return [option for option, one in self.options.items() if not one.is_weak]

    @property
    def has_enough_experts(self) -> bool:
        """Tell whether the panel is large enough for a key."""
        return bool(self.options) and all(
            one.experts >= FEWEST_EXPERTS for one in self.options.values()
        )

    @property
    def makes_a_key(self) -> bool:
        """Tell whether the options that are kept make a key that tells good from poor."""
        means = [self.options[option].key for option in self.kept]
        return len(means) >= FEWEST_OPTIONS and max(means) - min(means) >= LEAST_BETWEEN

    @property
    def words(self) -> str:
        """Return in a sentence what may be done with it."""
        if not self.is_shown:
            return (
                f"Shown when {number_word(ANONYMOUS_FROM)} experts have rated every answer, so "
                "that no mean tells who gave it."
            )
        if not self.has_enough_experts:
            fewest = number_word(FEWEST_EXPERTS)
            return f"Fewer than {fewest} experts have rated every answer: no key yet."
        weak = len(self.options) - len(self.kept)
        if not self.makes_a_key:
            return "Experts do not agree on enough answers: reword it and ask again."
        if weak:
            return (
                f"Kept without {weak} of {len(self.options)} answers, on which experts lie more "
                f"than {MOST_SPREAD} apart."
            )
        return "Every answer can be kept."


def agreement(ratings: Ratings, options: Sequence[int]) -> Agreement:
    """Return what experts say of options.

    Args:
        ratings: What each gave.
        options: All that were to be rated.
    """
    experts = {expert for given in ratings.values() for expert in given}
    full = sorted(
        expert for expert in experts if all(expert in ratings.get(one, {}) for one in options)
    )
    keyed = {
        option: keyed_option(list(ratings[option].values()))
        for option in options
        if ratings.get(option)
    }
    icc = None
    if len(full) > 1 and len(options) > 1:
        table = np.array([[ratings[one][expert] for expert in full] for one in options], float)
        icc = iccs(mean_squares(table)).icc2k
    return Agreement(keyed, icc, len(full), len(full) >= ANONYMOUS_FROM)


def keyed(found: Iterable[Agreement]) -> list[Agreement]:
    """Return what is said of the scenarios that get a key."""
    return [one for one in found if one.has_enough_experts and one.makes_a_key]


def least_agreement(ratings: Ratings, found: Sequence[Agreement]) -> Agreement:
    """Return what experts say together of scenarios, where they agree least.

    Scenarios that the same experts rated are taken together. Where some rated these and others
    those, each set has to stand for itself: no expert of the one vouches for the other. A set
    whose agreement is not known comes before all others.
    """
    sets: dict[frozenset[int], list[int]] = {}
    for one in found:
        options = one.kept or list(one.options)
        sets.setdefault(_experts_of(ratings, options), []).extend(options)
    together = [agreement(ratings, options) for options in sets.values()]
    return min(together, key=_sureness, default=agreement(ratings, []))


def _experts_of(ratings: Ratings, options: Sequence[int]) -> frozenset[int]:
    sets = [frozenset(ratings.get(one, {})) for one in options]
    return frozenset.intersection(*sets) if sets else frozenset()


def _sureness(one: Agreement) -> tuple[bool, float, int]:
    return one.icc is not None, one.icc.value if one.icc else 0.0, one.complete


def agreement_words(icc: Coefficient | None) -> str:
    """Return in a sentence what the agreement of a panel allows."""
    if icc is None:
        return (
            "Agreement is not known: it takes experts who have rated every answer of the same "
            "scenarios."
        )
    figure = f"{icc.value:.2f}"
    if icc.value >= ENOUGH_AGREEMENT:
        return f"ICC of their mean over the answers that are kept {figure}: enough for a key."
    return (
        f"ICC of their mean over the answers that are kept {figure}, below {ENOUGH_AGREEMENT:.2f}: "
        "they do not agree enough. Talk about the answers furthest apart, or ask more experts."
    )


def unnamed_words(line: str, people: Sequence[str]) -> str:
    """Return why a line names no expert.

    Args:
        line: What was written.
        people: Who is called so, each in words.
    """
    if not people:
        return f"“{line}”: nobody with an account has this name, number or address."
    if len(people) == 1:
        return f"“{line}”: {people[0]} has no account yet. Invite them first."
    return f"“{line}” could be {'; or '.join(people)}. Write the number of the one you mean."


def shut_out_words(line: str) -> str:
    """Return why somebody with an account can be no expert."""
    return (
        f"“{line}”: this account cannot open what you ask. Link it to somebody who works here, or "
        "give it the role HR or trainer."
    )

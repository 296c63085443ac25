"""A share as people say it: "One training hour in eleven was soft." Exact, or else "About"."""

from fractions import Fraction

from ledger.rules.kinds import Basis
from planner.rules.shares import Figures
from planner.rules.wording import number_word

_ONE_IN_FIGURES = 100
_HALF = Fraction(1, 2)
_NOUNS = {Basis.LEARNER: "training hour", Basis.CONTACT: "contact hour"}
_PARTS = {
    Fraction(3, 10): "three {noun}s in ten",
    Fraction(1, 3): "a third of the {noun}s",
    Fraction(2, 5): "two {noun}s in five",
    Fraction(1, 2): "half of the {noun}s",
    Fraction(3, 5): "three {noun}s in five",
    Fraction(2, 3): "two thirds of the {noun}s",
    Fraction(7, 10): "seven {noun}s in ten",
    Fraction(3, 4): "three quarters of the {noun}s",
    Fraction(4, 5): "four {noun}s in five",
    Fraction(9, 10): "nine {noun}s in ten",
}


def share_sentence(figures: Figures, basis: Basis) -> str:
    """Return how much was soft; of classified minutes, of which there must be some."""
    share = Fraction(figures.soft_minutes, figures.classified_minutes)
    noun = _NOUNS[basis]
    which = "" if figures.is_exact else "classified "
    if share == 0:
        return f"No {which}{noun} was soft."
    if share == 1:
        return f"Every {which}{noun} was soft."
    part, plain = _nearest(share)
    words = (
        f"{_in_words(part).format(noun=noun)} {'was' if part < Fraction(27, 100) else 'were'} soft."
    )
    return words[0].upper() + words[1:] if plain else f"About {words}"


def _nearest(share: Fraction) -> tuple[Fraction, bool]:
    """Return the plain fraction nearest to a share, and whether it is the share itself."""
    parts = [*_PARTS, *_one_in(share)]
    if share > _HALF:
        parts.extend(1 - part for part in _one_in(1 - share))
    part = min(parts, key=lambda candidate: abs(candidate - share))
    return part, part == share


def _one_in(share: Fraction) -> list[Fraction]:
    """Return the 1/N on both sides, N at least four, and in two figures where it is not exact."""
    count = share.denominator // share.numerator
    if share.numerator == 1 or count < _ONE_IN_FIGURES:
        return [Fraction(1, max(4, count)), Fraction(1, max(4, count + 1))]
    step: int = 10 ** (len(str(count)) - 2)
    return [Fraction(1, round(1 / share / step) * step)]


def _in_words(part: Fraction) -> str:
    if part in _PARTS:
        return _PARTS[part]
    if part.numerator == 1:
        return f"one {{noun}} in {number_word(part.denominator)}"
    return f"all but one {{noun}} in {number_word(part.denominator)}"

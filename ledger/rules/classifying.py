"""What a classification must be before it is recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.errors import RefusedError


@dataclass(frozen=True)
class ClassificationDraft:
    """From a day on, courses are to count as these categories."""

    shares: tuple[tuple[str, int], ...]
    """Pairs of category code and whole percent."""
    from_on: date
    why: str | None = None


def check_shares(shares: Sequence[tuple[str, int]], known: Sequence[str]) -> None:
    """Refuse shares that are no whole.

    Raises:
        RefusedError: A category is unknown or named twice, a percentage is out of range, or the
            percentages do not sum to 100.
    """
    codes = [code for code, _ in shares]
    for code in codes:
        if code not in known:
            raise RefusedError(
                f"There is no category {code}; there are {', '.join(known)}.", field="category"
            )
    if len(set(codes)) != len(codes):
        raise RefusedError("A category is named twice; add its percentages up.", field="category")
    total = sum(percent for _, percent in shares)
    if total != 100 or any(percent < 1 for _, percent in shares):
        raise RefusedError(
            f"The percentages sum to {total}; they must be 1 or more and sum to 100.",
            field="percent",
        )

"""Remarks beside the tables of a balance: what stands out, without praise or blame."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from planner.rules.shares import Figures, as_fraction
from planner.rules.standings import Standing, standing
from planner.rules.wording import MONTHS, number_word, percent, percent1

DECISIVE_SHARE = Fraction(8, 10)
SURE = frozenset({Standing.BELOW, Standing.AT, Standing.AT_OR_ABOVE, Standing.ABOVE})
FEWEST_MONTHS = 3
"""With fewer months of known share nothing is said about a trend."""

A_YEAR = 12
NAMED_UNITS = 2


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One month of the trend, by its first day."""

    month_on: date
    figures: Figures


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One row of a table by unit; `figures` is None where it is suppressed."""

    label: str
    figures: Figures | None


@dataclass(frozen=True, slots=True)
class Decisive:
    """How few titles decide most of the unclassified minutes.

    Attributes:
        titles: The fewest titles, largest first, that hold at least `share`.
        all_titles: Titles with unclassified minutes.
        share: Of all unclassified minutes, 0.0 to 1.0.
    """

    titles: int
    all_titles: int
    share: float


def trend_remark(points: Sequence[TrendPoint], pattern_share: float | Fraction | None) -> str:
    """Return how the months lie against the pattern; nothing for fewer than three known months.

    A month lies above where its whole range does: unclassified hours could not bring it below.

    Args:
        points: Months in order, the latest last; months without a known share are passed over.
        pattern_share: 0.0 to 1.0, or None under broad, which the pattern is no line for.
    """
    known = [point for point in points if point.figures.soft_share is not None]
    if pattern_share is None or len(known) < FEWEST_MONTHS:
        return ""
    line = as_fraction(pattern_share)
    places = [standing(point.figures, line) for point in known]
    above = sum(place is Standing.ABOVE for place in places)
    open_ = sum(place not in SURE for place in places)
    month = MONTHS[known[-1].month_on.month - 1]
    if above == 1 and places[-1] is Standing.ABOVE and len(known) == len(points) == A_YEAR:
        return f"{month} was the first month above the pattern in a year."
    which = "month" if len(known) == len(points) else "month with a known share"
    for place in (Standing.ABOVE, Standing.BELOW):
        if all(found is place for found in places):
            return f"Every {which} was {place.value} the pattern."
    if open_:
        return _with_open(above, open_, len(known))
    if not above:
        return f"No {which} was above the pattern."
    verb = "month" if above == 1 else "months"
    return (
        f"{number_word(above).capitalize()} {verb} of {number_word(len(known))} "
        f"{'was' if above == 1 else 'were'} above the pattern."
    )


def _with_open(above: int, open_: int, known: int) -> str:
    """Say how many months are above for sure, and for how many unclassified hours decide."""
    verb = "was" if above == 1 else "were"
    sure = f"{number_word(above).capitalize() if above else 'None'} of {number_word(known)} months"
    rest = "one" if open_ == 1 else number_word(open_)
    return f"{sure} {verb} above the pattern for sure; for {rest} the unclassified hours decide."


def unit_remark(rows: Sequence[UnitRow], order: str = "Largest first.") -> str:
    """Return the order of a table by unit, who had no soft hour, and the highest share.

    Args:
        rows: Units side by side, without the total and without units inside them; suppressed
            rows are passed over.
        order: The sentence about the order.
    """
    shown = [
        (row.label, row.figures)
        for row in rows
        if row.figures is not None and row.figures.soft_share is not None
    ]
    if len(shown) < 2:
        return order
    none = [label for label, figures in shown if figures.soft_minutes == 0]
    best = max(_share(figures) for _, figures in shown)
    leaders = [label for label, figures in shown if _share(figures) == best]
    exact = all(figures.is_exact for _, figures in shown if figures.soft_minutes == 0)
    said = [order]
    if none:
        said.append(_without_soft(none, exact, everyone=len(none) == len(rows)))
    if len(leaders) == 1 and best > 0:
        where = "shown " if len(shown) < len(rows) else ""
        said.append(f"The highest share {where}is in {leaders[0]}: {percent1(float(best))}.")
    return " ".join(said)


def decisive_titles(
    unclassified_minutes: Sequence[int], share: float | Fraction = DECISIVE_SHARE
) -> Decisive:
    """Return the fewest titles that hold `share` of the unclassified minutes.

    Args:
        unclassified_minutes: Minutes of each title, in any order; those without are left out.
        share: Wanted part of all of them, above 0.0 and up to 1.0.
    """
    ordered = sorted((minutes for minutes in unclassified_minutes if minutes > 0), reverse=True)
    wanted, held, count = as_fraction(share) * sum(ordered), 0, 0
    while held < wanted:
        held += ordered[count]
        count += 1
    return Decisive(titles=count, all_titles=len(ordered), share=float(share))


def unclassified_note(unclassified_minutes: Sequence[int]) -> str:
    """Return how few titles decide most of the unclassified hours; nothing where there are none."""
    found = decisive_titles(unclassified_minutes)
    if not found.titles:
        return ""
    which = "all" if found.titles == found.all_titles else f"{percent(as_fraction(found.share))} of"
    if found.titles == 1:
        return f"One title decides {which} the unclassified hours."
    return f"{found.titles} titles decide {which} the unclassified hours."


def _share(figures: Figures) -> Fraction:
    return Fraction(figures.soft_minutes, figures.classified_minutes)


def _without_soft(labels: Sequence[str], exact: bool, everyone: bool) -> str:
    known = "" if exact else "known "
    if everyone:
        return f"No unit had a {known}soft hour."
    if len(labels) <= NAMED_UNITS:
        return f"{' and '.join(labels)} had no {known}soft hour."
    return f"{number_word(len(labels)).capitalize()} units had no {known}soft hour."

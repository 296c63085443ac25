"""What is said beside the figures of a file of ratings, in sentences."""

from collections.abc import Sequence

from aptitude.rules.consistency import Consistency
from aptitude.rules.inversion import Inverted
from aptitude.rules.rating_files import ReadFile
from aptitude.rules.severity import ENOUGH_RATINGS, RaterFigure
from core.words import plural, thousands

FEWEST_ITEMS, FEWEST_PERSONS = 3, 30
MOST_INVERTED = 10


def about_items(found: Consistency) -> list[str]:
    """Return what to know of the items before alpha is believed."""
    notes = [
        f"“{item.name}” is negatively related to the other dimensions"
        f" ({item.rest_correlation:.2f}): see whether it is scored the other way round."
        for item in found.items
        if item.is_negative
    ]
    if len(found.items) < FEWEST_ITEMS or found.persons < FEWEST_PERSONS:
        notes.append("alpha: fewer than three items or thirty persons; go by its interval.")
    if found.is_torn:
        notes.append(
            "alpha: the pairs of dimensions rest on different persons; take it as a guess."
        )
    return notes


def about_raters(figures: Sequence[RaterFigure], connected: bool) -> list[str]:
    """Return why severities are not known, or not to be used."""
    if not figures:
        return []
    if len(figures) == 1:
        return ["Severity: one rater only, so there is nobody to compare with."]
    if not connected:
        return [
            "Severity: the design is not connected. Some raters share nobody they rated, not even"
            " by way of others, so severe raters and weak persons look alike."
        ]
    few = sum(1 for one in figures if one.count < ENOUGH_RATINGS)
    return [
        f"Severity: {thousands(few)} of {plural(len(figures), 'rater has', 'raters have')} fewer"
        f" than {ENOUGH_RATINGS} ratings; correct no score by it."
    ] if few else []  # fmt: skip


def about_inverted(against: Sequence[tuple[str, Inverted]]) -> list[str]:
    """Return who scores against all others, by name."""
    notes = [
        f"“{name}” scores against the others (correlation {one.correlation:.2f} on"
        f" {thousands(one.shared)} shared scores): see whether the scale was read the other way"
        " round."
        for name, one in against[:MOST_INVERTED]
    ]
    if len(against) > MOST_INVERTED:
        notes.append(f"{thousands(len(against))} raters in all score against the others.")
    return notes


def about_file(file: ReadFile) -> list[str]:
    """Return which rows are in no figure, and why."""
    told = [
        (file.own, "Self-ratings stand beside the others, never inside: {} left out."),
        (file.not_observed, "Without a score: {} left out."),
        (file.twice, "Repeated word for word: {} counted once."),
        (file.several, "By raters who speak as several sources: {}; the mean of each counts once."),
        (len(file.refusals), "Refused: {} left out."),
    ]
    notes = [text.format(plural(count, "row", "rows")) for count, text in told if count]
    if not file.has_source:
        notes.append(
            "There is no column source, so a self-rating was told by nothing but a rater called"
            " like the person."
        )
    return notes

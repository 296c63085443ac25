"""How a balance is counted, term by term: the note at the end of every page, file and PDF."""

from dataclasses import dataclass
from datetime import date

from ledger.rules.kinds import Basis, Definition
from planner.rules.shares import Figures
from planner.rules.wording import THIN, amount, day, short_amount, thousands

GROUPS = (
    "By unit, by level or by site, one at a time, in months, quarters and years. Shown is what, "
    "together with everything else that is shown at the same time, tells of no group under five."
)


@dataclass(frozen=True, slots=True)
class MethodTerm:
    """A term and what it means here."""

    term: str
    text: str


@dataclass(frozen=True, slots=True)
class MethodFacts:
    """What the note needs to know of a balance.

    Attributes:
        figures: Figures of the scope and period.
        definition: What counts as soft.
        basis: What an hour is one of.
        by_today: Whether people count where they stand today, not where they stood then.
        entries: Lines of the ledger behind the figures.
        taxonomy_on: Day of the last change of categories or classifications, if any.
        recorded_to: The day up to which records count.
        filters: Narrowings in words, such as "level Front line".
        groups_only: Whether the reader may not see individuals.
    """

    figures: Figures
    definition: Definition
    basis: Basis
    by_today: bool
    entries: int
    taxonomy_on: date | None
    recorded_to: date
    filters: tuple[str, ...] = ()
    groups_only: bool = False


def method_note(facts: MethodFacts) -> list[MethodTerm]:
    """Return the terms of a balance in reading order."""
    terms = [
        MethodTerm("Share", _share_text(facts.figures)),
        MethodTerm(
            "Range",
            "All unclassified hours hard gives the lowest share, all soft the highest.",
        ),
    ]
    if facts.basis is Basis.LEARNER:
        terms.append(
            MethodTerm(
                "Interval",
                f"95{THIN}%, from differences between people; not shown for fewer than five.",
            )
        )
    return [
        *terms,
        MethodTerm(facts.definition.value.capitalize(), _definition_text(facts)),
        _basis_term(facts.basis),
        MethodTerm("Structure", _structure_text(facts.by_today)),
        MethodTerm(
            "The 90/10 pattern",
            "A published claim with no sample behind it, about the four families: a line to test "
            "oneself against.",
        ),
        *([MethodTerm("Groups", GROUPS)] if facts.groups_only else []),
        MethodTerm("As recorded", f"Everything recorded up to {day(facts.recorded_to)}."),
        *([MethodTerm("Only", "; ".join(facts.filters) + ".")] if facts.filters else []),
        MethodTerm(
            "Rounding",
            "Hours in tables are whole, so parts may differ from their sum by one; files hold "
            "whole minutes.",
        ),
        MethodTerm("Source", _source_text(facts.entries, facts.taxonomy_on)),
    ]


def _share_text(figures: Figures) -> str:
    text = (
        "Soft hours divided by classified hours, pooled over everyone in view, "
        "never a mean of shares"
    )
    if figures.soft_share is None:
        return f"{text}."
    soft, hard = short_amount(figures.soft_minutes), short_amount(figures.hard_minutes)
    return f"{text}: {soft} / ({hard} + {soft})."


def _definition_text(facts: MethodFacts) -> str:
    other = facts.figures.other_soft_minutes
    verb = "counts" if other in (1, 60) else "count"
    hours = amount(other)
    if facts.definition is Definition.BROAD:
        text = (
            "Hospitality, relationship, service recovery, experiential and other soft training, "
            "such as leadership and communication."
        )
        return (
            f"{text} {hours} of it {'is' if verb == 'counts' else 'are'} other soft."
            if other
            else text
        )
    text = "Hospitality, relationship, service recovery and experiential."
    return f"{text} {hours} of other soft training {verb} as hard here." if other else text


def _basis_term(basis: Basis) -> MethodTerm:
    if basis is Basis.CONTACT:
        return MethodTerm("Contact-hours", "One for every hour a session ran, however many came.")
    return MethodTerm("Learner-hours", "One for every person and hour attended.")


def _structure_text(by_today: bool) -> str:
    if by_today:
        return "Hours count where each person stands today."
    return "Hours count where each person stood on the day of the training."


def _source_text(entries: int, taxonomy_on: date | None) -> str:
    count = "1 entry" if entries == 1 else f"{thousands(entries)} entries"
    return f"{count}, taxonomy of {day(taxonomy_on)}." if taxonomy_on else f"{count}."

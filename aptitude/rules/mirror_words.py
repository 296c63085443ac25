"""The sentence above the leader mirror: true for every value, and never about one person."""

from dataclasses import dataclass
from datetime import date

from aptitude.rules.debts import Debts, UnitDuties
from aptitude.rules.group_figures import Rungs
from aptitude.rules.mirror import SMALLEST_GROUP
from core.words import day, plural

WHO_LEADS = "A leader is whoever others report to, on any level of the ladder."
FAILED = (
    "Renewing it failed and is tried again in the night; if this stands here tomorrow as well, "
    "tell whoever runs Training Mix."
)

REVIEWED = (
    "People who were assessed in the year by whoever led them on that day, not by anybody further "
    "up, of all who were employed at its end, or are today, by head count (GRI 404-3; ESRS S1-13, "
    "83 a). Whoever nobody led is among these people and cannot be counted as reviewed: a review "
    "by a board is not recorded here. Category is the level, gender what the list of people says; "
    "how many reviews were agreed (AR 77) is not recorded either."
)


def headline(rungs: Rungs, leaders: int | None, below: int | None) -> str:
    """Return what the mirror shows, in a sentence.

    Args:
        rungs: The ladder.
        leaders: How many lead somebody; None where fewer than five do.
        below: How many of them stand below the median of their team; None where that is not told.
    """
    whole = rungs.total
    if whole is None:
        return "There are too few people to show figures of groups."
    if not whole.assessed:
        return "Nobody is assessed yet."
    known = f"{whole.assessed} of {plural(whole.people, 'person is', 'people are')} assessed"
    if leaders is None or below is None:
        return f"{known}."
    if not below:
        return f"{known}; no leader is surely below their team."
    return f"{known}; {plural(below, 'leader stands', 'leaders stand')} below their team."


def leaders_words(leaders: int | None, compared: int, below: int | None, not_assessed: int) -> str:
    """Return how leaders stand to their teams.

    Args:
        leaders: None where too few lead others, or too few besides those seen by name.
        compared: Leaders of teams of five or more of whom enough is known.
        below: None where that would tell of one.
        not_assessed: Leaders of whom too little is known.
    """
    if leaders is None:
        return (
            "Fewer than five lead others, or fewer than five besides those you see by name: "
            "nothing is shown of them."
        )
    few = "too few" if compared < SMALLEST_GROUP else "too few besides those you see by name"
    shown = f"{few} to say how many are" if below is None else str(below)
    return (
        f"Of {plural(leaders, 'leader', 'leaders')}, {compared} could be held against five or more "
        f"of their team: {shown} below the median. {not_assessed} not assessed."
    )


def management_words(total: UnitDuties | None) -> str:
    """Return what management does for those below a target, before anything of the people."""
    if total is None:
        return "No duty is on record that may be shown."
    if total.below is None:
        return (
            "How many of those below a target have a plan is not shown: it would tell of fewer "
            "than five people."
        )
    if not total.below.people:
        return "Nobody is below a target as far as is known."
    planned, coached = (
        plural(count, "has", "have") for count in (total.below.planned, total.below.coached)
    )
    whole = plural(total.below.people, "person", "people")
    return f"Of {whole} below a target, {planned} a plan and {coached} a coach."


def untold_words(debts: Debts) -> str:
    """Return of how many units nothing is told of what management does; empty for none."""
    untold = len(debts.units) - len(debts.telling)
    if not untold:
        return ""
    why = "it would tell of fewer than five people there, or of another group."
    if not debts.telling:
        return f"Nothing is told of any unit: {why}"
    more = f"{untold:,} more {'unit' if untold == 1 else 'units'}"
    return f"Nothing is told of {more}, so the lines do not add up to all units: {why}"


@dataclass(frozen=True)
class Behind:
    """Some figures of groups are of an earlier day.

    Attributes:
        worked_out_on: That day.
        has_failed: Working them out anew was tried and failed; the night tries again.
    """

    worked_out_on: date
    has_failed: bool = False


def renewing_words(behind: Behind | None) -> str:
    """Return of which day some figures are while they are being renewed; empty for none."""
    if behind is None:
        return ""
    said = f"Some figures were worked out on {day(behind.worked_out_on)}"
    return f"{said}. {FAILED}" if behind.has_failed else f"{said} and are being renewed."


def team_renewing_words(behind: Behind | None) -> str:
    """Return the same for who looks at a team, whose people have pages that are up to date."""
    if behind is None:
        return ""
    said = f"Some of it may still be what was worked out on {day(behind.worked_out_on)}"
    how = f". {FAILED} The" if behind.has_failed else ": it is being renewed, and the"
    return f"{said}{how} page of each person is up to date."


def levels_words(rungs: Rungs) -> str:
    """Return from which level to which the ladder goes, as it is for whoever looks."""
    labels = [one.label for one in rungs.rungs]
    if not labels:
        return "By level"
    return (
        labels[0]
        if len(labels) == 1
        else f"{labels[0]} to {labels[-1][:1].lower()}{labels[-1][1:]}"
    )

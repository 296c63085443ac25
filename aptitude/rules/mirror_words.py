"""The sentence above the leader mirror: true for every value, and never about one person."""

from datetime import date

from aptitude.rules.debts import UnitDuties
from aptitude.rules.group_figures import Rungs
from core.words import day, plural


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
    shown = "too few to say how many are" if below is None else str(below)
    return (
        f"Of {plural(leaders, 'leader', 'leaders')}, {compared} could be held against five or more "
        f"of their team: {shown} below the median. {not_assessed} not assessed."
    )


def management_words(total: UnitDuties | None) -> str:
    """Return what management does for those below a target, before anything of the people."""
    if total is None:
        return "No duty is on record that may be shown."
    if total.below is None:
        return "Fewer than five people are below a target: how many have a plan is not shown."
    if not total.below.people:
        return "Nobody is below a target as far as is known."
    planned, coached = (
        plural(count, "has", "have") for count in (total.below.planned, total.below.coached)
    )
    whole = plural(total.below.people, "person", "people")
    return f"Of {whole} below a target, {planned} a plan and {coached} a coach."


def renewing_words(worked_out_on: date | None) -> str:
    """Return of which day some figures are while they are being renewed; empty for none."""
    if worked_out_on is None:
        return ""
    return f"Some figures were worked out on {day(worked_out_on)} and are being renewed."


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

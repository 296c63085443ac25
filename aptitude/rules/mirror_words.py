"""The sentence above the leader mirror: true for every value, and never about one person."""

from aptitude.rules.group_figures import Rungs
from core.words import plural


def headline(rungs: Rungs, leaders: int | None, below: int | None) -> str:
    """Return what the mirror shows, in a sentence.

    Args:
        rungs: The ladder.
        leaders: How many lead somebody; None where fewer than five do.
        below: How many of them stand below the median of their team; None where too few could be
            compared for that to be told.
    """
    whole = rungs.total
    if whole is None:
        return "There are too few people to show figures of groups."
    if not whole.assessed:
        return "Nobody is assessed yet, from the executives to the front line."
    known = f"{whole.assessed} of {plural(whole.people, 'person is', 'people are')} assessed"
    if leaders is None or below is None:
        return f"{known}."
    if not below:
        return f"{known}; no leader is surely below their team."
    return f"{known}; {plural(below, 'leader stands', 'leaders stand')} below their team."


def leaders_words(
    leaders: int | None, compared: int | None, below: int | None, not_assessed: int | None
) -> str:
    """Return how leaders stand to their teams; what would tell of a few of them is None."""
    if leaders is None:
        return "Fewer than five lead others, so that nothing is shown of them."
    if compared is None:
        return (
            f"You see all but a few of {plural(leaders, 'leader', 'leaders')} by name, so counts "
            "of all of them would tell of those few."
        )
    found = "too few to say how many stand" if below is None else str(below)
    return (
        f"Of {plural(leaders, 'leader', 'leaders')}, {compared} could be held against five or more "
        f"of their team: {found} below the median. {not_assessed} not assessed."
    )

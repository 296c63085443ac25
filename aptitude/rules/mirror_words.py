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

"""How much of what people can do lies between teams: ICC(1) and ICC(2) of their overall figures.

Only teams whose figures are shown come in, and five of them at least: then it rests on 25 people
or more, and tells of nobody.
"""

from dataclasses import dataclass

import numpy as np

from aptitude.rules.groups import GroupReliability, Real, Whole, group_reliability
from aptitude.rules.mirror import SMALLEST_GROUP
from core.words import number_word, percent_short

FEWEST_TEAMS = 5
HOW_BETWEEN_TEAMS = (
    "Of the differences between people, ICC(1) is the part that lies between teams, and ICC(2) how "
    "reliably the means of teams differ, by overall figures of teams of which five or more are "
    "assessed (one-way analysis of variance). Neither says why: teams differ in whom they took on, "
    "in what they were taught, and in who rated them."
)


@dataclass(frozen=True)
class BetweenTeams:
    """What of the differences between people lies between their teams.

    Attributes:
        teams: How many came in.
        found: None for fewer than five teams, or where their means do not differ at all.
    """

    teams: int
    found: GroupReliability | None


def between_teams(overall: Real, team: Whole) -> BetweenTeams:
    """Return what lies between teams, by the overall figure and the team of each person."""
    teams = int((np.bincount(team) > 0).sum())
    if teams < FEWEST_TEAMS:
        return BetweenTeams(teams, None)
    return BetweenTeams(teams, group_reliability(overall, team))


def between_words(one: BetweenTeams) -> str:
    """Return in plain words what lies between teams, or why it cannot be told."""
    if one.teams < FEWEST_TEAMS:
        return (
            "How much lies between teams cannot be told: it takes "
            f"{number_word(FEWEST_TEAMS)} teams of which {number_word(SMALLEST_GROUP)} or more are "
            "assessed and may be shown."
        )
    teams = f"{number_word(one.teams)} teams of five or more"
    if one.found is None:
        return f"The means of {teams} do not differ: nothing lies between teams."
    part = round(one.found.icc1, 2)
    if part <= 0:
        return (
            f"In {teams}, people of one team differ as much as people of different teams (ICC(1) "
            "below 0.01): the mean of a team tells it from no other."
        )
    return (
        f"In {teams}, {percent_short(part)} of the differences between people lie "
        f"between teams (ICC(1)); the mean of a team is reliable to {one.found.icc2:.2f} (ICC(2))."
    )

"""Leaders beside their teams: one flag where it belongs, and "not assessed" is no zero."""

import pytest

from aptitude.exports.mirror_paper import rows_told
from aptitude.rules.mirror import Median, Reflection, median_of, mirrored
from aptitude.rules.scores import Score

TEAM = [3.0, 3.5, 3.5, 4.0, 4.0, 4.5]


def test_of_many_teams_only_the_inverted_one_is_flagged():
    leaders = {f"team {n}": Score(3.5 + n / 10, 4, 0.3) for n in range(9)}
    leaders["inverted"] = Score(2.0, 4, 0.3)

    flagged = [name for name, leader in leaders.items()
               if mirrored(leader, TEAM).reflection is Reflection.BELOW]  # fmt: skip

    assert flagged == ["inverted"]


@pytest.mark.parametrize(
    ("leader", "team", "reflection"),
    [
        (None, TEAM, Reflection.NOT_ASSESSED),
        (None, [], Reflection.NOT_ASSESSED),
        (Score(1.0, 2, 0.1), TEAM[:4], Reflection.TEAM_TOO_SMALL),
        (Score(1.0, 2, None), TEAM, Reflection.NOT_SURE),
        (Score(2.5, 2, 0.3), TEAM, Reflection.NOT_BELOW),
        (Score(2.4, 2, 0.3), TEAM, Reflection.BELOW),
    ],
)
def test_what_may_be_said_of_a_leader(leader, team, reflection):
    found = mirrored(leader, team)

    assert found.reflection is reflection
    assert (found.team is None) == (len(team) < 5)


def test_the_interval_of_a_median_by_ranks():
    assert median_of(range(1, 6)) == Median(3, 1, 5)
    assert median_of(range(1, 21)) == Median(10.5, 6, 15)
    assert median_of([4.0]) == Median(4.0, 4.0, 4.0)
    with pytest.raises(ValueError, match="score"):
        median_of([])


def test_paper_keeps_the_total_also_where_it_is_hidden():
    hidden = "hidden to protect small groups"
    rows = [["A", 5, hidden], ["B", hidden, hidden], ["All units", hidden, hidden]]
    assert [row[0] for row in rows_told(rows, has_total=True)] == ["A", "All units"]
    assert [row[0] for row in rows_told(rows[:2], has_total=False)] == ["A"]

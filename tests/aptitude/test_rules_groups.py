"""Group figures hide nobody and tell nothing of fewer than five; duties open and end by rule."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from aptitude.rules.care import Duties, Figures, Progress, cared_for, counted_once, progress_of
from aptitude.rules.debts import Below, Debts, Followed, UnitDuties, debts_of
from aptitude.rules.duties import Basis, Teaching, ending_of, modules_for, needs_duty
from aptitude.rules.group_figures import Share, Tally, merged, rungs_of, shares_of
from aptitude.rules.mirror_words import headline
from aptitude.rules.profiles import Line, State, Target
from aptitude.rules.scores import Score
from aptitude.rules.words import DutyEnd, seen_by_words, sight_words
from people.rules.levels import Level

E, M, T, S, F = (
    Level.EXECUTIVE,
    Level.MANAGER,
    Level.TEAM_LEAD,
    Level.SENIOR,
    Level.FRONTLINE,
)


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ({E: 1, M: 4, F: 90}, [(E, M), (F,)]),
        ({E: 1, M: 2, T: 1, F: 7}, [(E, M, T, F)]),
        ({E: 6, M: 9, F: 3}, [(E,), (M, F)]),
        ({E: 1, F: 3}, []),
    ],
)
def test_levels_of_few_people_stand_with_the_next_so_that_everybody_is_counted(people, expected):
    assert merged(people) == expected


def test_not_assessed_is_no_zero_and_few_who_are_assessed_stay_hidden():
    found = rungs_of(
        {
            E: Tally(people=1),
            M: Tally(people=9, assessed=3, total=9.0, squares=27.0),
            T: Tally(people=6),
            F: Tally(people=50, assessed=10, total=30.0, squares=99.0),
        }
    )
    said = [(one.label, one.people, one.assessed, one.mean, one.missing) for one in found.rungs]
    assert said == [
        ("Executive and manager", 10, 3, None, "too few assessed"),
        ("Team lead", 6, 0, None, "not assessed"),
        ("Front line", 50, 10, 3.0, ""),
    ]
    assert found.rungs[2].half == pytest.approx(1.96 * 1.0 / 10**0.5)
    assert found.total is not None
    # three managers would follow from the mean of everybody
    assert (found.total.people, found.total.mean, found.total.missing) == (
        66,
        None,
        "hidden",
    )
    assert (
        headline(found, 7, 1) == "13 of 66 people are assessed; 1 leader stands below their team."
    )


def test_who_sees_a_profile_is_told_as_it_was_decided():
    assert [sight_words(levels) for levels in (1, 2, 5)] == [
        "you, your manager and HR",
        "you, your manager, theirs and HR",
        "you, whoever leads you, up to 5 levels above you, and HR",
    ]
    vacant = [frozenset(above) for above in ((), (1,), (2,), (2, 3))]
    assert [sight_words(2, above) for above in vacant] == [
        "you and HR",
        "you, your manager and HR",
        "you, the manager above and HR",
        "you, the manager above and HR",
    ]
    assert seen_by_words(2, "Ana", frozenset()) == (
        "Ana and HR can see the profile; executives see groups of five people or more. Every look "
        "is on record."
    )


def test_whom_a_manager_does_not_see_by_name_cannot_be_had_by_subtraction():
    some = Tally(people=8, assessed=8, unseen=2, total=24.0, squares=80.0)
    found = rungs_of({F: some})
    assert found.rungs[0].mean is None
    assert found.total is not None
    assert found.total.mean is None
    five = Tally(people=8, assessed=8, unseen=5, total=24.0, squares=80.0)
    assert rungs_of({F: five}).rungs[0].mean == 3.0


def test_shares_of_small_groups_stand_together_or_not_at_all():
    shares = shares_of([Share("Women", 20, 15), Share("Men", 9, 3), Share("Other", 2, 1)], "Rest")
    assert shares.groups == (Share("Women", 20, 15), Share("Rest", 11, 4))
    assert shares.total == Share("Everybody", 31, 19)
    assert shares_of([Share("Women", 3, 1)], "Rest").total is None


def test_units_that_lead_few_stand_together_and_never_alone():
    a, b, c = (UnitDuties(*one) for one in (("A", 9, 0, 4, 1), ("B", 2, 0, 1, 1), ("C", 3, 0, 2)))
    assert debts_of([a, b, c], "Rest") == Debts(
        (a, UnitDuties("Rest", 5, 0, 3, 1)), UnitDuties("All units", 14, 0, 7, 2)
    )
    assert debts_of([a, b], "Rest").units == (UnitDuties("Rest", 11, 0, 5, 2),)
    assert debts_of([b], "Rest") == Debts()
    # Nine of ten are seen by name: what is owed to the tenth would follow by taking those away.
    seen = UnitDuties("D", 10, 1, 3)
    assert debts_of([seen, UnitDuties("E", 10, 0, 3)], "Rest") == Debts()
    hidden = UnitDuties("F", 10, 10, 3)
    assert debts_of([seen, hidden], "Rest").units == (UnitDuties("Rest", 20, 11, 6),)
    # Who stands together hangs on whom they lead, not on whether they owe anything.
    assert debts_of([a, UnitDuties("C", 3)], "Rest").units == (UnitDuties("Rest", 12, 0, 4, 1),)
    assert debts_of([UnitDuties("A", 9), UnitDuties("B", 5, 0, 2)], "Rest").units == (
        UnitDuties("B", 5, 0, 2),
    )


def test_shares_of_what_management_does_are_told_of_nobody_or_of_five_unseen():
    def unit(label, below, unseen, followed=Followed()):  # noqa: B008  # it never changes
        return UnitDuties(label, 9, 9, 7, below=Below(below, unseen, 2, 1), followed=followed)

    five, two = unit("A", 6, 5, Followed(6, 6, 3, 1)), unit("B", 2, 2, Followed(5, 5, 1, 4))
    debts = debts_of([five, two], "Rest")
    assert [one.below for one in debts.units] == [Below(6, 5, 2, 1), None]
    assert debts.total is not None
    assert debts.total.below is None  # less those of A it would tell of the two
    assert debts.total.followed == Followed(11, 11, 4, 5)
    assert debts.total.followed.too_early == 2
    # Nor do the duties of the two tell of them, in their line or less those of A.
    assert [one.coached for one in (*debts.units, debts.total)] == [0, None, None]
    assert [one.overdue for one in (*debts.units, debts.total)] == [0, None, None]
    # The same person is owed by both: where they are counted is no matter.
    again = UnitDuties("E", 9, 9, 1, 1, 1, owed_unseen=1)
    debts = debts_of([five, again], "Rest")
    assert debts.total is not None
    assert [one.below for one in debts.units] == [Below(6, 5, 2, 1), Below()]
    assert [one.coached for one in (*debts.units, debts.total)] == [0, None, None]
    more = debts_of([five, two, unit("C", 3, 3), unit("D", 4, 0)], "Rest").total
    assert more is not None
    assert more.below == Below(15, 10, 8, 4)  # of five who are hidden
    assert more.coached == 0
    # Who sees everybody by name is told of everybody.
    named = debts_of([UnitDuties("A", 9, open=1, below=Below(1, 0, 1, 0))], "Rest")
    assert [one.below for one in (*named.units, named.total) if one] == [Below(1, 0, 1, 0)] * 2


def test_whether_it_has_helped_is_yes_no_or_too_early_to_tell():
    nothing = float("nan")
    #        before, error, now, error, closed for it, somebody looked since
    known = {
        "a rise of 1.4 beyond 1.96 errors": (2.0, 0.5, 3.4, 0.5, 0, 1, Progress.IMPROVED),
        "a rise of 1.3 is not beyond 1.386": (2.0, 0.5, 3.3, 0.5, 0, 1, Progress.NOT_YET),
        "a fall": (2.0, 0.1, 1.5, 0.1, 0, 1, Progress.NOT_YET),
        "nobody has looked since": (2.0, 0.1, 3.5, 0.1, 0, 0, Progress.TOO_EARLY),
        "looked at something else": (2.0, 0.4, 2.0, 0.4, 0, 1, Progress.TOO_EARLY),
        "the error is not known": (2.0, nothing, 3.5, 0.1, 0, 1, Progress.TOO_EARLY),
        "an error of 0 is no proof": (2.0, 0.0, 3.5, 0.0, 0, 1, Progress.TOO_EARLY),
        "what it rested on is gone": (nothing, nothing, 3.5, 0.1, 0, 1, Progress.TOO_EARLY),
        "closed because of it": (2.0, 0.2, nothing, nothing, 1, 0, Progress.IMPROVED),
    }
    *figures, closed, looked, expected = (
        np.array(one) for one in zip(*known.values(), strict=True)
    )
    found = progress_of(Figures(*figures), closed > 0, looked > 0)
    assert dict(zip(known, found.tolist(), strict=True)) == dict(
        zip(known, expected.tolist(), strict=True)
    )


def test_somebody_has_a_plan_who_has_one_for_every_dimension():
    early, no, up = Progress.TOO_EARLY, Progress.NOT_YET, Progress.IMPROVED
    rows = [
        # owes, who, dimension, open, plan, coach, progress
        (7, 1, 1, 1, 1, 1, early), (7, 1, 2, 1, 0, 1, up),  # a plan for one of two
        (7, 2, 1, 0, 0, 0, up), (7, 2, 1, 1, 1, 0, early),  # it rose and fell back
        (7, 3, 1, 1, 1, 1, no), (7, 3, 2, 1, 1, 1, up),
        (8, 3, 3, 0, 0, 0, up),  # another unit met what it owed the same person
    ]  # fmt: skip
    columns = [np.array(one) for one in zip(*rows, strict=True)]
    duties = Duties(*columns[:3], *(one > 0 for one in columns[3:6]), columns[6])
    found = cared_for(duties)

    assert list(zip(found.owes.tolist(), found.subjects.tolist(), strict=True)) == [
        (7, 1), (7, 2), (7, 3), (8, 3),
    ]  # fmt: skip
    assert found.is_below.tolist() == [True, True, True, False]
    assert found.is_planned.tolist() == [False, True, True, False]
    assert found.is_coached.tolist() == [True, False, True, False]
    assert found.progress.tolist() == [early, early, no, up]
    assert found.where(found.is_planned) == [2, 3]
    # Of figures by unit each is counted once: where the duty stands that was opened last.
    numbers = np.array([10, 11, 9, 8, 12, 13, 14])
    assert counted_once(duties, numbers).owes.tolist() == [7] * 7
    moved = replace(duties, is_open=np.array([True] * 7))
    assert counted_once(moved, numbers).owes.tolist() == [7, 7, 7, 7, 8, 8, 8]
    nobody = np.zeros(0, np.int64)
    none = cared_for(Duties(*[nobody] * 3, *[nobody > 0] * 3, nobody))
    assert none.where(none.is_below) == []


APRIL = date(2026, 4, 1)


def line(mean, raters=3, error=0.1, target: float | None = 3.0) -> Line:
    aim = Target(target, True, target, date(2026, 1, 1), False) if target else None
    return Line("D1", "Warmth", "", aim, Score(mean, raters, error), None, State.BELOW)


def test_a_duty_opens_below_target_when_two_have_seen_it():
    assert needs_duty(line(2.5))
    assert not needs_duty(line(2.5, raters=1))
    assert not needs_duty(line(3.0))
    assert not needs_duty(line(2.5, target=None))


@pytest.mark.parametrize(
    ("basis", "now", "expected"),
    [
        # MDC95 of two errors of 0.1 is 1.96 * sqrt(2) * 0.1 = 0.277
        (Basis(2.0, 0.1), line(2.27), None),
        (Basis(2.0, 0.1), line(2.28), DutyEnd.IMPROVED),
        (Basis(2.0, 0.1), line(1.5), None),
        (Basis(2.0, None), line(2.9), None),
        (Basis(2.0, 0.1, {1: APRIL}, APRIL), line(2.0), DutyEnd.TRAINED),
        (Basis(2.0, 0.1, {1: APRIL}, date(2026, 3, 31)), line(2.0), None),
        (Basis(2.0, 0.1, {1: APRIL, 2: date(2026, 4, 9)}, date(2026, 4, 8)), line(2.0), None),
        (Basis(2.0, 0.1, {1: APRIL}, None), line(2.0), None),
        (Basis(2.0, 0.1, {1: APRIL, 2: None}, APRIL), line(2.0), None),
        (Basis(2.0, 0.1, {}, APRIL), line(2.0), None),
        (Basis(2.0, 0.1), line(2.0, target=2.0), DutyEnd.NO_LONGER_NEEDED),
        (Basis(2.0, 0.1), None, DutyEnd.NO_LONGER_NEEDED),
        (Basis(None, None, is_unfounded=True), line(3.5), DutyEnd.NO_LONGER_NEEDED),
        (Basis(None, None, is_unfounded=True), line(2.0), None),
    ],
)
def test_a_duty_ends_by_a_later_score_beyond_error_or_by_teaching_that_was_seen(
    basis, now, expected
):
    assert ending_of(basis, now) is expected


def test_modules_are_those_closest_to_the_dimension_that_were_not_done():
    published = [
        Teaching(1, "S01", ("frontline",), ("D2", "D1")),
        Teaching(2, "S02", ("frontline",), ("D1",)),
        Teaching(3, "S03", ("manager",), ("D1",)),
        Teaching(4, "S04", ("frontline",), ("D1",)),
    ]
    assert modules_for("D1", F, published, ()) == (2, 4)
    assert modules_for("D1", F, published, (2,)) == (4, 1)
    assert modules_for("D1", F, published, (1, 2, 4)) == (2, 4)

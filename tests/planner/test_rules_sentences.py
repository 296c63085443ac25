from datetime import date
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ledger.rules.kinds import Basis, Definition
from planner.rules import sentences
from planner.rules.gaps import gap
from planner.rules.intervals import Interval
from planner.rules.periods import parse
from planner.rules.sentences import floor_sentence, gap_sentence, headline, lede
from planner.rules.shares import Minutes, figures
from planner.rules.standings import Standing, standing, target_standing

NARROW, BROAD = Definition.NARROW, Definition.BROAD
TODAY = date(2026, 10, 2)
Q3 = parse("2026-q3", TODAY)


def of(hard, soft, unclassified=0, definition=NARROW):
    return figures(Minutes(hard=hard, family=soft, unclassified=unclassified), definition)


def plain(text):
    """Return `text` with usual spaces, so that it can be read here."""
    return text.replace("\u202f", " ")


class TestHeadline:
    def test_the_finding_of_the_reference_page(self):
        assert plain(headline(of(900, 90, 60), NARROW, 0.1, 0.2)) == (
            "One training hour in eleven was soft. That is about the 90/10 pattern and, however "
            "the unclassified hours turn out, below the target of 20 %."
        )

    @pytest.mark.parametrize(
        ("hard", "soft", "unclassified", "target", "expected"),
        [
            pytest.param(
                93,
                7,
                0,
                0.2,
                "About one training hour in fourteen was soft. That is below both the 90/10 "
                "pattern and the target of 20 %.",
                id="exact and below both",
            ),
            pytest.param(
                90,
                10,
                0,
                0.2,
                "One training hour in ten was soft. That is exactly at the 90/10 pattern and "
                "below the target of 20 %.",
                id="exactly at the pattern",
            ),
            pytest.param(
                80,
                20,
                0,
                0.2,
                "One training hour in five was soft. That is above the 90/10 pattern and exactly "
                "at the target of 20 %.",
                id="exactly at the target",
            ),
            pytest.param(
                700,
                200,
                100,
                0.2,
                "About one training hour in five was soft. That is, however the unclassified "
                "hours turn out, above the 90/10 pattern and at or above the target of 20 %.",
                id="the target is the lowest possible share",
            ),
            pytest.param(
                800,
                180,
                40,
                0.2,
                "About one training hour in five was soft. That is, however the unclassified "
                "hours turn out, above the 90/10 pattern; whether it reaches the target of 20 % "
                "depends on them.",
                id="the unclassified hours decide the target",
            ),
            pytest.param(
                900,
                90,
                60,
                0.12,
                "One training hour in eleven was soft. That is about the 90/10 pattern; whether "
                "it reaches the target of 12 % depends on the unclassified hours.",
                id="about the pattern and the target open",
            ),
            pytest.param(
                900,
                90,
                60,
                None,
                "One training hour in eleven was soft. That is about the 90/10 pattern.",
                id="no target",
            ),
            pytest.param(
                95,
                5,
                500,
                None,
                "One training hour in twenty was soft. Whether that is below or above the 90/10 "
                "pattern depends on the unclassified hours.",
                id="too wide to be about anything",
            ),
            pytest.param(
                95,
                5,
                500,
                0.2,
                "One training hour in twenty was soft. Whether that is below or above the 90/10 "
                "pattern and whether it reaches the target of 20 % depends on the unclassified "
                "hours.",
                id="everything open",
            ),
            pytest.param(
                95,
                5,
                20,
                0.5,
                "One training hour in twenty was soft. That is, however the unclassified hours "
                "turn out, below the target of 50 %; whether that is below or above the 90/10 "
                "pattern depends on them.",
                id="below the target and the pattern open",
            ),
            pytest.param(
                100,
                0,
                0,
                None,
                "No training hour was soft. That is below the 90/10 pattern.",
                id="no soft hour",
            ),
            pytest.param(
                100,
                0,
                2,
                None,
                "No classified training hour was soft. That is, however the unclassified hours "
                "turn out, below the 90/10 pattern.",
                id="no soft hour among the classified",
            ),
            pytest.param(
                0,
                100,
                0,
                0.125,
                "Every training hour was soft. That is above both the 90/10 pattern and the "
                "target of 12.5 %.",
                id="all soft",
            ),
            pytest.param(
                0,
                0,
                60,
                0.2,
                "How much of the training was soft is not known yet: none of the hours is "
                "classified.",
                id="nothing classified",
            ),
            pytest.param(
                0, 0, 0, 0.2, "No training hours are recorded for this choice.", id="nothing at all"
            ),
        ],
    )
    def test_is_true_for_every_value(self, hard, soft, unclassified, target, expected):
        assert plain(headline(of(hard, soft, unclassified), NARROW, 0.1, target)) == expected

    @pytest.mark.parametrize(
        ("soft", "of_all", "expected"),
        [
            (1, 1000, "One training hour in 1 000 was soft."),
            (1, 4_321, "One training hour in 4 321 was soft."),
            (3, 1451, "About one training hour in 480 was soft."),
            (1, 25, "One training hour in 25 was soft."),
            (1, 4, "One training hour in four was soft."),
            (3, 10, "Three training hours in ten were soft."),
            (32, 100, "About a third of the training hours were soft."),
            (1, 2, "Half of the training hours were soft."),
            (74, 100, "About three quarters of the training hours were soft."),
            (10, 11, "All but one training hour in eleven were soft."),
            (99, 100, "All but one training hour in 100 were soft."),
        ],
    )
    def test_says_a_share_as_people_do(self, soft, of_all, expected):
        assert plain(headline(of(of_all - soft, soft), NARROW)).startswith(expected)

    def test_under_broad_the_pattern_is_no_line(self):
        found = figures(Minutes(hard=25_800, family=2_400, other_soft=8_670), BROAD)

        assert plain(headline(found, BROAD, 0.1, 0.2)) == (
            "About three training hours in ten were soft. That is above the target of 20 %. The "
            "90/10 pattern counts the four families only and is no line for this share."
        )
        assert "no line for this share" in headline(found, BROAD)

    def test_contact_hours_are_named(self):
        assert headline(of(90, 10), NARROW, basis=Basis.CONTACT).startswith(
            "One contact hour in ten"
        )

    def test_a_pattern_within_the_interval_is_said(self):
        close = Interval(low=0.06, high=0.12, standard_error=0.015)

        assert headline(of(91, 9), NARROW, 0.1, None, close).endswith(
            "That is below the 90/10 pattern, though the pattern lies within the interval."
        )
        assert "though" not in headline(of(900, 90, 60), NARROW, 0.1, None, close)


shares_of = st.tuples(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))


@given(shares_of, st.integers(1, 99), st.sampled_from(Definition))
def test_a_headline_never_claims_what_the_range_leaves_open(minutes, percent, definition):
    hard, soft, unclassified = minutes
    assume(hard + soft)
    low = Fraction(soft, hard + soft + unclassified)
    high = Fraction(soft + unclassified, hard + soft + unclassified)
    target = Fraction(percent, 100)

    text = plain(headline(of(hard, soft, unclassified, definition), definition, 0.1, target))

    assert ("below the target" in text or "below both" in text) <= (high < target)
    assert ("above the target" in text) <= (low >= target)
    assert ("depends on" in text) <= (unclassified > 0)
    assert ("however" in text) <= (unclassified > 0)
    assert text.endswith(".")
    assert "  " not in text
    for word in ("norm", "average", "benchmark"):
        assert word not in text


@pytest.mark.parametrize(
    ("minutes", "line", "of_line", "of_target"),
    [
        ((90, 10, 0), 0.1, Standing.AT, Standing.AT),
        ((80, 10, 10), 0.1, Standing.OPEN, Standing.AT_OR_ABOVE),
        ((86, 10, 4), 0.1, Standing.ABOUT, Standing.AT_OR_ABOVE),
        ((90, 6, 4), 0.1, Standing.ABOUT, Standing.OPEN),
        ((91, 9, 0), 0.1, Standing.BELOW, Standing.BELOW),
        ((89, 11, 0), 0.1, Standing.ABOVE, Standing.ABOVE),
        ((0, 0, 5), 0.1, None, None),
    ],
)
def test_where_a_range_lies_against_a_line(minutes, line, of_line, of_target):
    assert standing(of(*minutes), line) is of_line
    assert target_standing(of(*minutes), line) is of_target


class TestLede:
    def test_says_what_is_counted(self):
        found = of(900 * 60, 90 * 60, 60 * 60)

        assert plain(lede(found, NARROW, Q3, TODAY, 312)) == (
            "1 050 learner-hours completed by 312 people in Q3 2026, as recorded on 2 October "
            "2026; narrow definition. 60 of them are not classified yet; the share is of the "
            "other 990."
        )

    @pytest.mark.parametrize(
        ("minutes", "expected"),
        [
            ((36_870, 0, 0), "614.5 contact-hours held, as recorded on 2 October 2026; broad "
             "definition. All of them are classified."),
            ((0, 0, 45), "45 contact-minutes held, as recorded on 2 October 2026; broad "
             "definition. None of them are classified yet."),
            ((60, 5, 60), "2 contact-hours 5 min held, as recorded on 2 October 2026; broad "
             "definition. 1 of them is not classified yet; the share is of the other 1 h 5 min."),
            ((66, 0, 61), "2 contact-hours 7 min held, as recorded on 2 October 2026; broad "
             "definition. 1 h 1 min of them are not classified yet; the share is of the other "
             "1 h 6 min."),
            ((0, 0, 0), "0 contact-hours held, as recorded on 2 October 2026; broad definition."),
        ],
    )  # fmt: skip
    def test_hours_are_exact(self, minutes, expected):
        text = lede(of(*minutes), BROAD, parse("all", TODAY), TODAY, None, Basis.CONTACT)

        assert plain(text) == expected

    def test_names_the_scope_and_one_person(self):
        text = lede(of(60, 0), NARROW, Q3, TODAY, 1, scope="Night line")

        assert text.startswith("1 learner-hour completed by one person in Night line in Q3 2026, ")


class TestGapSentence:
    def test_says_what_to_add_or_to_swap(self):
        found = gap(Minutes(hard=54_000, family=5_400, mandatory=9_240), NARROW, 0.2)

        assert plain(gap_sentence(found, 0.2, "December", 312)) == (
            "Add 135 soft hours, or swap 108, to reach 20 % by December; "
            "that is 26 minutes a person."
        )
        assert floor_sentence(found.mandatory_minutes) == (
            "154 compliance hours are a floor and stay as they are."
        )

    @pytest.mark.parametrize(
        ("minutes", "people", "expected"),
        [
            pytest.param(
                Minutes(hard=5_400, family=600, mandatory=5_100),
                10,
                "Add 12.5 soft hours to reach 20 % by December; that is 75 minutes a person. A "
                "swap cannot reach it: 85 h of compliance are a floor, and swapping all other "
                "hard hours gives 15.0 % at best.",
                id="the floor is in the way",
            ),
            pytest.param(
                Minutes(hard=600, mandatory=600),
                None,
                "Add 2.5 soft hours to reach 20 % by December. No hours can be swapped: all 10 h "
                "on the hard side are compliance hours.",
                id="nothing is free",
            ),
            pytest.param(
                Minutes(hard=240),
                1,
                "Add 1 soft hour, or swap 48 min, to reach 20 % by December; that is 60 minutes a "
                "person.",
                id="small amounts in minutes",
            ),
            pytest.param(
                Minutes(hard=4_801),
                2,
                "Add 20.1 soft hours, or swap 16.1, to reach 20 % by December; that is 10 h 1 min "
                "a person.",
                id="rounded up to tenths of hours",
            ),
            pytest.param(
                Minutes(hard=80, family=20),
                5,
                "The target of 20 % is reached: nothing has to be added or swapped.",
                id="reached",
            ),
            pytest.param(
                Minutes(hard=80, family=20, unclassified=50),
                5,
                "The target of 20 % is reached by the hours classified so far: nothing has to be "
                "added or swapped.",
                id="reached so far",
            ),
            pytest.param(
                Minutes(unclassified=60),
                5,
                "How far it is to 20 % is not known yet: none of the hours is classified.",
                id="nothing classified",
            ),
        ],
    )
    def test_is_true_for_every_gap(self, minutes, people, expected):
        found = gap(minutes, NARROW, 0.2)

        assert plain(gap_sentence(found, 0.2, "December", people)) == expected

    def test_never_proposes_to_swap_more_than_is_free(self):
        found = gap(Minutes(hard=4_801, mandatory=4_801 - 961), NARROW, 0.2)

        assert found.swap_minutes == 961
        assert "or swap 16 h 1 min," in plain(gap_sentence(found, 0.2, "December", None))

    def test_no_compliance_hours_are_no_floor(self):
        assert floor_sentence(0) == ""
        assert floor_sentence(60) == "1 compliance hour is a floor and stays as it is."


def test_sentences_for_what_is_not_shown_are_whole():
    assert sentences.TOO_FEW_PEOPLE.endswith(".")

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.rules.kinds import Basis, Definition
from planner.rules.method import MethodFacts, method_note
from planner.rules.periods import add_months
from planner.rules.remarks import (
    Decisive,
    TrendPoint,
    UnitRow,
    decisive_titles,
    trend_remark,
    unclassified_note,
    unit_remark,
)
from planner.rules.shares import Minutes, figures

NARROW, BROAD = Definition.NARROW, Definition.BROAD
SOFT = [19, 24, 9, 26, 25, 33, 21, 30, 36, 22, 24, 44]
HARD = [300, 322, 188, 344, 310, 352, 296, 318, 334, 280, 260, 360]
OPEN = [14, 10, 6, 12, 9, 8, 15, 12, 10, 26, 22, 12]


def of(hard, soft, unclassified=0):
    return figures(Minutes(hard=hard, family=soft, unclassified=unclassified), NARROW)


def trend(*months):
    return [
        TrendPoint(add_months(date(2025, 10, 1), place), of(*month))
        for place, month in enumerate(months)
    ]


def plain(text):
    return text.replace("\u202f", " ")


class TestTrendRemark:
    def test_names_the_first_month_above_the_pattern_in_a_year(self):
        points = trend(*zip(HARD, SOFT, OPEN, strict=True))

        assert trend_remark(points, 0.1) == (
            "September was the first month above the pattern in a year."
        )

    @pytest.mark.parametrize(
        ("months", "expected"),
        [
            ([(80, 20)] * 3, "Every month was above the pattern."),
            ([(95, 5)] * 4, "Every month was below the pattern."),
            ([(95, 5), (90, 10), (95, 5)], "No month was above the pattern."),
            ([(95, 5), (95, 5), (80, 20)], "One month of three was above the pattern."),
            ([(80, 20), (80, 20), (95, 5)], "Two months of three were above the pattern."),
            (
                [(95, 5), (0, 0, 9), (95, 5), (95, 5)],
                "Every month with a known share was below the pattern.",
            ),
            (
                [(80, 20), (80, 20), (22, 4, 46)],
                "Two of three months were above the pattern for sure; for one the unclassified "
                "hours decide.",
            ),
            (
                [(22, 4, 46)] * 2 + [(95, 5)],
                "None of three months were above the pattern for sure; for two the unclassified "
                "hours decide.",
            ),
            ([(95, 5), (95, 5)], ""),
            ([(0, 0, 5)] * 12, ""),
            ([], ""),
        ],
    )
    def test_is_true_for_every_trend(self, months, expected):
        assert trend_remark(trend(*months), 0.1) == expected

    def test_says_nothing_where_the_pattern_is_no_line(self):
        assert trend_remark(trend(*[(80, 20)] * 3), None) == ""


class TestUnitRemark:
    def test_names_who_had_none_and_the_highest_share(self):
        rows = [
            UnitRow("Contact centre", of(410, 31, 38)),
            UnitRow("Shops", of(205, 38, 4)),
            UnitRow("Night line", of(44, 0)),
        ]

        assert plain(unit_remark(rows)) == (
            "Largest first. Night line had no soft hour. The highest share is in Shops: 15.6 %."
        )

    @pytest.mark.parametrize(
        ("rows", "expected"),
        [
            ([], "Largest first."),
            ([("A", of(9, 1))], "Largest first."),
            ([("A", of(9, 1)), ("B", of(9, 1))], "Largest first."),
            (
                [("A", of(9, 0)), ("B", of(9, 0, 3))],
                "Largest first. No unit had a known soft hour.",
            ),
            (
                [("A", of(9, 0, 3)), ("B", of(9, 0)), ("C", of(9, 1)), ("D", None)],
                "Largest first. A and B had no known soft hour. "
                "The highest share shown is in C: 10.0 %.",
            ),
            (
                [("A", of(9, 0)), ("B", of(9, 0)), ("C", of(9, 0)), ("D", of(1, 1))],
                "Largest first. Three units had no soft hour. The highest share is in D: 50.0 %.",
            ),
            (
                [("A", of(9, 0)), ("B", of(9, 0)), ("C", None)],
                "Largest first. A and B had no soft hour.",
            ),
        ],
    )
    def test_is_true_for_every_table(self, rows, expected):
        assert plain(unit_remark([UnitRow(*row) for row in rows])) == expected


class TestDecisiveTitles:
    def test_are_the_fewest_that_hold_four_fifths(self):
        assert decisive_titles([100, 600, 200, 0, 100]) == Decisive(2, 4, 0.8)
        assert decisive_titles([]) == Decisive(0, 0, 0.8)

    @pytest.mark.parametrize(
        ("minutes", "expected"),
        [
            ([10] * 15, "12 titles decide 80 % of the unclassified hours."),
            ([90, 10], "One title decides 80 % of the unclassified hours."),
            ([10, 10], "2 titles decide all the unclassified hours."),
            ([10], "One title decides all the unclassified hours."),
            ([0], ""),
        ],
    )
    def test_stand_in_a_sentence(self, minutes, expected):
        assert plain(unclassified_note(minutes)) == expected

    @given(st.lists(st.integers(0, 10**6), min_size=1))
    def test_no_fewer_would_do(self, minutes):
        found = decisive_titles(minutes)
        ordered = sorted(minutes, reverse=True)

        assert sum(ordered[: found.titles]) * 10 >= sum(minutes) * 8
        if found.titles:
            assert sum(ordered[: found.titles - 1]) * 10 < sum(minutes) * 8


class TestMethodNote:
    FACTS = MethodFacts(
        figures=figures(
            Minutes(hard=880 * 60, family=90 * 60, other_soft=20 * 60, unclassified=3_600), NARROW
        ),
        definition=NARROW,
        basis=Basis.LEARNER,
        by_today=False,
        entries=1_447,
        taxonomy_on=date(2026, 6, 1),
        recorded_to=date(2026, 10, 2),
    )

    def test_says_how_everything_is_counted(self):
        assert [(item.term, plain(item.text)) for item in method_note(self.FACTS)] == [
            (
                "Share",
                "Soft hours divided by classified hours, pooled over everyone in view, never a "
                "mean of shares: 90 / (900 + 90).",
            ),
            ("Range", "All unclassified hours hard gives the lowest share, all soft the highest."),
            (
                "Interval",
                "95 %, from differences between people; not shown for fewer than five.",
            ),
            (
                "Narrow",
                "Hospitality, relationship, service recovery and experiential. 20 hours of other "
                "soft training count as hard here.",
            ),
            ("Learner-hours", "One for every person and hour attended."),
            ("Structure", "Hours count where each person stood on the day of the training."),
            (
                "The 90/10 pattern",
                "A published claim with no sample behind it, about the four families: a line to "
                "test oneself against.",
            ),
            ("As recorded", "Everything recorded up to 2 October 2026."),
            (
                "Rounding",
                "Hours in tables are whole, so parts may differ from their sum by one; files hold "
                "whole minutes.",
            ),
            ("Source", "1 447 entries, taxonomy of 1 June 2026."),
        ]

    def test_contact_hours_have_no_interval_and_filters_are_named(self):
        facts = MethodFacts(
            figures=figures(Minutes(hard=120, other_soft=60), BROAD),
            definition=BROAD,
            basis=Basis.CONTACT,
            by_today=True,
            entries=1,
            taxonomy_on=None,
            recorded_to=date(2026, 10, 2),
            filters=("level Front line", "site Oslo"),
        )
        terms = {item.term: item.text for item in method_note(facts)}

        assert "Interval" not in terms
        assert terms["Broad"].endswith(
            "such as leadership and communication. 1 hour of it is other soft."
        )
        assert terms["Structure"] == "Hours count where each person stands today."
        assert terms["Only"] == "level Front line; site Oslo."
        assert terms["Source"] == "1 entry."

    def test_without_a_known_share_there_is_no_sum(self):
        facts = MethodFacts(
            figures(Minutes(), NARROW), NARROW, Basis.LEARNER, False, 0, None, date(2026, 10, 2)
        )

        assert method_note(facts)[0].text.endswith("never a mean of shares.")
        assert method_note(facts)[-1].text == "0 entries."

"""What courses count as: dated, divided without losing a minute, earlier reports unchanged."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from core.clock import now
from core.db import db
from core.errors import RefusedError
from ledger.models import Classification, Entry, MixCell, UnitMonth
from ledger.queries.books import load_books
from ledger.queries.catalogue import category_ids
from ledger.queries.entries import entry_blocks, entry_columns
from ledger.rules.cells import CellBuilder, MixKey, MixSums
from ledger.rules.classifying import ClassificationDraft
from ledger.rules.kinds import Side
from ledger.rules.splitting import split_minutes
from ledger.services.classifying import add_category, classify_each, move_category
from people.models import AuditEvent
from tests.ledger.worlds import add_people, assert_rollups, classify, classify_file, course_id, take


def minutes_by_category() -> dict[str, int]:
    names = {id_: code for code, id_ in category_ids().items()} | {0: ""}
    found: dict[str, int] = {}
    for category, minutes in db.session.execute(select(MixCell.category_id, MixCell.minutes)):
        if minutes:
            found[names[category]] = found.get(names[category], 0) + minutes
    return found


@pytest.mark.parametrize(
    ("minutes", "percents", "parts"),
    [
        (100, [60, 40], [60, 40]),
        (1, [60, 40], [1, 0]),
        (1, [50, 50], [1, 0]),
        (10, [33, 33, 34], [3, 3, 4]),
        (7, [50, 30, 20], [4, 2, 1]),
        (0, [60, 40], [0, 0]),
        (-7, [50, 30, 20], [-4, -2, -1]),
    ],
)
def test_minutes_are_divided_by_largest_remainder(
    minutes: int, percents: list[int], parts: list[int]
) -> None:
    assert split_minutes(minutes, percents) == parts


@st.composite
def whole_shares(draw: st.DrawFn) -> list[int]:
    cuts = sorted(draw(st.sets(st.integers(1, 99), max_size=5)))
    return [b - a for a, b in zip([0, *cuts], [*cuts, 100], strict=True)]


@given(st.integers(-120_000, 120_000), whole_shares())
def test_no_minute_is_lost_and_a_reversal_is_the_exact_negative(
    minutes: int, percents: list[int]
) -> None:
    parts = split_minutes(minutes, percents)

    assert sum(parts) == minutes
    assert [-part for part in parts] == split_minutes(-minutes, percents)
    for part, percent in zip(parts, percents, strict=True):
        assert abs(part - minutes * percent / 100) < 1


@pytest.mark.parametrize("percents", [[60, 30], [100, 0], [120, -20]])
def test_shares_that_are_no_whole_are_an_error(percents: list[int]) -> None:
    with pytest.raises(ValueError, match="sum to 100"):
        split_minutes(10, percents)


@pytest.mark.usefixtures("database")
class TestClassifying:
    """Services and queries, on both databases."""

    def test_a_course_may_be_divided_among_categories(self, tmp_path: Path) -> None:
        add_people(tmp_path)
        take(tmp_path, "E1,Welcome,2025-03-03,7 min", "E2,Welcome,2025-03-03,1 min")

        classify("Welcome", ("hospitality", 60), ("technical", 40))

        assert minutes_by_category() == {"hospitality": 5, "technical": 3}
        assert_rollups()

    def test_hours_before_the_day_stay_what_they_were(self, tmp_path: Path) -> None:
        add_people(tmp_path)
        take(tmp_path, "E1,Welcome,2025-05-31,1", "E1,Welcome,2025-06-01,2")
        classify("Welcome", ("technical", 100))

        classify("Welcome", ("hospitality", 100), from_on=date(2025, 6, 1))

        assert minutes_by_category() == {"technical": 60, "hospitality": 120}
        assert_rollups()

    def test_reclassifying_leaves_an_earlier_report_as_it_was(self, tmp_path: Path) -> None:
        add_people(tmp_path)
        take(tmp_path, "E1,Welcome,2025-03-03,1", "E1,Welcome,2025-06-02,2")
        classify("Welcome", ("technical", 100))
        moment = now()
        before = self.cells_as_of(moment)

        classify("Welcome", ("hospitality", 100), from_on=date(2025, 6, 1))
        classify("Welcome", ("relationship", 100))
        move_category(
            category_ids()["technical"], date(1900, 1, 1), Side.SOFT, family=False, account_id=None
        )

        assert self.cells_as_of(moment) == before
        assert self.cells_as_of(now()) != before
        assert_rollups()

    @staticmethod
    def cells_as_of(moment: object) -> dict[MixKey, MixSums]:
        cells = CellBuilder(load_books(as_of=moment))  # type: ignore[arg-type]
        for block in entry_blocks(entry_columns().where(Entry.basis == "learner")):
            cells.add(block)
        return cells.mix()

    def test_an_older_structure_is_seen_as_of_an_older_moment(self, tmp_path: Path) -> None:
        add_people(tmp_path)
        take(tmp_path, "E1,Welcome,2025-03-03,1")
        moment = now()
        before = self.cells_as_of(moment)

        add_people(
            tmp_path,
            "employee_number,name,unit\nE1,Ada Lund,Finance\n",
            effective_on=date(2025, 1, 1),
        )

        assert self.cells_as_of(moment) == before
        assert self.cells_as_of(now()) != before

    def test_saying_the_same_again_changes_nothing(self, tmp_path: Path) -> None:
        add_people(tmp_path)
        take(tmp_path, "E1,Welcome,2025-03-03,1")

        assert classify("Welcome", ("technical", 100)) == 1
        assert classify("Welcome", ("technical", 100)) == 0
        assert len(db.session.scalars(select(Classification)).all()) == 1

    def test_what_courses_were_said_to_be_is_one_event(self, tmp_path: Path) -> None:
        add_people(tmp_path)
        take(tmp_path, "E1,Welcome,2025-03-03,1", "E1,Knots,2025-03-04,1", "E1,Ropes,2025-03-05,1")
        welcome, knots, ropes = course_id("Welcome"), course_id("Knots"), course_id("Ropes")
        soft = ClassificationDraft((("hospitality", 100),), date(2025, 1, 1), "Welcoming guests")
        hard = ClassificationDraft((("technical", 100),), date(2025, 1, 1))

        classify_each({welcome: soft, knots: hard, ropes: hard}, account_id=None)

        event = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
        assert event is not None
        assert (event.kind, event.object_kind, event.object_id) == (
            "courses.classify",
            "course",
            None,
        )
        told = json.loads(event.details)
        assert told["changed"] == 3
        assert {tuple(one["courses"]): one["shares"] for one in told["said"]} == {
            (welcome,): {"hospitality": 100},
            (knots, ropes): {"technical": 100},
        }
        assert {one["from"] for one in told["said"]} == {"2025-01-01"}
        assert "guests" not in event.details

    @pytest.mark.parametrize(
        ("shares", "sentence"),
        [
            ((("technical", 60), ("hospitality", 30)), "sum to 90"),
            ((("technical", 50), ("technical", 50)), "named twice"),
            ((("juggling", 100),), "There is no category juggling"),
        ],
    )
    def test_shares_that_make_no_sense_are_refused(
        self, tmp_path: Path, shares: tuple[tuple[str, int], ...], sentence: str
    ) -> None:
        add_people(tmp_path)
        take(tmp_path, "E1,Welcome,2025-03-03,1")

        with pytest.raises(RefusedError, match=sentence):
            classify("Welcome", *shares)
        assert minutes_by_category() == {"": 60}

    def test_a_file_classifies_known_and_new_courses(self, tmp_path: Path) -> None:
        add_people(tmp_path)
        take(tmp_path, "E1,Welcome,2025-03-03,100 min", "E1,Tour,2025-03-03,1")

        result = classify_file(
            tmp_path,
            "welcome ,hospitality,70,",
            "Welcome,other soft,30,",
            "Later,technical,,2025-06-01",
            "Tour,juggling,,",
            "Half,technical,50,",
            header="course,category,percent,from_on",
        )

        assert (result.rows, result.classified, result.new_courses) == (5, 2, 1)
        assert [refusal.row for refusal in result.refusals] == [5, 6]
        assert minutes_by_category() == {"hospitality": 70, "other_soft": 30, "": 60}
        again = classify_file(
            tmp_path, "Later,technical,2025-06-01", header="course,category,from_on"
        )
        assert (again.classified, again.same) == (0, 1)
        assert_rollups()

    def test_a_category_of_ones_own_counts_and_moves_between_sides(self, tmp_path: Path) -> None:
        add_people(tmp_path)
        take(tmp_path, "E1,Welcome,2025-05-31,1", "E1,Welcome,2025-06-01,2")
        own = add_category("mentoring", "Mentoring", Side.SOFT, family=False, account_id=None)
        classify("Welcome", ("mentoring", 100))

        move_category(own, date(2025, 6, 1), Side.HARD, family=False, account_id=None)

        whole = db.session.scalars(select(UnitMonth).where(UnitMonth.unit_id == 0))
        sums = {row.month: (row.hard_minutes, row.other_soft_minutes) for row in whole}
        assert sums == {202505: (0, 60), 202506: (120, 0)}
        assert_rollups()
        with pytest.raises(RefusedError, match="already"):
            add_category("mentoring", "Mentoring", Side.SOFT, family=False, account_id=None)

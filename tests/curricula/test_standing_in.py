"""A copy stands in for its original: in curricula, for prerequisites, and for what opens next."""

import json
from dataclasses import replace
from datetime import date, time

import pytest
from sqlalchemy import select

from core.clock import at
from core.db import db
from core.errors import RefusedError
from curricula.exports.exchange import exchange_file
from curricula.models.modules import Module
from curricula.models.outcomes import Completion
from curricula.models.paths import LearningAssignment
from curricula.queries.completions import done_by
from curricula.queries.exchange import chosen_to_hand_on
from curricula.queries.modules import module_codes
from curricula.rules.arrivals import refused_modules
from curricula.rules.contents import Reading, digest_of
from curricula.rules.exchange import Exchange, read_exchange
from curricula.rules.modules import new_code
from curricula.rules.paths import order_problems
from curricula.rules.sessions import TypedDay
from curricula.rules.standing_in import (
    Asked,
    check_stands_in,
    originals,
    stand_ins,
    stands_in_for_itself,
)
from curricula.services.enrolling import enrol_people, request_seat
from curricula.services.modules import copy_module, publish_module
from curricula.services.standing_in import change_stand_in
from curricula.services.starter import import_exchange, load_library
from tests.browsing import fields_of
from tests.curricula.classes import (
    NOW,
    numbers,
    published,
    scheduled,
    staff,
)
from tests.curricula.learners import complete, give, path, person, taught
from tests.curricula.test_needs import day_before
from tests.curricula.worlds import curriculum, module

TODAY = date(2026, 11, 2)
CHAIN = {"A-COPY": "A", "A-COPY-2": "A-COPY", "B-COPY": "B"}


def test_a_copy_of_a_copy_stands_in_for_the_first_original_and_not_the_other_way():
    assert originals(CHAIN, "A-COPY-2") == ("A-COPY", "A")
    assert originals(CHAIN, "A") == ()
    assert stand_ins(CHAIN) == {
        "A": {"A-COPY", "A-COPY-2"},
        "A-COPY": {"A-COPY-2"},
        "B": {"B-COPY"},
    }
    assert stands_in_for_itself({"A": "B", "B": "C", "C": "A"}, "B")
    assert not stands_in_for_itself(CHAIN, "A-COPY-2")


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (Asked("A", "A-COPY-2", "", False), "that one stands in for A in the end"),
        (Asked("A", "A", "", False), "A cannot stand in for A"),
        (Asked("B", "NONE", "", False), "there is no such module"),
        (Asked("A-COPY", "", "A", True), "A-COPY was published and stands in for A"),
    ],
)
def test_it_is_refused_in_a_circle_for_nothing_and_after_it_was_published(asked, reason):
    with pytest.raises(RefusedError, match=reason):
        check_stands_in(asked, ["A", "A-COPY", "A-COPY-2", "B"], CHAIN)


def test_it_may_be_taken_away_while_it_is_a_draft_and_given_at_any_time():
    known = ["A", "A-COPY", "A-COPY-2", "B"]

    check_stands_in(Asked("A-COPY", "", "A", False), known, CHAIN)
    check_stands_in(Asked("B", "A", "", True), known, CHAIN)


def test_in_a_curriculum_a_copy_before_is_enough_and_behind_is_named():
    needs = {"C": ["A"]}

    assert order_problems(curriculum("P", "A-COPY-2", "C"), needs, CHAIN) == []
    assert order_problems(curriculum("P", "C", prerequisites=("A-COPY",)), needs, CHAIN) == []
    assert order_problems(curriculum("P", "C", "A-COPY"), needs, CHAIN) == [
        "C needs A first; move it behind A-COPY."
    ]
    assert order_problems(curriculum("P", "A-COPY", "C"), needs) == [
        "C needs A first; add A, or ask for it beforehand."
    ]


def test_what_it_stands_in_for_is_not_part_of_what_it_teaches():
    assert digest_of(module("A")) == digest_of(module("A", stands_in_for="B"))


database = pytest.mark.usefixtures("database")


def copied(module_id: int, **choice: bool) -> int:
    """A published copy; return its id."""
    code = new_code(db.session.get_one(Module, module_id).code, module_codes())
    copy_id = copy_module(module_id, 1, code=code, title=code, account_id=None, **choice)
    publish_module(copy_id, account_id=None)
    return copy_id


@database
def test_a_curriculum_with_the_copy_is_published_and_opens_the_next_step():
    first = taught("REC-01")
    taught("REC-02", prerequisites=("REC-01",))
    copy = copied(first)
    apart = copied(first, stands_in=False)

    with pytest.raises(RefusedError, match="REC-02 needs REC-01 first; add REC-01"):
        path("APART", "REC-01-COPY-2", "REC-02")
    way = path("OWN", "REC-01-COPY", "REC-02")
    who = person()
    assignment = give(who, way, date(2026, 1, 1))
    complete(who, apart, on=date(2026, 2, 1))
    complete(who, copy, on=date(2026, 2, 2))

    done = done_by(db.session, [who])[who]
    assert done[first].completed_on == date(2026, 2, 2)
    assert done[first].instead == copy
    assert db.session.get_one(LearningAssignment, assignment).completed_on is None


@database
def test_a_curriculum_with_the_original_is_complete_with_the_copy_of_a_copy():
    first = taught("REC-01", review_days=400)
    copy = copied(copied(first))
    way = path("OLD", "REC-01")
    who = person()
    assignment = give(who, way, date(2026, 1, 1))

    [completion] = complete(who, copy, on=date(2026, 2, 2))

    one = db.session.get_one(LearningAssignment, assignment)
    assert one.completed_on == date(2026, 2, 2)
    assert done_by(db.session, [who])[who][first].review_days == 400  # as long as the original
    assert db.session.get_one(Completion, completion).module_id == copy  # the fact stays as it is


@database
def test_a_copy_that_begins_to_stand_in_closes_what_is_complete_by_it():
    first = taught("REC-01")
    copy = copied(first, stands_in=False)
    way = path("OLD", "REC-01")
    who = person()
    assignment = give(who, way, date(2026, 1, 1))
    complete(who, copy, on=date(2026, 2, 2))
    assert db.session.get_one(LearningAssignment, assignment).completed_on is None

    assert change_stand_in(copy, stands=True, account_id=None) == "REC-01"

    db.session.expire_all()
    assert db.session.get_one(LearningAssignment, assignment).completed_on == date(2026, 2, 2)
    with pytest.raises(RefusedError, match="REC-01-COPY was published and stands in for REC-01"):
        change_stand_in(copy, stands=False, account_id=None)
    with pytest.raises(RefusedError, match="Only a copy stands in"):
        change_stand_in(first, stands=True, account_id=None)


@database
def test_a_seat_is_open_to_who_completed_the_copy_or_has_a_seat_in_it_before(tmp_path):
    with at(NOW):
        ids = staff(tmp_path)
        copy = copied(published("HOS-01"))
        session_id = scheduled(published("HOS-02", prerequisites=("HOS-01",)))
        before = scheduled(copy, **day_before())
        complete(ids["P01"], copy, on=date(2020, 1, 1))
        enrol_people(before, numbers(ids, 2), account_id=None)

        assert request_seat(session_id, ids["P01"], account_id=None).value == "enrolled"
        assert request_seat(session_id, ids["P02"], account_id=None).value == "enrolled"
        with pytest.raises(RefusedError, match="Complete HOS-01"):
            request_seat(session_id, ids["P03"], account_id=None)


@database
def test_who_looks_for_a_day_of_the_original_finds_those_of_its_copies(browser):
    original = taught("REC-01")
    copy = copied(copied(original))
    scheduled(taught("REC-02"))
    day = scheduled(copy, days=(TypedDay(date(2027, 5, 4), time(10), time(12)),))
    who = person()
    assignment = give(who, path("OLD", "REC-01"), date(2026, 1, 1))
    browser.sign_in("member", who)

    step = browser.get(f"/learning/curricula/{assignment}").find("ol", class_="tm-list")
    page = browser.get(step.select_one("a[href$='/want']")["href"])

    [row] = page.main.find_all("li")
    assert row.a["href"] == f"/sessions/{day}"
    assert "REC-01-COPY-COPY (REC-01-COPY-COPY), which counts for this module as well" in words(row)
    assert browser.get(f"/modules/{copy}/want").main.find("li").a["href"] == f"/sessions/{day}"


@database
def test_a_file_keeps_what_stands_in_for_what_there_and_back():
    copied(copied(taught("REC-01")))
    before = chosen_to_hand_on(["REC-01-COPY-COPY"], [], TODAY)
    links = {one.code: one.stands_in_for for one in before.modules}
    assert links == {
        "REC-01": "", "REC-01-COPY": "REC-01", "REC-01-COPY-COPY": "REC-01-COPY"
    }  # fmt: skip

    renamed = [
        replace(
            one,
            code=one.code.replace("REC", "NEW"),
            stands_in_for=one.stands_in_for.replace("REC", "NEW"),
        )
        for one in before.modules
    ]
    file = exchange_file(Exchange(tuple(renamed)))
    reading = Reading()
    brought = read_exchange(json.loads(file), reading)
    assert brought is not None, reading.problems
    import_exchange(brought, account_id=None)

    assert exchange_file(chosen_to_hand_on(["NEW-01-COPY-COPY"], [], TODAY)) == file


def test_a_file_with_a_circle_or_without_the_original_is_refused():
    circle = [module("A", stands_in_for="B"), module("B", stands_in_for="A")]
    alone = [module("A", stands_in_for="GONE")]

    told = "it stands in for itself in the end"
    assert refused_modules(circle, {}, {"hospitality": 1}) == {"A": told, "B": told}
    assert refused_modules(alone, {}, {"hospitality": 1}) == {
        "A": "it stands in for GONE, which is neither here nor in the file"
    }


@database
def test_loading_the_library_again_keeps_what_stands_in():
    drafts = [module("REC-01")]
    load_library(drafts, [], account_id=None)
    original = db.session.scalars(select(Module)).one()
    copy = copied(original.id)

    load_library([replace(drafts[0], title="Better")], [], account_id=None)

    assert db.session.get_one(Module, copy).stands_in_for_id == original.id


@database
def test_on_the_page_one_chooses_it_when_copying_sees_it_and_takes_it_away(browser):
    first = taught("REC-01")
    browser.sign_in("trainer")

    page = browser.get(f"/modules/{first}")
    asked = browser.get(page.find("a", string="Copy as my own module")["href"])
    assert asked.find("input", attrs={"name": "stands_in"}).has_attr("checked")
    assert "Who completes the copy has completed REC-01 as well" in words(asked)
    said = browser.submit(f"/modules/{first}/versions/1/copy", fields_of(asked))
    assert "Who completes it has completed REC-01 as well." in said.main.text
    copy = db.session.scalars(select(Module.id).where(Module.code == "REC-01-COPY")).one()

    seen = words(browser.get(f"/modules/{copy}"))
    assert "Stands in for REC-01: who completes this one has completed that as well" in seen
    assert "Also completed with REC-01-COPY" in words(browser.get(f"/modules/{first}"))
    gone = browser.submit(f"/modules/{copy}/stand-in", {"stands": "no"})
    assert "It counts apart from REC-01." in gone.main.text
    assert "who completes it has not completed REC-01" in words(gone)
    again = browser.submit(f"/modules/{copy}/stand-in", {"stands": "yes"})
    assert "It stands in for REC-01 now." in again.main.text

    publish_module(copy, account_id=None)
    assert "Count it apart" not in browser.get(f"/modules/{copy}").main.text
    refused = browser.submit(f"/modules/{copy}/stand-in", {"stands": "no"})
    assert "REC-01-COPY was published and stands in for REC-01" in refused.main.text


def words(page) -> str:
    return " ".join((page.main or page).text.split())

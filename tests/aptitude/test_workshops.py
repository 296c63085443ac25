"""Judges sort anchors back into dimensions: what is kept, what is told, and what goes."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from aptitude.models.workshops import (
    WorkshopAnchor,
    WorkshopAnswer,
    WorkshopDimension,
    WorkshopJudge,
)
from aptitude.queries.frameworks import get_draft
from aptitude.queries.judging import own_workshop, workshops_waiting
from aptitude.queries.workshops import notes_for_draft, workshop_lines, workshop_page
from aptitude.rules.workshops import Said, order_words, summary_words
from aptitude.services.frameworks import (
    begin_version,
    change_draft,
    discard_draft,
    publish_version,
)
from aptitude.services.workshops import (
    ask_more,
    close_workshop,
    hand_in,
    open_workshop,
    save_portion,
)
from core.clock import at
from core.db import db
from core.errors import NotFoundError, RefusedError
from curricula.models.notices import Notice
from people.rules.access import OPERATOR
from people.rules.levels import Level
from people.services.retaining import retain
from tests.aptitude.workshops import JUDGES, TODAY, draft_of, held, judge, let_in, usual


@pytest.fixture
def judges(built_once, tmp_path):
    with at(TODAY):
        yield built_once(let_in, tmp_path)


def rows(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def test_a_workshop_copies_the_texts_and_asks_by_letter(judges):
    begin_version(account_id=None)
    text = get_draft().texts
    found = open_workshop(draft_of(judges, number=2), OPERATOR)
    every = open_workshop(draft_of(judges, level=None), OPERATOR)
    change_draft(2, replace(text, title="Another"))
    discard_draft(2, account_id=None)

    assert rows(WorkshopAnchor) == 35 + 175
    mine = own_workshop(found, judges["E1"])
    assert [len(one.anchors) for one in mine.portions] == [5] * 7
    assert sorted(one.text for one in mine.anchors) == sorted(
        one for each in text.dimensions for one in each.anchors[Level.FRONTLINE]
    )
    assert (workshop_page(found).line.of_draft, workshop_page(every).line.of_draft) == (True, False)
    letters = select(Notice.path).where(Notice.kind == "workshop_asked")
    assert sorted(db.session.scalars(letters)) == sorted(
        [f"/aptitude/workshops/{found}", f"/aptitude/workshops/{every}"] * 6
    )
    assert [one.id for one in workshops_waiting(judges["E1"])] == [found, every]
    assert workshops_waiting(OPERATOR) == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"title": " "}, "Give the workshop a name"),
        ({"due_on": date(2026, 3, 15)}, "The day has gone by"),
        ({"number": 9}, "no such version"),
        ({"judges": JUDGES[:4]}, "Name 5 judges or more"),
        ({"judges": ("E1", "E1", "E2", "E3", "e4@accounts.example", "E4")}, "Name 5 judges"),
        ({"judges": (*JUDGES, "nobody", "Pat")}, "“nobody”: nobody .* “Pat” could be"),
        ({"judges": tuple(f"E{n}" for n in range(61))}, "at most 60"),
    ],
)
@pytest.mark.engines("sqlite")
def test_what_cannot_be_asked_is_refused(judges, changes, message):
    with pytest.raises(RefusedError, match=message):
        open_workshop(draft_of(judges, **changes), OPERATOR)
    assert rows(WorkshopJudge) == 0


def test_further_judges_are_asked_while_it_is_open(judges):
    first, rest = dict(list(judges.items())[:5]), "e6@accounts.example"
    found = open_workshop(draft_of(first), OPERATOR)
    before = workshop_page(found).version

    assert ask_more(found, ("E1", rest)) == 1

    assert [one.name for one in workshop_page(found).judges] == [f"Judge {one}" for one in JUDGES]
    assert workshop_page(found).version != before
    assert len(own_workshop(found, judges["E6"]).anchors) == 35
    letters = select(func.count()).where(Notice.kind == "workshop_asked")
    assert db.session.scalar(letters) == 6
    for lines, message in (
        (("E1", "E6"), "asked already"),
        (("nobody",), "“nobody”: nobody with an account"),
    ):
        with pytest.raises(RefusedError, match=message):
            ask_more(found, lines)
    close_workshop(found)
    with pytest.raises(RefusedError, match="closed by now"):
        ask_more(found, ("E6",))
    with pytest.raises(NotFoundError):
        ask_more(999, ("E6",))
    assert rows(WorkshopJudge) == 6


def test_a_judge_says_it_bit_by_bit_and_hands_in_once(judges):
    found = open_workshop(draft_of(judges), OPERATOR)
    me, other = judges["E1"], judges["E2"]
    first = own_workshop(found, me).portions[0].anchors
    some = {first[0].id: Said("D1"), first[1].id: Said("none", 7), 99999: Said("D1", 1)}

    after = save_portion(found, 1, some, me)

    assert [one.said for one in after.portions[0].anchors[:3]] == [
        Said("D1"), Said("none", 7), Said()]  # fmt: skip
    assert (after.done, after.next_place, own_workshop(found, other).done) == (1, 1, 0)
    assert rows(WorkshopAnswer) == 2
    for wrong in (Said("D9", 4), Said("D1", 8), Said("D1", 0)):
        with pytest.raises(RefusedError):
            save_portion(found, 1, {first[0].id: wrong}, me)
    with pytest.raises(RefusedError, match=r"^34.sentences are not judged yet\.$"):
        hand_in(found, me)
    with pytest.raises(NotFoundError):
        save_portion(found, 8, {}, me)
    with pytest.raises(NotFoundError):
        own_workshop(found, OPERATOR)
    judge(found, me, 0, usual)
    hand_in(found, me)
    for late in (lambda: hand_in(found, me), lambda: save_portion(found, 1, some, me)):
        with pytest.raises(RefusedError, match="nothing was changed"):
            late()
    assert own_workshop(found, me).done == 35
    assert workshops_waiting(me) == []


def test_closing_shows_what_was_handed_in_and_deletes_what_was_begun(judges):
    found = held(judges)
    before = workshop_page(found)
    assert (before.scales, before.kappa, before.line.finished) == ((), None, 5)
    assert rows(WorkshopAnswer) == 5 * 35 + 5

    close_workshop(found)
    close_workshop(found)

    assert rows(WorkshopAnswer) == 5 * 35
    page = workshop_page(found)
    scales = {one.dimension.code: one for one in page.scales}
    assert summary_words(page.found) == "33 of 35 anchors hold; 2 want other words."
    assert [scale.label(one.score) for scale, one in page.to_revise] == [
        "Noticing and empathy, front line, 2", "Purpose and promise, front line, 4",
    ]  # fmt: skip
    missed = scales["D1"].anchors[1].found
    assert (missed.sorted_back.intended, missed.elsewhere) == (3, (("D2", 1), ("none", 1)))
    assert scales["D2"].means == [3.0, 4.0, 5.0, 6.0, 7.0]
    assert order_words(scales["D5"].means).startswith("Out of order: 3 not above 2.")
    # (34 + 3 × 2 / 20) / 35 = 0.98 observed, 4331 / 175² = 0.14142 by chance
    assert round(page.kappa, 4) == 0.9767
    with pytest.raises(RefusedError):
        save_portion(found, 1, {}, judges["E6"])
    few = held(judges, count=4)
    close_workshop(few)
    assert set(workshop_page(few).found) == {None}
    assert not workshop_page(few).is_told


def test_the_draft_is_told_what_judges_said_until_it_is_worded_anew(judges):
    found = held(judges)
    begin_version(account_id=None)
    assert notes_for_draft(found) == {}
    close_workshop(found)

    assert notes_for_draft(found) == {
        "anchor-D1-frontline-2": "3 of 5 put it where it was meant, 1 into Warm engagement and "
        "1 into none of them.",
        "anchor-D3-frontline-4": "Judges lie 3.0 apart on how effective it is.",
    }
    assert notes_for_draft(None) == {}
    texts = get_draft().texts
    first = texts.dimensions[0]
    reworded = dict(first.anchors)
    reworded[Level.FRONTLINE] = tuple(f"Asks the guest {n} times." for n in range(1, 6))
    anew = [replace(first, anchors=reworded), *texts.dimensions[1:]]
    change_draft(2, replace(texts, dimensions=anew, change_note="Clearer words"))
    assert list(notes_for_draft(found)) == ["anchor-D3-frontline-4"]
    assert told_of(found) == (1, 5, {"reworded in the draft of version 2"})
    publish_version(2, account_id=None)
    assert told_of(found) == (1, 5, {"reworded in version 2"})
    page = workshop_page(found)
    assert summary_words(page.found, page.reworded) == (
        "33 of 35 anchors hold; 1 wants other words; 1 was reworded since."
    )
    begin_version(account_id=None)
    assert list(notes_for_draft(found)) == ["anchor-D3-frontline-4"]
    change_draft(3, texts)
    assert told_of(found) == (2, 0, set())


def told_of(workshop_id: int) -> tuple[int, int, set[str]]:
    """Return how many anchors want other words, how many have them, and since when."""
    page = workshop_page(workshop_id)
    since = [one.reworded for scale in page.scales for one in scale.anchors if one.reworded]
    return len(page.to_revise), len(since), set(since)


def test_old_workshops_go_as_a_whole(judges, app):
    found, begun = held(judges), open_workshop(draft_of(judges), OPERATOR)
    with at(datetime(2026, 4, 1, tzinfo=UTC)):
        close_workshop(found)
        newer = open_workshop(draft_of(judges, due_on=date(2026, 4, 30)), OPERATOR)
    with at(datetime(2031, 3, 20, tzinfo=UTC)):
        assert {one.kind: one.count for one in retain(dry_run=False)}["assessments"] == 1
        assert [one.id for one in workshop_lines()] == [newer, found]
    with at(datetime(2031, 4, 1, tzinfo=UTC)):
        retain(dry_run=False)
    assert [one.id for one in workshop_lines()] == []
    assert begun < newer
    for model in (WorkshopAnchor, WorkshopAnswer, WorkshopDimension, WorkshopJudge):
        assert rows(model) == 0

"""O*NET's figures are offered beside our targets, on their own scales, with their attribution."""

import csv
import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from aptitude.imports import LIBRARY, read_occupations
from aptitude.rules.occupations import like, read_occupation
from aptitude.rules.targets import TargetDraft
from aptitude.services.frameworks import set_target
from core.clock import at
from core.errors import RefusedError
from tests.aptitude.test_views_own import text_of
from tests.aptitude.worlds import company
from tests.browsing import fields_of

TODAY = datetime(2026, 3, 16, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("code", "importance", "level"),
    [
        ("39-6012.00", 4.25, 4.00),  # concierges
        ("11-9081.00", 4.12, 4.12),  # lodging managers
        ("43-4051.00", 4.00, 3.62),  # customer service representatives
        ("35-3031.00", 3.62, 2.88),  # waiters
        ("11-1011.00", 3.12, 3.38),  # chief executives
        ("51-2092.00", 2.25, 2.25),  # team assemblers
        ("11-9161.00", 4.25, 5.25),  # emergency management directors: the highest of all
    ],
)
def test_the_figures_that_ship(code, importance, level):
    known = {one.code: one for one in read_occupations()}

    assert len(known) == 879
    assert (known[code].importance, known[code].level) == (importance, level)


@pytest.mark.skipif(
    "TRAINING_MIX_REAL_DATA" not in os.environ,
    reason="TRAINING_MIX_REAL_DATA names no folder of real exports",
)
def test_the_figures_that_ship_are_those_that_were_published():
    folder = Path(os.environ["TRAINING_MIX_REAL_DATA"]) / "onet"
    with (folder / "service_orientation_by_occupation.csv").open(encoding="utf-8") as stream:
        rows = [row[:4] for row in csv.reader(stream)][1:]
    shipped = [
        [one.code, one.title, str(one.importance), str(one.level)] for one in read_occupations()
    ]

    assert len(rows) == 879
    assert shipped == rows


def test_both_scales_keep_their_ends_and_no_other_text_ships():
    known = read_occupations()

    assert (min(one.level for one in known), min(one.importance for one in known)) == (0.88, 1.75)
    assert all(1 <= one.importance <= 5 and 0 <= one.level <= 7 for one in known)
    head = (LIBRARY / "occupations.csv").read_text(encoding="utf-8").splitlines()[0]
    assert head == "code,title,importance,level"
    with pytest.raises(RefusedError, match=r"7\.5 lies outside of 0 to 7"):
        read_occupation(["1", "x", "4", "7.5"])


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("Hotel desk clerk", "Hotel, Motel, and Resort Desk Clerks"),
        ("chief EXECUTIVE", "Chief Executives"),
        ("Concierge", "Concierges"),
        ("Adviser", "Residential Advisors"),
    ],
)
def test_occupations_are_found_by_the_words_of_a_job_title(words, first):
    assert like(read_occupations(), words)[0].title == first


def test_nothing_is_found_without_a_word_and_never_too_much():
    assert like(read_occupations(), "") == like(read_occupations(), "of a 7 xyzzy") == []
    assert len(like(read_occupations(), "workers")) == 12


@pytest.mark.usefixtures("database")
def test_hr_sees_them_beside_our_targets_and_decides(tmp_path, browser):
    with at(TODAY):
        people = company(tmp_path)
        mine = TargetDraft("D1", None, "Keeper", 35, None, False, date(2026, 3, 1))
        set_target(mine, account_id=None)
        browser.sign_in("hr")
        assert "What O*NET says of work" in text_of(browser.get("/aptitude/targets"))
        page = browser.get("/aptitude/targets/occupations?job_title=Keeper&words=concierge")
        text = text_of(page)
        assert "Concierges 39-6012.00 4.25 4.00" in text
        assert "Importance, 1 to 5" in text
        assert "Level, 0 to 7" in text
        assert "none is turned into another" in text
        assert "Noticing and empathy 3.5 From 1 March 2026." in text
        assert "Used under the CC BY 4.0 license. O*NET® is a trademark of USDOL/ETA." in text
        assert page.select_one('main a[href="https://creativecommons.org/licenses/by/4.0/"]')
        led = page.select_one("main .tm-btn")["href"]
        assert led == "/aptitude/targets?job_title=Keeper#set"
        page = browser.get(led)
        assert (fields_of(page)["dimension"], fields_of(page)["of"]) == ("D1", "job:Keeper")
        assert page.select_one("form[method=post] [name=of]")["value"] == "job:Keeper"
        none = browser.get("/aptitude/targets/occupations?words=xyzzy")
        assert "No occupation shares a word with that. O*NET calls it by another" in text_of(none)
        assert "share words with" not in text_of(browser.get("/aptitude/targets/occupations"))
        for role, who in (("manager", people["LEAD"]), ("trainer", None), ("executive", None)):
            browser.sign_in(role, who)
            browser.get("/aptitude/targets/occupations", status=404)

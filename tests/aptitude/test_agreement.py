"""How far the organisation's own raters agree: measured, shown to HR in words, used in profiles."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from itertools import chain

import numpy as np
import pytest
from pypdf import PdfReader
from sqlalchemy import func, select

from aptitude.models.agreement import CorrectedOverall, RatingAgreement
from aptitude.queries.agreement import ratings_shown
from aptitude.queries.frameworks import get_framework
from aptitude.queries.profiles import aptitude_page, page_of
from aptitude.queries.records import record_of
from aptitude.rules.mirror import SMALLEST_GROUP
from aptitude.rules.own_ratings import OwnRatings, Severities, Worth, measured, one_way_icc
from aptitude.rules.own_words import (
    headline,
    line_words,
    may_conclude,
    may_not_conclude,
    pairs_words,
)
from aptitude.rules.rating_files import ReadFile, ratings_of
from aptitude.rules.reliability import mean_squares
from aptitude.rules.scores import score_of
from aptitude.rules.severity_bands import banded
from aptitude.rules.sources import Source
from aptitude.services.agreement import measure_now, measure_when_due
from aptitude.services.standings import rebuild_standings
from aptitude.services.working import APTITUDE_DAILY
from core.clock import at, now
from core.db import db, transaction
from people.queries.subjects import held_on, who_is
from people.rules.access import OPERATOR
from tests.aptitude.tables import SHROUT_FLEISS
from tests.aptitude.worlds import CODES, company, rate, round_of

TODAY = datetime(2026, 3, 16, 9, tzinfo=UTC)


def file_of(scores: dict[tuple[str, str, str], float]) -> ReadFile:
    ratings = ratings_of(scores.items())
    return ReadFile(has_source=True, dimensions=ratings.dimensions, ratings=ratings)


def test_one_way_agreement_is_that_of_shrout_and_fleiss():
    ms = mean_squares(np.array(SHROUT_FLEISS, dtype=np.float64))
    found = one_way_icc(ms.between_persons, ms.within_persons, 4, 6, 24)

    assert found is not None
    assert found.value == pytest.approx(0.165742, abs=5e-7)
    table = {
        (f"P{person}", f"R{judge}", "D1"): float(score)
        for person, row in enumerate(SHROUT_FLEISS)
        for judge, score in enumerate(row)
    } | {(f"P{person}", "R4", "D2"): 1.0 + person % 2 for person in range(6)}
    worth = measured(file_of(table))
    assert not worth.dimensions["D1"].is_shown  # four raters
    assert worth.dimensions["D1"].icc is None
    many = {key: score for key, score in table.items() if key[2] == "D1"}
    many |= {(f"Q{n}", f"R{4 + n % 2}", "D1"): 5.0 for n in range(8)}  # one rater each
    one = measured(file_of(many)).dimensions["D1"]
    assert (one.persons, one.pairs, one.raters) == (14, 6, 6)
    assert one.icc == pytest.approx(0.165742, abs=5e-7)
    assert one.icc_mean == pytest.approx(0.442797, abs=5e-7)
    assert one.sem == pytest.approx(6.263889**0.5, abs=1e-6)
    assert one.mdc95 == pytest.approx(1.96 * 2**0.5 * 6.263889**0.5, abs=1e-5)


def test_unequal_numbers_of_raters_give_the_weighted_size():
    # three persons with 2, 3 and 4 raters: 1 2 / 2 3 4 / 4 5 5 6, worked by hand
    groups = ([1.0, 2.0], [2.0, 3.0, 4.0], [4.0, 5.0, 5.0, 6.0])
    scores = {
        (f"P{person}", f"R{rater}", "D1"): score
        for person, row in enumerate((*groups, [3.0, 3.0], [2.0, 4.0]))
        for rater, score in enumerate(row, start=person)
    }
    one = measured(file_of(scores)).dimensions["D1"]

    # within: 0.5 + 2 + 2 + 0 + 2 = 6.5 over 8; between: sums of squares over 4; size from 13 and 37
    assert one.sem == pytest.approx((6.5 / 8) ** 0.5)
    mean = 44 / 13
    between = (
        2 * (1.5 - mean) ** 2 + 3 * (3 - mean) ** 2 + 4 * (5 - mean) ** 2
        + 2 * (3 - mean) ** 2 + 2 * (3 - mean) ** 2
    ) / 4  # fmt: skip
    size = (13 - 37 / 13) / 4
    within = 6.5 / 8
    assert one.icc == pytest.approx((between - within) / (between + (size - 1) * within))


def test_one_person_with_many_raters_is_no_figure_of_the_organisation():
    scores = {("P0", f"R{n}", f"D{d}"): 2.0 + n % 3 for n in range(6) for d in range(7)}
    assert not measured(file_of(scores)).rating.is_shown
    scores |= {(f"P{n}", f"R{n}", "D1"): 3.0 for n in range(1, 6)}
    found = measured(file_of(scores)).rating
    assert (found.persons, found.pairs, found.sem, found.mean) == (6, 1, None, None)


def test_words_say_what_may_be_concluded_and_what_not():
    one = Worth(40, 20, 300, 40, mean_raters=3.0, icc=0.52, icc_low=0.45, icc_high=0.56,
                icc_mean=0.76, sem=0.29, mdc95=0.80)  # fmt: skip
    forms = Worth(40, 20, 120, 40, alpha=0.84, alpha_low=0.74, alpha_high=0.92)
    found = OwnRatings(forms, one, {}, connected=False, severities=Severities(0))

    assert headline(found) == (
        "Two raters of the same person agree moderately: differences below 0.8 are noise."
    )
    assert may_conclude(found)[0] == (
        "The mean of 3.0 raters on a dimension is reliable to 0.76 (0.71 to 0.79); good enough for "
        "feedback, not to compare groups."
    )
    # Between two words it is both, over three it is open.
    assert line_words(replace(one, icc_low=0.48, icc_high=0.66)) == (
        "Two raters agree moderately to well; below 0.8 is noise."
    )
    assert line_words(replace(one, icc_low=0.39, icc_high=0.40)).startswith(
        "Two raters agree little to moderately;"
    )
    assert line_words(replace(one, icc_low=0.39, icc_high=0.60)).startswith("Not known yet")
    # Five persons: ICC .80, and anything from −.10 to .97.
    unsure = OwnRatings(forms, replace(one, icc=0.8, icc_low=-0.1, icc_high=0.97, icc_mean=0.92),
                        {}, connected=True)  # fmt: skip
    assert headline(unsure) == (
        "How far two raters of the same person agree is not known yet (ICC −0.10 to 0.97): "
        "differences below 0.8 are noise."
    )
    assert line_words(unsure.rating) == (
        "Not known yet how far two raters agree; below 0.8 is noise."
    )
    assert may_conclude(unsure)[0] == (
        "The mean of 3.0 raters on a dimension is reliable to 0.92 (0.00 to 0.99); what that is "
        "good enough for is not known yet: at worst not yet good enough for feedback without a "
        "conversation."
    )
    told = " ".join(may_not_conclude(found))
    assert "takes 3 raters" in told
    assert "severe raters and weak people look alike" in told
    assert found.sem_used == 0.3
    assert pairs_words(found) == "Profiles use 0.30 as the error of one rating."
    # Raters who all agree prove no more than half levels can: 0.5 / sqrt(12).
    sure = [replace(one, sem=sem) for sem in (0.0, 0.02, 0.12, 0.13, 0.16)]
    used = [OwnRatings(forms, worth, {}, connected=True).sem_used for worth in sure]
    assert used == pytest.approx([0.1443376, 0.1443376, 0.1443376, 0.15, 0.15])
    assert min(score_of([3.0] * 7, sem).half for sem in used) == pytest.approx(0.1069, abs=1e-4)
    few = OwnRatings(forms, Worth(40, 20, 300, 29, sem=0.29), {}, connected=True)
    assert few.sem_used is None
    assert "30 persons with two raters are needed; so far there are 29" in pairs_words(few)


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ((5, 0, 2, 0, 6), [("at least 0.5 more than others", 5),
                           ("at most 0.2 more than others, or less", 8)]),
        ((0, 5, 1, 5, 0), [("from 0.5 more to 0.2 less", 6), ("0.2 to 0.5 less", 5)]),
        ((1, 6, 9, 7, 2), [("at least 0.2 more than others", 7), ("like others, within 0.2", 9),
                           ("at least 0.2 less than others", 9)]),
        ((5, 5, 5, 5, 5), [("at least 0.5 more than others", 5), ("0.2 to 0.5 more", 5),
                           ("like others, within 0.2", 5), ("0.2 to 0.5 less", 5),
                           ("at least 0.5 less than others", 5)]),
        ((0, 2, 1, 2, 0), [("like others, within 0.5", 5)]),
        ((1, 0, 3, 0, 0), [("more than others, like them or less", 4)]),
    ],
)  # fmt: skip
def test_no_band_of_severities_holds_one_to_four_raters(counts, told):
    severities = [
        [at] * count for at, count in zip((-0.9, -0.3, 0.0, 0.3, 0.9), counts, strict=True)
    ]

    assert list(banded(chain.from_iterable(severities))) == told


def test_raters_stand_in_bands_of_five_or_more_and_nobody_is_named():
    severe = {
        (f"P{person}", f"R{rater:02}", f"D{dimension}"): 3.0
        + (person % 3) * 0.5
        + (-1.0 if rater == 0 else 0.0)
        + ((person + rater + dimension) % 2) * 0.5
        for person in range(10)
        for rater in range(14)
        for dimension in range(4)
    }
    found = measured(file_of(severe))

    assert found.connected
    assert found.severities.counted == 14
    assert [count for _, count in found.severities.bands] == [14]  # the one counts with the rest
    assert all(count >= SMALLEST_GROUP for _, count in found.severities.bands)
    assert "R00" not in str(found)


@pytest.fixture
def people(built_once, tmp_path):
    with at(TODAY):
        yield built_once(company, tmp_path)


def test_what_two_peers_said_is_in_no_figure_of_the_organisation(people):
    round_of(people, "E1", {"LEAD": 3.0, "E2": 1.5, "E3": 1.5, "E1": 5.0})
    round_of(people, "E6", {"LEAD": 4.0, "E2": 4.0, "E3": 4.0, "E4": 2.0})
    with transaction() as session:
        ratings = ratings_shown(session, get_framework().names, TODAY.date()).file.ratings

    assert len(ratings.score) == (1 + 4) * 7
    assert sorted(set(ratings.score.tolist())) == [2.0, 3.0, 4.0]
    assert set(ratings.raters) == {"0", "1", "2", "3"}  # numbers of their own, no id of anybody


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("said", [(3.0, 3.0, 3.0), (1.5, 3.0, 4.5)])
def test_a_batch_of_three_moves_no_figure_of_the_organisation_and_one_of_five_does(people, said):
    """Its mean is told in a profile: what its squares add to a spread would tell who said what."""
    for n in range(2, 7):
        rate(people[f"E{n}"], people["LEAD"], Source.MANAGER, 2.5 + n / 2 % 1)
        rate(people[f"E{n}"], people["O1"], Source.OBSERVER, 3.0)
        rate(people[f"E{n}"], people["OTHER"], Source.OBSERVER, 3.5)
    for subject, above in (("LEAD", "DIR"), ("DIR", "CEO")):
        rate(people[subject], people[above], Source.MANAGER, 3.0)
    before = measure_now()
    assert before is not None
    assert before.dimensions["D1"].sem is not None
    round_of(people, "E1", dict(zip(("E2", "E3", "E4"), said, strict=True)))
    assert aptitude_page(people["E1"], OPERATOR, TODAY.date()).sources[0].raters == 3
    after = measure_now()
    assert after is not None
    assert replace(after, corrected={}) == replace(before, corrected={})

    round_of(people, "E1", dict.fromkeys(("E2", "E3", "E4", "E5", "E6"), 3.0), date(2026, 3, 9))
    more = measure_now()
    assert more is not None
    assert more.dimensions["D1"].ratings == before.dimensions["D1"].ratings + 5


def test_the_own_error_is_used_from_the_day_it_was_measured_and_never_before(people):
    round_of(people, "E1", {"LEAD": 3.0, "E2": 3.0, "E3": 3.0, "E4": 3.0})
    before = aptitude_page(people["E1"], OPERATOR, TODAY.date())
    assert "not known yet" in before.error_words
    # Peers' own spread is told of five only; until an error is known the usual one stands for it.
    assert before.lines[0].half_band == pytest.approx(0.6108, abs=5e-5)
    # 1.96 · √((3 · 0.64² + 0.57²) / 4) / √4: three peers and a manager

    found = measure_now()
    assert found is not None
    assert found.sem_used is None
    assert db.session.scalar(select(func.count(RatingAgreement.id))) == 1
    with at(TODAY + timedelta(days=1)), transaction() as session:
        measure_when_due(session)
        kept = session.scalars(select(RatingAgreement.figures)).one()  # measured once a week
        later = TODAY + timedelta(days=1)
        session.add(RatingAgreement(measured_at=later, sem=0.6, figures=kept))
    with at(TODAY + timedelta(days=2)):
        rebuild_standings()
        page = aptitude_page(people["E1"], OPERATOR, date(2026, 3, 18))
    assert "0.60" in page.error_words
    assert page.lines[0].half_band == pytest.approx(1.96 * 0.6 / 2)
    assert page.points[0].overall == before.points[0].overall  # as it was known then


def test_severity_is_taken_out_beside_the_plain_figure_until_something_new_is_said(people, browser):
    everybody = ("E1", "E2", "E3", "E4", "E5", "E6")
    for subject in everybody:
        others = {one: 2.0 if one == "E1" else 3.0 for one in everybody if one != subject}
        round_of(people, subject, {"LEAD": 3.5, **others})
    # LEAD gives 0.5 more than the others, E1 1.0 less, together 0.5 / 7 less: all stand at 2.93.
    told = (
        "With the severity of the raters taken out it would be 2.9 instead of 3.1. The figures "
        "here are not corrected."
    )
    words = lambda: aptitude_page(people["E1"], OPERATOR, now().date()).corrected_words  # noqa: E731
    assert words() == ""
    measure_now()
    assert words() == told
    stands_on_page_and_sheet(browser, people, told)

    kept = select(CorrectedOverall.subject_id, CorrectedOverall.overall)
    assert db.session.execute(kept).all() == [
        (people[one], pytest.approx(3 - 0.5 / 7)) for one in everybody
    ]
    assert {one.table: one.columns for one in held_on(who_is(people["E1"], None))}[
        "corrected_overall"
    ] == ("subject_id", "measured_at", "overall", "basis")
    with at(TODAY + timedelta(days=1)):  # no renewal loses it, whatever it is for
        daily_work()
        rebuild_standings()
        assert words() == told
    with at(TODAY + timedelta(days=7)):  # what reads the same is written once
        daily_work()
        assert words() == told
        assert len(db.session.execute(kept).all()) == 6

    rate(people["E1"], people["LEAD"], Source.MANAGER, 4.0, on=date(2026, 3, 25))
    with at(TODAY + timedelta(days=10)):
        assert words() == (
            "The ratings that count have changed, so what the overall figure would be with the "
            "severity of the raters taken out is worked out anew, within a week."
        )
    with at(TODAY + timedelta(days=14)):
        daily_work()
        assert words().startswith(
            "With the severity of the raters taken out it would be 3.0 instead of 3.2."
        )
    record = record_of(people["E1"], OPERATOR, date(2026, 4, 1))
    then = page_of(record.as_of(TODAY + timedelta(days=7)), date(2026, 3, 23))
    assert then.corrected_words == told


def stands_on_page_and_sheet(browser, people, corrected: str) -> None:
    browser.sign_in("manager", people["LEAD"])
    path = f"/team-aptitude/people/{people['E1']}"
    assert corrected in browser.get(path).select_one(".tm-overall").text
    sheet = browser.open(f"{path}/sheet.pdf").data
    paper = " ".join("".join(one.extract_text() for one in PdfReader(BytesIO(sheet)).pages).split())
    plain = "Overall 3.1 ± 0.5 on the scale from 1 to 5. The mean of seven of seven dimensions, "
    assert f"{plain}each seen by six raters besides the person. {corrected}" in paper


def daily_work() -> None:
    for part in APTITUDE_DAILY.divide({}):
        with transaction() as session:
            APTITUDE_DAILY.do(session, part)


@pytest.mark.engines("sqlite")
def test_hr_reads_the_page_and_takes_the_file(people, browser):
    for subject in ("E1", "E2", "E3", "E4", "E5", "E6"):
        others = [one for one in ("E1", "E2", "E3", "E4", "E5", "E6") if one != subject]
        said = {who: 3.0 + place % 2 for place, who in enumerate(others)}
        round_of(people, subject, {"LEAD": 3.5, **said})
    browser.sign_in("hr")
    assert "not measured yet" in browser.get("/leader-mirror/agreement").select_one("main").text
    measure_now()
    page = browser.get("/leader-mirror/agreement").select_one("main").text
    assert "differences below" in page
    assert "What may not" in page
    assert "Pat" not in page
    lines = browser.open("/leader-mirror/agreement.csv").text.lstrip("\ufeff").splitlines()
    assert lines[0].startswith('"what","persons","with_two_raters","raters","ratings","mean"')
    assert sum(line.split(",")[1] == '"6"' for line in lines[1:]) == len(CODES) + 2
    assert "leader-mirror/agreement" in str(browser.get("/leader-mirror"))
    for role in ("executive", "trainer"):
        browser.sign_in(role)
        browser.open("/leader-mirror/agreement", 404)
        browser.open("/leader-mirror/agreement.csv", 404)
    rate(people["E1"], people["LEAD"], Source.MANAGER, 2.0)

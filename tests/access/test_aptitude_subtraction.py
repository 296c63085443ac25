"""What nobody may learn of ratings, however many pages, files and days are held side by side.

Where something must not follow from what is shown, the tests change it and look whether anything
that anybody gets has changed.
"""

import sqlite3
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import delete, insert, select

from aptitude.models.assessments import AptitudeStanding, Assessment, AssessmentRater, Rating
from aptitude.queries.mirror import forget_mirrors, leader_mirror
from aptitude.rules.group_figures import Tally, rungs_of
from aptitude.rules.sources import Source
from aptitude.services.agreement import measure_now
from aptitude.services.assessing import answer_request
from aptitude.services.standings import rebuild_standings
from aptitude.services.working import APTITUDE_DAILY
from core.clock import at
from core.db import db, take_turn, transaction
from people.models import Employee
from people.rules.access import Viewer
from people.rules.levels import Level, RoleName
from people.services.importing import import_people
from tests.aptitude.worlds import CODES, asked, company, rate, round_of, said, viewer
from tests.browsing import Browser
from tests.ledger.worlds import write

NOW = datetime(2026, 3, 16, 9, tzinfo=UTC)
EXECUTIVE = Viewer(None, "Boss", None, frozenset({RoleName.EXECUTIVE}), manages=False)
MIRROR = (
    "/leader-mirror", "/leader-mirror.csv", "/leader-mirror.xlsx", "/leader-mirror.pdf",
    "/leader-mirror/reviews.csv", "/leader-mirror/management.csv",
)  # fmt: skip
PERSON = (
    "/team-aptitude/people/{E1}", "/team-aptitude/people/{E1}/sheet.pdf",
    "/team-aptitude/people/{E1}/ask",
)  # fmt: skip
OWN = ("/my-data", "/my-data.json", "/my-data.csv", "/learning/messages")
LOOKS: Mapping[tuple[str, str | None], tuple[str, ...]] = {
    # who looks: (role, who they are); what they open
    ("hr", None): (
        *MIRROR, *PERSON, *OWN, "/leader-mirror/agreement", "/leader-mirror/agreement.csv",
        "/team-aptitude/round", "/team-aptitude/rounds", "/aptitude/contests", "/letters",
        "/people/{E1}",
        "/team-aptitude/people/{LEAD}", "/audit",
    ),
    ("executive", None): (*MIRROR, *OWN),
    ("manager", "LEAD"): (
        *MIRROR, *PERSON, *OWN, "/team-aptitude", "/team-aptitude/round", "/team-aptitude/rounds",
    ),
    ("manager", "DIR"): (*MIRROR, *PERSON, "/team-aptitude", "/team-aptitude/people/{LEAD}"),
    ("manager", "CEO"): (*MIRROR, "/team-aptitude"),
    ("employee", "E1"): (
        "/aptitude", "/aptitude?on=2026-03-12", "/aptitude/sheet.pdf", "/aptitude/asked",
        "/aptitude/self", *OWN, "/people/{E1}",
    ),
    ("employee", "E2"): ("/aptitude/asked",),
    ("employee", "E6"): ("/aptitude", "/aptitude/asked", *OWN),
    ("trainer", None): OWN,
    ("admin", None): OWN,
}  # fmt: skip
PAPERS = (".pdf", ".xlsx")
THREE = (("hr", None), ("manager", "LEAD"), ("employee", "E1"))


@pytest.fixture
def people(built_once, tmp_path):
    with at(NOW):
        yield built_once(company, tmp_path)


def signed_in(app, people, looks=tuple(LOOKS)) -> dict[tuple[str, str | None], Browser]:
    """Return everybody who looks, at a browser of their own."""
    found = {one: Browser(app) for one in looks}
    for (role, who), browser in found.items():
        browser.sign_in(role, people[who] if who else None)
    return found


def everything(app, people) -> dict[str, str]:
    """Return the figures that HR, the manager and the person get on pages and in tables."""
    found = {one: [path for path in LOOKS[one] if _is_of_figures(path)] for one in THREE}
    return seen_by(signed_in(app, people, found), people, found)


def _is_of_figures(path: str) -> bool:
    """Tell whether a page stays as it is when somebody looks at it, and no paper says it again."""
    return path not in {*OWN, "/audit"} and not path.endswith(PAPERS)


def seen_by(browsers, people, looks=LOOKS) -> dict[str, str]:
    """Return what is at each address for whoever looks there."""
    return {
        f"{role} {who} {path}": text_at(browsers[role, who], path.format(**people))
        for (role, who), paths in looks.items()
        for path in paths
    }


def text_at(browser: Browser, url: str) -> str:
    """Return all that is at an address, whatever kind of file it is."""
    if url.endswith((".csv", ".json")):
        return browser.open(url).text
    if url.endswith(".pdf"):
        pages = PdfReader(BytesIO(browser.open(url).data)).pages
        return "\n".join(one.extract_text() for one in pages)
    if url.endswith(".xlsx"):
        book = load_workbook(BytesIO(browser.open(url).data))
        return str([(sheet.title, list(sheet.values)) for sheet in book])
    main = browser.get(url).select_one("main")
    for hidden in main.select("input[type=hidden]"):
        hidden.decompose()  # what a form is sent with is another each time
    return str(main)


def kept() -> sqlite3.Connection:
    """Return a copy of the database as it is now."""
    copy = sqlite3.connect(":memory:")
    _driver().backup(copy)
    return copy


def bring_back(copy: sqlite3.Connection) -> None:
    """Let the database be again what it was when it was copied."""
    db.session.remove()
    copy.backup(_driver())
    forget_mirrors()


def _driver() -> sqlite3.Connection:
    db.session.rollback()
    return db.engine.raw_connection().driver_connection


def say_otherwise(people, source: Source, **said: int) -> None:
    """Let what raters said of E1 be another thing, as if they had never said the first."""
    with transaction() as session:
        take_turn(session)
        for rater, tenths in said.items():
            _say_otherwise(session, people, rater, source, tenths)
    rebuild_standings()
    measure_now()
    forget_mirrors()


def _say_otherwise(session, people, rater: str, source: Source, tenths: int) -> None:
    given = (
        select(Assessment.id)
        .join(AssessmentRater, AssessmentRater.assessment_id == Assessment.id)
        .where(
            Assessment.subject_id == people["E1"],
            AssessmentRater.rater_id == people[rater],
            Assessment.source == source,
        )
    )
    rows = session.execute(
        select(Rating.__table__).where(Rating.assessment_id.in_(given))
    ).mappings()
    others = [{**row, "tenths": tenths} for row in rows]
    assert len(others) == 7
    gone = {row["assessment_id"] for row in others}
    session.execute(delete(Rating).where(Rating.assessment_id.in_(gone)))
    session.execute(insert(Rating.__table__), others)


def differing(app, people, before: Mapping[str, str]) -> set[str]:
    after = everything(app, people)
    return {name for name, text in after.items() if text != before[name]}


def the_night_after(browsers, people, looks) -> dict[str, str]:
    """Return all that anybody gets when the round is over and the night's work is done."""
    with at(NOW + timedelta(days=16)):
        for part in APTITUDE_DAILY.divide({}):
            with transaction() as session:
                APTITUDE_DAILY.do(session, part)
        forget_mirrors()
        return seen_by(browsers, people, looks)


def begin_to_say(browser: Browser, request_id: int) -> None:
    begun = {"score-D1": "10", "example-D1": "Nobody may know that this was begun."}
    browser.post(f"/aptitude/asked/{request_id}/keep", begun)


@pytest.mark.engines("sqlite")
def test_what_two_peers_said_is_absent_from_every_output_and_when_and_that_they_did(app, people):
    """Rows, moments, numbers and counts are those of a world in which they said nothing."""
    asked_in_all = ("E2", "E3", "E4", "E5")
    round_of(people, "E1", {"LEAD": 3.0, "E1": 4.0})
    for n in range(2, 7):
        round_of(people, f"E{n}", {"LEAD": 3.5})
        rate(people[f"E{n}"], people["OTHER"], Source.OBSERVER, 3.0)
    due = date(2026, 3, 30)
    with at(NOW):
        ids = {who: asked(people["E1"], people[who], Source.PEER, due) for who in asked_in_all}
        above = asked(people["LEAD"], people["E4"], Source.REPORT, due)
    raters = [("employee", who) for who in asked_in_all]
    browsers = signed_in(app, people, [*LOOKS, *(one for one in raters if one not in LOOKS)])
    copy = kept()

    def seen_when(answered: str, looks=LOOKS) -> dict[str, str]:
        bring_back(copy)
        with at(NOW + timedelta(days=1, hours=2, minutes=17, seconds=8)):
            for who in answered.split():
                sent = {f"score-{code}": "20" for code in CODES}
                browsers["employee", who].post(f"/aptitude/asked/{ids[who]}", sent)
            if answered:
                for who in {"E4", "E5"} - set(answered.split()):
                    begin_to_say(browsers["employee", who], ids[who])
                declined = {"reason": "We have never met."}
                browsers["employee", "E4"].post(f"/aptitude/asked/{ids['E4']}/decline", declined)
                answer_request(above, said(1.5), viewer(people["E4"]))
        rate(people["E6"], people["DIR"], Source.MANAGER, 3.0, on=date(2026, 3, 18))
        return the_night_after(browsers, people, looks)

    silent = seen_when("")
    after = seen_when("E2 E3")
    own = "employee E2 /aptitude/asked"
    assert {name for name in silent if after[name] != silent[name]} == {own}
    some = {("hr", None): ("/audit",), ("manager", "LEAD"): ("/leader-mirror.csv",),
            ("employee", "E1"): ("/my-data.json", "/aptitude")}  # fmt: skip
    heard = seen_when("E2 E3 E5", some)  # the test does bite
    assert [name for name, text in heard.items() if text == silent[name]] == []


@pytest.mark.engines("sqlite")
def test_a_fourth_peer_changes_no_figure_on_the_days_after(app, people):
    with at(datetime(2026, 2, 2, 9, tzinfo=UTC)):
        round_of(people, "E1", {"LEAD": 3.0, "E2": 2.0, "E3": 2.5, "E4": 3.5}, date(2026, 2, 2))
    rebuild_standings()
    rate(people["E1"], people["E5"], Source.PEER, 1.5, on=date(2026, 3, 10))
    rebuild_standings()
    measure_now()
    before = everything(app, people)
    say_otherwise(people, Source.PEER, E5=45)

    assert differing(app, people, before) == set()
    with at(NOW + timedelta(days=30)):
        rebuild_standings()
        measure_now()
        forget_mirrors()
        later = everything(app, people)
        say_otherwise(people, Source.PEER, E5=15)
        assert differing(app, people, later) == set()


def put(people, overalls: Mapping[str, float | None]) -> None:
    """Let people stand where we say."""
    with transaction() as session:
        take_turn(session, aside=True)
        for who, overall in overalls.items():
            held = session.get(AptitudeStanding, people[who])
            if held is None:
                held = AptitudeStanding(
                    employee_id=people[who], framework_id=1, level=Level.FRONTLINE, dimensions=7,
                    raters=2, profile={}, changed_at=NOW, assessed_on=NOW.date(),
                )  # fmt: skip
                session.add(held)
            held.overall, held.overall_error = overall, None if overall is None else 0.2
    forget_mirrors()


@pytest.fixture
def larger(people, tmp_path):
    """The company with a level of three team leads and a unit of two more."""
    rows = [f"T{n},Pat T{n},t{n}@people.example,DIR,House / Service,team_lead" for n in (1, 2)]
    rows += [f"S{n},Pat S{n},s{n}@people.example,OTHER,House / Shop,senior" for n in range(1, 9)]
    header = "employee_number,name,email,manager_number,unit,level"
    with at(NOW):
        path = write(tmp_path, "\n".join([header, *rows]) + "\n", "more.csv")
        assert import_people(path, file_name="more.csv", account_id=None).refused == 0
    return dict(db.session.execute(select(Employee.number, Employee.id)).all())


def groups_seen(viewer_: Viewer):
    """Return every figure of the mirror's years, without what has nothing to do with scores."""
    return [
        (year, page.rungs, page.teams)
        for year in range(2022, 2027)
        for page in [leader_mirror(viewer_, year, NOW.date())]
    ]


@pytest.mark.engines("sqlite")
def test_four_who_are_assessed_on_a_rung_follow_from_no_other_figure(larger):
    front = {f"E{n}": 3.0 + n / 10 for n in range(1, 7)}
    seniors = {f"S{n}": 2.0 + n / 10 for n in range(1, 9)}
    leaders = {"LEAD": 3.0, "T1": 2.0, "T2": 4.0, "DIR": 3.5}
    put(larger, {**front, **seniors, **leaders})
    before = groups_seen(EXECUTIVE)
    assert [one.missing for one in before[-1][1].rungs] == ["too few assessed", "", ""]
    assert before[-1][1].total.missing == "hidden"

    put(larger, {"LEAD": 3.1, "T1": 4.5, "T2": 1.5, "DIR": 4.0})
    assert groups_seen(EXECUTIVE) == before
    put(larger, {"E1": 1.0, "E2": 1.0, "E3": 1.0, "E4": 1.0})
    assert groups_seen(EXECUTIVE) != before  # the test does bite


@pytest.mark.engines("sqlite")
def test_two_days_of_a_mirror_do_not_tell_where_one_person_stands(larger):
    """Of every overall figure the newcomer may have, the two days look the same for a half."""
    put(larger, {f"S{n}": 3.0 for n in range(1, 6)})
    seen = {}
    for tenths in range(10, 51):
        put(larger, {"S6": tenths / 10})
        rung = leader_mirror(EXECUTIVE, 2026, NOW.date()).rungs.rungs[1]
        assert (rung.label, rung.assessed) == ("Senior", 6)
        seen.setdefault(rung.mean, []).append(tenths)
    assert set(seen) <= {2.5, 3.0, 3.5}
    assert max(map(len, seen.values())) >= 20


@pytest.mark.parametrize("assessed", [5, 7, 9, 10, 13, 19, 20, 40])
def test_the_sum_of_a_rung_is_known_no_better_than_the_scale_is_wide(assessed):
    """Whatever the others have, one person may stand at either half of the scale, and both fit."""
    others = 3.0 * (assessed - 1)
    shown = {
        rungs_of(
            {Level.SENIOR: Tally(assessed, 0, assessed, 0, others + one / 10, 9.0 * assessed)},
            in_steps=True,
        ).rungs[0].mean
        for one in range(10, 51)
    }  # fmt: skip
    assert len(shown) <= 3


@pytest.mark.engines("sqlite")
def test_whom_a_manager_does_not_see_by_name_follow_from_no_figure(larger):
    with at(NOW):
        boss = viewer(larger["CEO"], manages=True)
        names = {f"E{n}": 3.0 for n in range(1, 5)}  # three levels below: figures of groups only
        seen = {"DIR": 3.0, "OTHER": 4.0, "LEAD": 2.5, "T1": 3.5, "T2": 3.0, "O1": 2.0}
        seniors = {f"S{n}": 2.0 + n / 10 for n in range(1, 9)}
        put(larger, {**names, **seen, **seniors})
        before = groups_seen(boss)
        put(larger, {f"E{n}": 1.0 + n for n in range(1, 5)})
        assert groups_seen(boss) == before
        put(larger, {f"S{n}": 5.0 for n in range(1, 9)})
        assert groups_seen(boss) != before

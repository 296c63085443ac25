"""What nobody may learn of ratings, however many pages, files and days are held side by side.

Where something must not follow from what is shown, the tests change it and look whether anything
that anybody gets has changed.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import delete, insert, select

from aptitude.models.assessments import AptitudeStanding, Assessment, AssessmentRater, Rating
from aptitude.queries.mirror import forget_mirrors, leader_mirror
from aptitude.rules.group_figures import Tally, rungs_of
from aptitude.rules.sources import Source
from aptitude.services.agreement import measure_now
from aptitude.services.standings import rebuild_standings
from core.clock import at
from core.db import db, take_turn, transaction
from people.models import Employee
from people.rules.access import Viewer
from people.rules.levels import Level, RoleName
from people.services.importing import import_people
from tests.aptitude.worlds import company, rate, round_of, viewer
from tests.browsing import Browser
from tests.ledger.worlds import write

NOW = datetime(2026, 3, 16, 9, tzinfo=UTC)
EXECUTIVE = Viewer(None, "Boss", None, frozenset({RoleName.EXECUTIVE}), manages=False)
FILES = ("/leader-mirror.csv", "/leader-mirror/reviews.csv", "/leader-mirror.pdf")
LOOKS: Mapping[tuple[str, str | None], tuple[str, ...]] = {
    # who looks: (role, who they are); what they open
    ("hr", None): (
        "/leader-mirror", *FILES, "/leader-mirror/agreement", "/leader-mirror/agreement.csv",
        "/team-aptitude/people/{E1}", "/team-aptitude/people/{E1}/sheet.pdf",
        "/team-aptitude/people/{E1}/ask",
    ),
    ("executive", None): ("/leader-mirror", *FILES),
    ("manager", "LEAD"): (
        "/leader-mirror.csv", "/team-aptitude", "/team-aptitude/people/{E1}/sheet.pdf",
    ),
    ("manager", "DIR"): ("/team-aptitude", "/team-aptitude/people/{E1}"),
    ("employee", "E1"): (
        "/aptitude", "/aptitude?on=2026-03-12", "/aptitude/sheet.pdf", "/aptitude/asked",
    ),
    ("employee", "E2"): ("/aptitude/asked",),
}  # fmt: skip


@pytest.fixture
def people(database, tmp_path):
    with at(NOW):
        yield company(tmp_path)


def everything(app, people, *, papers: bool = True) -> dict[str, str]:
    """Return all that anybody gets: pages with their charts, files and papers, as text."""
    found = {}
    for (role, who), paths in LOOKS.items():
        browser = Browser(app)
        browser.sign_in(role, people[who] if who else None)
        for path in paths:
            if path.endswith(".pdf") and not papers:
                continue
            url = path.format(**people)
            answer = browser.open(url)
            if url.endswith(".pdf"):
                pages = PdfReader(BytesIO(answer.data)).pages
                found[f"{role} {who} {path}"] = "\n".join(one.extract_text() for one in pages)
            elif url.endswith(".csv"):
                found[f"{role} {who} {path}"] = answer.text
            else:
                main = browser.get(url).select_one("main")
                for hidden in main.select("input[type=hidden]"):
                    hidden.decompose()  # what a form is sent with is another each time
                found[f"{role} {who} {path}"] = str(main)
    return found


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
    after = everything(app, people, papers=any(name.endswith(".pdf") for name in before))
    return {name for name, text in after.items() if text != before[name]}


@pytest.mark.engines("sqlite")
def test_what_two_peers_said_is_absent_from_every_output(app, people):
    round_of(people, "E1", {"LEAD": 3.0, "E2": 2.0, "E3": 2.5, "E1": 4.0})
    for n in range(1, 7):
        rate(people[f"E{n}"], people["OTHER"], Source.OBSERVER, 3.0)
        if n > 1:
            round_of(people, f"E{n}", {"LEAD": 3.5, "O1": 3.5, "E1": 2.0})
    rebuild_standings()
    measure_now()
    before = everything(app, people)

    say_otherwise(people, Source.PEER, E2=45, E3=15)
    assert differing(app, people, before) == set()

    say_otherwise(people, Source.MANAGER, LEAD=45)  # the test does bite
    changed = differing(app, people, before)
    assert {name for name in before if "{E1}" in name and not name.endswith("/ask")} <= changed
    assert "employee E1 /aptitude" in changed


@pytest.mark.engines("sqlite")
def test_a_fourth_peer_changes_no_figure_on_the_days_after(app, people):
    with at(datetime(2026, 2, 2, 9, tzinfo=UTC)):
        round_of(people, "E1", {"LEAD": 3.0, "E2": 2.0, "E3": 2.5, "E4": 3.5}, date(2026, 2, 2))
    rebuild_standings()
    rate(people["E1"], people["E5"], Source.PEER, 1.5, on=date(2026, 3, 10))
    rebuild_standings()
    measure_now()
    before = everything(app, people, papers=False)
    say_otherwise(people, Source.PEER, E5=45)

    assert differing(app, people, before) == set()
    with at(NOW + timedelta(days=30)):
        rebuild_standings()
        measure_now()
        forget_mirrors()
        later = everything(app, people, papers=False)
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
    assert before[-1][1].total.missing == "too few assessed"

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

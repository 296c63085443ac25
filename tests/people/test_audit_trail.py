"""What is written into the audit trail, and who may read it."""

import ast
import json
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from core.clock import at
from core.db import db
from core.errors import RefusedError, TooSoonError
from people.models import AuditEvent, Employee
from people.queries.auditing import verify_audit, who_looked
from people.rules.signing import Site
from people.services.auditing import note
from people.services.importing import import_people
from people.services.passkeys import sign_in_options, sign_in_with_passkey
from people.services.settings import set_day_minutes, set_organisation
from people.services.signing import sign_in
from people.services.undoing import undo_people
from tests.architecture.files import ROOT, product_code
from tests.people.files import people_file
from tests.prepared import prepared

NOT_RECORDED = {
    # (file, function): why
    ("aptitude/services/begun.py", "keep_begun"): "what is begun is nobody's to know but theirs",
    ("aptitude/services/sittings.py", "begin_sitting"): "handing the test in is recorded",
    ("aptitude/services/sittings.py", "save_answer"): "handing the test in is recorded",
    ("demo/services/seeing.py", "share"): "invents what the demo begins with",
    ("demo/services/testing.py", "take_tests"): "invents what the demo begins with",
    ("people/services/attempts.py", "forget_tries"): "follows a sign-in, which is recorded",
    ("people/services/outbox.py", "_claim"): "sends a letter whose reason is recorded",
    ("people/services/outbox.py", "_finish"): "sends a letter whose reason is recorded",
    ("people/services/passkeys.py", "new_passkey_options"): "a step before adding one",
    ("people/services/passkeys.py", "prove_with_passkey"): "a visit goes on; nothing is changed",
    ("people/services/passkeys.py", "sign_in_options"): "a step before signing in",
    ("people/services/passwords.py", "reset_is_good"): "it only reads",
    ("people/services/submissions.py", "keep_answer"): "follows a form, whose work is recorded",
    ("people/services/tickets.py", "give_ticket"): "a step before what the ticket is for",
    ("people/services/visits.py", "notice_visit"): "a visit goes on; nothing is changed",
    ("people/services/visits.py", "prove_visit"): "a visit goes on; nothing is changed",
    ("people/services/uploads.py", "keep_choices"): "a step before recording, which is recorded",
    ("curricula/services/attending.py", "save_sheet"): "each mark says who set it, and when",
    ("curricula/services/badges.py", "badge_of"): "signs what is there; its file is recorded",
    ("curricula/services/practising.py", "tick_practice"): "the row says whose it is, and when",
    ("curricula/services/feedback.py", "give_feedback"): "who answered what is nobody's to see",
    ("demo/services/judging.py", "_hand_in"): "the demo only",
    ("demo/services/loading.py", "_open_for_demo"): "the demo only",
    ("demo/services/teaching.py", "answer"): "the demo only",
}
STAFF = """number,name,e-mail,manager_number,unit
A1,Ada Marsh,ada@example.org,,Hotel
A2,Ben Okafor,ben@example.org,A1,Hotel
A3,Cleo Varga,cleo@example.org,A1,Hotel
"""


def events() -> list[AuditEvent]:
    return list(db.session.scalars(select(AuditEvent).order_by(AuditEvent.id)))


def kinds() -> list[str]:
    return [event.kind for event in events()]


def id_of(number: str) -> int:
    return db.session.scalars(select(Employee.id).where(Employee.number == number)).one()


@prepared
def staff(tmp_path):
    return import_people(people_file(tmp_path, STAFF), file_name="staff.csv", account_id=None)


def functions_of_services() -> dict[tuple[str, str], tuple[bool, set[str]]]:
    """Return for each function of a service whether it opens a transaction, and what it calls."""
    found = {}
    for path in product_code():
        if "services" in Path(path).with_suffix("").parts:
            tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
            for node in ast.walk(tree):
                if isinstance(node, ast.FunctionDef):
                    calls = {
                        getattr(call.func, "id", getattr(call.func, "attr", ""))
                        for call in ast.walk(node)
                        if isinstance(call, ast.Call)
                    }
                    key = (Path(path).as_posix(), node.name)
                    found[key] = ("transaction" in calls, calls)
    return found


def recording(functions: dict[tuple[str, str], tuple[bool, set[str]]]) -> set[str]:
    """Return the names of functions that write an event, by themselves or by what they call."""
    known = {"record"}
    while True:
        more = {name for (_, name), (_, calls) in functions.items() if calls & known} - known
        if not more:
            return known
        known |= more


def test_every_service_that_writes_records_it():
    """A function that opens a transaction writes an event in it, or says here why not."""
    functions = functions_of_services()
    known = recording(functions)
    silent = {key for key, (opens, calls) in functions.items() if opens and not calls & known}

    assert silent - NOT_RECORDED.keys() == set()
    assert NOT_RECORDED.keys() - silent == set()


def test_a_people_file_and_its_undoing_are_recorded_with_counts(staff):
    undo_people(staff.batch)

    assert kinds() == ["people.import", "people.undo"]
    first, second = events()
    assert json.loads(first.details) == {
        "changed": 0,
        "new": 3,
        "refused": 0,
        "rows": 3,
        "same": 0,
    }
    assert (first.object_kind, first.object_id, first.capacity) == (
        "people file",
        staff.batch,
        "command line",
    )
    assert json.loads(second.details) == {"removed": 3, "restored": 0}


def test_a_setting_is_recorded_with_what_it_was_before(database):
    set_day_minutes(420)
    set_day_minutes(450)

    assert json.loads(events()[-1].details) == {
        "key": "day_minutes",
        "before": "420",
        "after": "450",
    }


def test_name_and_day_of_the_organisation_are_two_events(database):
    set_day_minutes(420)
    set_organisation("Harbour Line", 450)

    told = [json.loads(event.details) for event in events()[1:]]
    assert told == [
        {"key": "organisation", "before": None, "after": "Harbour Line"},
        {"key": "day_minutes", "before": "420", "after": "450"},
    ]


def test_a_look_at_another_person_is_recorded_and_they_can_see_it(staff, browser):
    ben = id_of("A2")
    browser.sign_in("hr")
    browser.get(f"/people/{ben}")

    assert kinds()[-1] == "look"
    event = events()[-1]
    assert (event.employee_id, event.capacity, json.loads(event.details)) == (
        ben,
        "hr",
        {"page": "person"},
    )
    assert [line.who for line in who_looked(ben, None)] == ["Hr"]
    assert who_looked(id_of("A3"), None) == []


def test_who_is_turned_away_for_trying_too_often_is_recorded_once_each_wait(database):
    def tries(moment: int) -> None:
        begun = datetime(2026, 3, 2, 9, tzinfo=UTC)
        with at(begun + timedelta(milliseconds=moment)), suppress(RefusedError):
            sign_in("nobody@example.org", "wrong password", address="203.0.113.5", device="Test")

    for moment in (0, 1, 2, 3, 4, 5, 6, 1006, 1007, 1008):
        with suppress(TooSoonError):
            tries(moment)

    told = [json.loads(event.details)["how"] for event in events()]
    assert told == [*["password"] * 5, "too soon", "password", "too soon"]


def test_a_passkey_that_is_not_taken_is_recorded(database):
    site = Site("https://example.org", "example.org")
    ticket = sign_in_options(site)[1]
    with pytest.raises(RefusedError):
        sign_in_with_passkey(site, ticket=ticket, answer={"id": "nobody's"}, device="Test")

    assert [(one.kind, one.details) for one in events()] == [
        ("sign-in.failed", '{"how":"passkey"}')
    ]


def test_the_list_of_people_is_a_look_at_those_on_it(staff, browser):
    browser.sign_in("hr")
    browser.get("/people/?search=ada")
    browser.get("/people/")
    browser.sign_in("employee", id_of("A2"))
    browser.get("/people/")

    told = [event for event in events() if event.kind == "look"]
    assert [(one.employee_id, json.loads(one.details)) for one in told] == [
        (id_of("A1"), {"page": "people"}),
        (None, {"page": "people", "people": f",{id_of('A1')},{id_of('A2')},{id_of('A3')},"}),
    ]


def test_refused_rows_of_a_people_file_are_a_look_at_who_stands_in_them(staff, browser, tmp_path):
    text = "number,name,manager_number\nA2,Ben Okafor,Z9\nA9,Nobody Known,Z9\nA8,Cleo Ray,\n"
    again = import_people(people_file(tmp_path, text), file_name="more.csv", account_id=None)
    browser.sign_in("hr")
    browser.get(f"/import/people/batches/{again.batch}")
    browser.get(f"/import/people/batches/{staff.batch}")

    event = events()[-1]
    assert (event.kind, event.object_kind, event.object_id) == ("look", "people file", again.batch)
    assert json.loads(event.details) == {
        "page": "refused rows",
        "rows": 2,
        "people": f",{id_of('A2')},",
    }
    assert [line.id for line in who_looked(id_of("A2"), None)] == [event.id]


def test_a_look_at_oneself_is_none(staff, browser):
    ben = id_of("A2")
    browser.sign_in("employee", ben)
    browser.get(f"/people/{ben}")

    assert "look" not in kinds()


def test_a_look_at_a_person_out_of_sight_shows_nothing_and_is_none(staff, browser):
    browser.sign_in("employee", id_of("A2"))
    browser.get(f"/people/{id_of('A3')}", status=404)

    assert "look" not in kinds()


def test_the_entries_of_a_named_person_are_a_look(staff, browser):
    browser.sign_in("employee", id_of("A1"))
    browser.get(f"/entries?person={id_of('A3')}")

    assert (events()[-1].kind, events()[-1].employee_id) == ("look", id_of("A3"))
    assert events()[-1].capacity == "manager"


def test_a_list_of_people_is_one_look_that_names_all_of_them(staff, browser):
    browser.sign_in("hr")
    browser.get("/balance/without-soft")

    event = events()[-1]
    assert (event.kind, event.employee_id) == ("look", None)
    assert [line.id for line in who_looked(id_of("A3"), None)] == [event.id]


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("/balance.xlsx", "xlsx"),
        ("/balance.pdf", "pdf"),
        ("/balance.json", "json"),
        ("/balance/unit.csv", "csv"),
        ("/entries.csv", "csv"),
        ("/entries.xlsx", "xlsx"),
        ("/balance/without-soft.csv", "csv"),
    ],
)
@pytest.mark.engines("sqlite")
def test_every_file_handed_out_is_recorded(staff, browser, path, file):
    browser.sign_in("hr")
    browser.open(path)

    assert kinds().count("export") == 1
    event = next(event for event in events() if event.kind == "export")
    assert json.loads(event.details)["file"] == file


def test_what_people_type_does_not_get_into_the_trail(staff, browser):
    browser.sign_in("hr")
    browser.open(f"/entries.csv?person={id_of('A2')}&search=Okafor&period=2026&x=Ben+Okafor")

    event = events()[-1]
    assert json.loads(event.details)["asked"] == {"period": "2026", "person": str(id_of("A2"))}
    assert event.employee_id == id_of("A2")


def test_no_event_names_anybody(staff, browser):
    browser.sign_in("hr")
    for path in ("/people/", f"/people/{id_of('A2')}", "/entries", "/entries.csv?search=Okafor"):
        browser.open(path)

    written = " ".join(f"{event.details} {event.object_kind}" for event in events())
    assert [word for word in ("Okafor", "Ben", "A2", "@") if word in written] == []


@pytest.mark.parametrize("role", ["trainer", "executive", "admin", "employee"])
def test_only_hr_reads_the_trail(database, browser, role):
    browser.sign_in(role)

    browser.get("/audit", status=404)


def test_the_page_shows_events_and_narrows_them(staff, browser):
    browser.sign_in("hr")
    browser.get(f"/people/{id_of('A2')}")
    browser.get(f"/people/{id_of('A3')}")

    page = browser.get("/audit")
    assert [cell.get_text(strip=True).split("employee")[0] for cell in page.select("tbody th")] == [
        "Somebody’s data looked at",
        "Somebody’s data looked at",
        "Signed inaccount 1",
        f"People file recordedpeople file {staff.batch}",
    ]
    assert len(browser.get(f"/audit?person={id_of('A2')}").select("tbody tr")) == 1
    assert len(browser.get("/audit?kind=people.import").select("tbody tr")) == 1
    assert len(browser.get(f"/audit?from={date.max}").select("tbody tr")) == 0
    assert len(browser.get("/audit?to=9999-12-31&kind=nonsense&account=x").select("tbody tr")) == 4


def test_the_page_turns(database, browser):
    for number in range(60):
        note("look", about=number + 1)
    browser.sign_in("hr")

    first = browser.get("/audit")
    assert len(first.select("tbody tr")) == 50
    second = browser.get(first.find("a", string="Older events")["href"])
    assert len(second.select("tbody tr")) == 11  # the sign-in is one too


def test_the_command_says_whether_all_is_well(app, database):
    note("look", about=1)
    head = verify_audit().head
    note("look", about=2)
    runner = app.test_cli_runner()

    good = runner.invoke(args=["audit", "verify", "--head", head])
    assert (good.exit_code, good.output.splitlines()[0]) == (0, "2 events, none touched.")
    strange = runner.invoke(args=["audit", "verify", "--head", "f" * 64])
    assert strange.exit_code == 1


@pytest.mark.engines("sqlite")
def test_the_command_names_the_first_broken_event(app, database):
    for number in range(5):
        note("look", about=number + 1)
    db.session.execute(text("DROP TRIGGER audit_event_never_changes"))
    db.session.execute(text("UPDATE audit_event SET employee_id = 9 WHERE id IN (3, 4)"))
    db.session.commit()

    outcome = app.test_cli_runner().invoke(args=["audit", "verify"])

    assert outcome.exit_code == 1
    assert "Event 3: it was changed after it was written." in outcome.output

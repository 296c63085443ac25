import statistics
import threading
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from socketserver import StreamRequestHandler, ThreadingTCPServer
from time import process_time

import pytest
from sqlalchemy import select

from core import clock
from core.db import db, transaction
from core.errors import RefusedError
from people.models import AccountSession, OutboxMail, Ticket
from people.rules.levels import RoleName
from people.services.outbox import (
    LetterFile,
    MailServer,
    mail_server,
    send_waiting,
    write_letter,
)
from people.services.passwords import ask_for_reset, finish_reset
from people.services.signing import authenticate
from people.services.visits import begin_visit
from tests.people.signing import BETTER, GOOD, account_of, give, make

HTML = {"Accept": "text/html"}


def ask(email="ana@example.org", address="10.0.0.1"):
    """Ask for a new password and return the secret of the link, None where no letter went out."""
    tokens = []
    before = len(letters())
    ask_for_reset(email, address=address, link_of=lambda token: tokens.append(token) or "link")
    return tokens[0] if len(letters()) > before else None


def letters():
    db.session.rollback()
    return db.session.scalars(select(OutboxMail).order_by(OutboxMail.id)).all()


@pytest.fixture
def ana(database):
    return make("ana@example.org", RoleName.TRAINER)


def test_the_link_of_a_letter_sets_a_new_password_once(ana):
    begin_visit(ana, how="password", device="Stolen", second_factor=False)
    token = ask()

    with pytest.raises(RefusedError, match="at least 12"):
        finish_reset(token, "short")
    finish_reset(token, BETTER)

    authenticate("ana@example.org", BETTER)
    with pytest.raises(RefusedError):
        authenticate("ana@example.org", GOOD)
    with pytest.raises(RefusedError, match="used already"):
        finish_reset(token, GOOD)
    assert not db.session.scalars(select(AccountSession)).all()
    assert [letter.subject for letter in letters()] == [
        "Choose a new password",
        "Your password was changed",
    ]


def test_the_link_is_good_for_half_an_hour(ana):
    token = ask()

    with clock.at(clock.now() + timedelta(minutes=31)), pytest.raises(RefusedError, match="old"):
        finish_reset(token, BETTER)


def test_a_second_link_ends_with_the_first_that_is_used(ana):
    first, second = ask(), ask()
    finish_reset(first, BETTER)

    with pytest.raises(RefusedError):
        finish_reset(second, GOOD)


def test_a_link_is_kept_as_a_digest_only(ana):
    token = ask()

    assert token not in {ticket.digest for ticket in db.session.scalars(select(Ticket))}


def test_nobody_learns_whether_an_account_exists(browser):
    make("ana@example.org", RoleName.TRAINER)
    answers = {}

    for email in ("ana@example.org", "nobody@example.org"):
        led = browser.open("/forgotten", 302, method="POST", data={"email": email})
        page = browser.get(led.headers["Location"])
        answers[email] = (led.headers["Location"], page.main.text)

    assert answers["ana@example.org"] == answers["nobody@example.org"]
    assert [letter.to_address for letter in letters()] == ["ana@example.org"]


def test_both_answers_take_the_same_time(ana):
    times = {"ana@example.org": [], "nobody@example.org": []}

    for turn in range(15):
        for email, taken in times.items():
            with clock.at(clock.now() + timedelta(days=2 * turn)):
                began = process_time()
                ask_for_reset(email, address=f"10.0.0.{turn}", link_of=str)
                taken.append(process_time() - began)

    known, unknown = (statistics.median(taken) for taken in times.values())
    assert known < unknown + 0.02


def test_a_closed_account_gets_no_link(ana):
    account_of("ana@example.org").active = False
    db.session.commit()

    assert ask() is None


def test_asking_again_and_again_is_slowed_down(browser):
    make("ana@example.org", RoleName.TRAINER)
    for email in ("ana@example.org", "nobody@example.org"):
        for _ in range(3):
            browser.post("/forgotten", {"email": email})
        answer = browser.open("/forgotten", 429, method="POST", data={"email": email})
        assert int(answer.headers["Retry-After"]) >= 1


def test_links_lead_to_the_configured_address_whatever_the_request_says(browser, monkeypatch):
    make("ana@example.org", RoleName.TRAINER)
    monkeypatch.setitem(browser.app.config, "BASE_URL", "https://training.example.org")

    browser.post(
        "/forgotten",
        {"email": "ana@example.org"},
        headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"},
    )

    body = letters()[0].body
    assert "https://training.example.org/new-password?token=" in body
    assert "evil" not in body


def test_changing_the_password_ends_the_other_visits_and_renews_this_one(browser):
    ana = make("ana@example.org", RoleName.TRAINER)
    give(browser, "ana@example.org")
    begin_visit(ana, how="password", device="Other", second_factor=False)
    with browser.client.session_transaction() as session:
        before = session["visit"]

    wrong = browser.post("/account/password", {"old": "wrong", "new": BETTER}, 200)
    assert "not your password now" in wrong.text
    weak = browser.post("/account/password", {"old": GOOD, "new": "password1234"}, 200)
    assert "easy to guess" in weak.text
    browser.post("/account/password", {"old": GOOD, "new": BETTER})

    browser.get("/account")
    with browser.client.session_transaction() as session:
        assert session["visit"] != before
        session["visit"] = before
    browser.open("/account", 302, headers=HTML)
    assert len(db.session.scalars(select(AccountSession)).all()) == 1


def test_the_outbox_is_a_page_in_development_only(browser, monkeypatch):
    make("ana@example.org", RoleName.TRAINER)
    browser.post("/forgotten", {"email": "ana@example.org"})
    browser.get("/outbox", 404)

    monkeypatch.setitem(browser.app.config, "DEVELOPMENT", True)
    page = browser.get("/outbox")

    link = page.select_one("article a")["href"]
    assert link.startswith("http://localhost:8000/new-password?token=")
    token = browser.get(link.removeprefix("http://localhost:8000")).find(
        "input", {"name": "token"}
    )["value"]
    browser.post("/new-password", {"token": token, "password": BETTER})
    give(browser, "ana@example.org", BETTER)
    assert "leads nowhere" in browser.get(f"/new-password?token={token}").h1.text


class _Receiver(StreamRequestHandler):
    """As much of a mail server as one letter needs."""

    def handle(self):
        say = lambda text: self.wfile.write(f"{text}\r\n".encode())  # noqa: E731
        say("220 hello")
        while line := self.rfile.readline().decode().strip():
            if line.upper() == "DATA":
                say("354 go on")
                lines = []
                while (text := self.rfile.readline()) != b".\r\n":
                    lines.append(text)
                self.server.letters.append(b"".join(lines))
                say("250 taken")
            elif line.upper() == "QUIT":
                say("221 bye")
                return
            else:
                say("250 fine")


@pytest.fixture
def post_office():
    with ThreadingTCPServer(("127.0.0.1", 0), _Receiver) as server:
        server.letters = []
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield server
        server.shutdown()


def carrier(server):
    return mail_server(
        {
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": server.server_address[1],
            "SMTP_TLS": "none",
            "MAIL_FROM": "Training Mix <mix@example.org>",
        }
    )


def test_letters_are_sent_once_and_their_links_forgotten(database, post_office):
    with transaction() as session:
        write_letter(session, "ana@example.org", "Grüße\r\nBcc: evil@example.org", "Ein Wort.\n")

    assert send_waiting(carrier(post_office)) == 1
    assert send_waiting(carrier(post_office)) == 0

    letter = message_from_bytes(post_office.letters[0], policy=default)
    assert letter["Subject"] == "Grüße Bcc: evil@example.org"
    assert letter["Bcc"] is None
    assert letter["From"] == "Training Mix <mix@example.org>"
    assert letter.get_content().strip() == "Ein Wort."
    kept = letters()[0]
    assert kept.body == ""
    assert kept.sent_at is not None


INVITATION = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nX-NAME:Grüße aus Málaga\r\nEND:VCALENDAR\r\n"


def test_an_invitation_arrives_as_one_and_further_dates_as_files(
    database, post_office, browser, monkeypatch
):
    kind = "text/calendar; method=REQUEST"
    files = [LetterFile(f"invitation-{n}.ics", kind, INVITATION) for n in (1, 2)]
    with transaction() as session:
        write_letter(session, "ana@example.org", "Invitation", "Come.", files)
    monkeypatch.setitem(browser.app.config, "DEVELOPMENT", True)
    page = browser.get("/outbox")
    assert "with invitation-1.ics, invitation-2.ics" in " ".join(page.get_text().split())

    assert send_waiting(carrier(post_office)) == 1

    letter = message_from_bytes(post_office.letters[0], policy=default)
    assert letter.get_body(("plain",)).get_content().strip() == "Come."
    parts = [one for one in letter.walk() if one.get_content_type() == "text/calendar"]
    assert [one["Content-Type"].params["method"] for one in parts] == ["REQUEST", "REQUEST"]
    assert [one["Content-Type"].params["charset"] for one in parts] == ["utf-8", "utf-8"]
    assert [one.get_filename() for one in parts] == [None, "invitation-2.ics"]
    assert [one.get_content().splitlines() for one in parts] == [INVITATION.splitlines()] * 2
    (alternative,) = [
        one for one in letter.walk() if one.get_content_type() == "multipart/alternative"
    ]
    assert [one.get_content_type() for one in alternative.iter_parts()] == [
        "text/plain",
        "text/calendar",
    ]
    assert letters()[0].files is None


def test_a_letter_that_cannot_be_sent_is_tried_again_later(database):
    with transaction() as session:
        write_letter(session, "ana@example.org", "Hello", "Word.")
    nobody = MailServer("127.0.0.1", 9, None, None, "none", "mix@example.org")

    assert send_waiting(nobody) == 0
    assert "ConnectionRefusedError" in letters()[0].problem
    assert send_waiting(nobody) == 0
    assert letters()[0].tries == 1
    with clock.at(clock.now() + timedelta(minutes=2)):
        send_waiting(nobody)
    assert letters()[0].tries == 2


def test_a_letter_is_written_only_with_what_it_tells_about(database):
    def write_and_fail():
        with transaction() as session:
            write_letter(session, "ana@example.org", "Hello", "Word.")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()

    assert letters() == []


def test_without_a_mail_server_letters_wait(database):
    assert mail_server({"SMTP_HOST": None}) is None


def test_on_a_machine_of_one_s_own_without_mail_administrators_read_the_outbox(
    browser, monkeypatch
):
    monkeypatch.setitem(browser.app.config, "SETUP_HERE", True)
    for role, status in (("admin", 200), ("hr", 404), ("trainer", 404)):
        browser.sign_in(role)
        browser.get("/outbox", status)
    monkeypatch.setitem(browser.app.config, "SMTP_HOST", "mail.example.org")
    browser.sign_in("admin")
    browser.get("/outbox", 404)

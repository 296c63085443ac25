"""The log has one line for each message and says nothing about anybody."""

import io
import logging

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from core.db import db, transaction
from core.web.logs import OneLine, one_line, places_of
from people.models import Account
from tests.databases import application

CANARY = "Quillfeather"


@pytest.fixture
def written():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(OneLine())
    logger = logging.getLogger("training_mix")
    logger.addHandler(handler)
    yield stream
    logger.removeHandler(handler)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("plain", "plain"),
        ("a\r\nERROR forged", "a\\r\\nERROR forged"),
        ("a\u2028b\u0085c", "a\\u2028b\\x85c"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("Čapek’s 9 h", "Čapek’s 9 h"),
    ],
)
def test_a_message_stays_on_its_line(written, text, line):
    logging.getLogger("training_mix").warning("told %s", text)

    assert one_line(text) == line
    assert written.getvalue().count("\n") == 1
    assert written.getvalue().endswith(f"WARNING training_mix: told {line}\n")


def raise_about(name: str) -> None:
    try:
        int(name)
    except ValueError as problem:
        raise RuntimeError(f"{name} is no number") from problem


def test_an_error_is_told_by_kind_and_place_without_its_words(written):
    try:
        raise_about(CANARY)
    except RuntimeError as error:
        logging.getLogger("training_mix").exception("broke")
        told = places_of(error)

    line = written.getvalue()
    assert "RuntimeError at " in told
    assert "because of builtins.ValueError at " in told
    assert "raise_about" in line
    assert CANARY not in line
    assert line.count("\n") == 1


def test_a_broken_page_tells_the_log_a_number_and_nothing_else(written):
    app = application("sqlite://", PROPAGATE_EXCEPTIONS=False)

    def broken() -> str:
        raise ValueError(CANARY)

    broken.permission = "public"
    app.add_url_rule("/broken", "broken", broken)

    answer = app.test_client().get(f"/broken?name={CANARY}%0d%0aforged")

    assert answer.status_code == 500
    assert CANARY not in answer.text
    assert CANARY not in written.getvalue()
    assert written.getvalue().count("\n") == 1


def test_a_broken_constraint_is_told_by_its_name_without_the_values(app, database, written):
    def twice() -> str:
        with transaction() as session:
            values = {"email": f"{CANARY}@example.org", "name": CANARY, "active": True}
            for secret in ("a", "b"):
                session.execute(insert(Account).values(**values, fs_uniquifier=secret))
        return ""

    with app.test_request_context("/"), pytest.raises(IntegrityError) as caught:
        twice()
    with app.test_request_context("/"):
        answer = app.handle_user_exception(caught.value)
    db.session.rollback()

    assert answer[1] == 409
    assert "account" in written.getvalue()
    assert CANARY not in written.getvalue()

import pytest
from click.testing import CliRunner
from flask import request
from flask.cli import FlaskGroup

from app import create_app
from core.config import MisconfiguredError, check, problems

GOOD_SECRET = "0123456789abcdef" * 4
SAFE = {
    "SECRET_KEY": GOOD_SECRET,
    "SECURITY_PASSWORD_SALT": GOOD_SECRET,
    "DEBUG": False,
    "TRUSTED_PROXIES": "0",
    "HOST": "127.0.0.1",
    "FORCE_HTTPS": False,
    "BASE_URL": "http://localhost:8000",
    "SQLALCHEMY_DATABASE_URI": "postgresql://db/training_mix",
}
OUTSIDE = {"HOST": "192.0.2.7", "FORCE_HTTPS": True, "BASE_URL": "https://training.example.org"}

WRONG = [
    ({"SECRET_KEY": "dev"}, "SECRET_KEY is missing, short", "leave it out"),
    ({"SECRET_KEY": "x" * 64}, "SECRET_KEY is missing, short", "token_hex"),
    ({"SECRET_KEY": None}, "SECRET_KEY is missing", "leave it out"),
    ({"SECURITY_PASSWORD_SALT": "salt"}, "PASSWORD_SALT is missing, short", "leave it out"),
    ({"DEBUG": True}, "Debugging is on", "unset FLASK_DEBUG"),
    ({"TRUSTED_PROXIES": "all"}, "TRUSTED_PROXIES is 'all'", "0 when there is none"),
    ({"TRUSTED_PROXIES": "-1"}, "TRUSTED_PROXIES is '-1'", "0 when there is none"),
    ({"TRUSTED_PROXIES": "99"}, "TRUSTED_PROXIES is '99'", "0 when there is none"),
    ({**OUTSIDE, "FORCE_HTTPS": False}, "HTTPS is off", "set HTTPS=1"),
    ({**OUTSIDE, "BASE_URL": "http://localhost:8000"}, "BASE_URL does not say", "set it"),
]


def test_safe_settings_start():
    check(SAFE)
    check(SAFE | OUTSIDE)


@pytest.mark.parametrize(("change", "what", "remedy"), WRONG)
def test_each_misconfiguration_refuses_to_start_and_says_how_to_mend_it(change, what, remedy):
    (sentence,) = problems(SAFE | change)

    assert sentence.startswith(what)
    assert remedy in sentence
    assert sentence.endswith(".")
    with pytest.raises(MisconfiguredError, match=what.split(" is")[0]):
        check(SAFE | change)


def test_a_database_that_others_can_read_refuses_to_start(tmp_path):
    tmp_path.chmod(0o755)
    path = tmp_path / "training.db"
    path.touch()
    settings = SAFE | {"SQLALCHEMY_DATABASE_URI": f"sqlite:///{path}"}

    path.chmod(0o644)
    assert "chmod 600" in problems(settings)[0]
    path.chmod(0o600)
    assert problems(settings) == []
    path.chmod(0o644)
    tmp_path.chmod(0o700)
    assert problems(settings) == []


@pytest.mark.parametrize("reason", ["DEMO", "DEVELOPMENT", "TESTING"])
def test_where_nobodys_data_are_anything_starts(reason):
    check(SAFE | {"SECRET_KEY": "dev", "DEBUG": True, reason: True})


def test_the_application_itself_refuses(tmp_path):
    settings = SAFE | {
        "SECRET_KEY": "dev",
        "SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path / 'a.db'}",
        "DEMO": False,
        "DEVELOPMENT": False,
    }

    with pytest.raises(MisconfiguredError, match="does not start like this"):
        create_app(settings)


@pytest.mark.parametrize("args", [["people", "--help"], ["--help"], ["db", "upgrade"]])
def test_a_command_says_what_to_mend_and_ends_as_not_done(tmp_path, args):
    settings = SAFE | {
        "DEBUG": True,
        "SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path / 'a.db'}",
        "DEMO": False,
        "DEVELOPMENT": False,
    }
    flask = FlaskGroup(create_app=lambda: create_app(settings))

    answer = CliRunner().invoke(flask, args)

    assert answer.exit_code == 2
    assert answer.stderr == (
        "Error: Training Mix does not start like this:\n"
        "- Debugging is on, which shows code and data to whoever causes an error: unset"
        " FLASK_DEBUG, or set TRAINING_MIX_DEVELOPMENT=1 on a machine without anybody's data.\n"
    )


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("hops", "seen"), [("0", "127.0.0.1"), ("1", "198.51.100.9"), ("2", "203.0.113.5")]
)
def test_only_as_many_proxies_are_believed_as_are_configured(new_database, hops, seen):
    app = new_database("sqlite", TRUSTED_PROXIES=hops).app
    addresses = []
    app.before_request_funcs.setdefault(None, []).append(
        lambda: addresses.append(request.remote_addr)
    )

    app.test_client().get("/health", headers={"X-Forwarded-For": "203.0.113.5, 198.51.100.9"})

    assert addresses == [seen]

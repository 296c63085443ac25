"""Settings and the secrets of an installation."""

import stat

import pytest

from core.config import data_folder, from_environment, secret_for


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name in ("DATABASE_URL", "SECRET_KEY", "PASSWORD_SALT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TRAINING_MIX_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def test_secrets_stay_the_same_from_start_to_start(folder):
    first, second = from_environment(), from_environment()

    assert first["SECRET_KEY"] == second["SECRET_KEY"]
    assert first["SECURITY_PASSWORD_SALT"] == second["SECURITY_PASSWORD_SALT"]
    assert first["SECRET_KEY"] != first["SECURITY_PASSWORD_SALT"]


def test_only_the_owner_may_read_the_key(folder):
    secret_for("sessions", folder)

    assert stat.S_IMODE((folder / "secret-key").stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == ["secret-key"]


def test_two_installations_have_different_secrets(tmp_path):
    assert secret_for("sessions", tmp_path / "a") != secret_for("sessions", tmp_path / "b")


def test_where_nothing_can_be_kept_a_secret_lasts_as_long_as_the_process(tmp_path):
    (tmp_path / "file").write_text("in the way")

    here = tmp_path / "file" / "data"

    assert secret_for("sessions", here) == secret_for("sessions", here)
    assert len(secret_for("sessions", here)) == 64


def test_the_database_lies_in_the_data_folder_unless_one_is_named(folder, monkeypatch):
    assert data_folder() == folder
    found = from_environment()["SQLALCHEMY_DATABASE_URI"]
    assert found == f"sqlite:///{folder / 'training_mix.db'}"

    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://localhost/hours")

    assert from_environment()["SQLALCHEMY_DATABASE_URI"] == "postgresql+psycopg://localhost/hours"

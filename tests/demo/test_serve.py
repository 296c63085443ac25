"""What `./run` serves: the demo, and a place of one's own beside it."""

import os
import re
import socket
import subprocess
import sys
import time
from contextlib import closing
from http.client import HTTPConnection
from shutil import copyfile

import pytest
from sqlalchemy import func, select
from werkzeug.test import Client

from core.db import db
from demo.rules.organisation import COMPANY
from demo.services.loading import demo_is_loaded
from people.models import Employee
from people.services.settings import set_organisation_name
from serve import Places, free_port, warm_up
from tests.architecture.files import ROOT
from tests.organisations import LEFT_BEHIND, OF_THE_MACHINE, loaded_demo

PASSWORD = "seven green lanterns by the sea"


@pytest.fixture(scope="module")
def places(tmp_path_factory, new_database, made_once):
    """Both places, on the demo as it was loaded before."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRAINING_MIX_DATA", str(tmp_path_factory.mktemp("data")))
        for name in OF_THE_MACHINE:
            patch.delenv(name, raising=False)
        made = Places("127.0.0.1", with_demo=True)
        copyfile(loaded_demo(new_database, made_once), made.demo_file)
        made.prepare()
        yield made
        made.let_go()


@pytest.fixture
def client(places):
    return Client(places.wsgi())


def token_in(page):
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]


def id_in(page):
    return re.search(r'name="submission"[^>]*value="([^"]+)"', page)[1]


def send(client, path, **form):
    page = client.get(path).text
    carried = {"csrf_token": token_in(page), "submission": id_in(page)}
    return client.post(path, data={**carried, **form})


def test_the_demo_is_at_the_top_and_one_s_own_data_below(client):
    assert "invented company" in client.get("/welcome").text
    assert client.get("/own/welcome").status_code == 404
    assert 'href="/own/start"' in client.get("/start").text
    assert "in four steps" in client.get("/own/start").text


def test_both_are_ready(client):
    assert client.get("/readyz").status_code == 200
    assert client.get("/own/readyz").status_code == 200


def test_from_the_demo_to_an_account_of_one_s_own_without_a_terminal(client, places):
    page = client.get("/own/start", base_url="http://127.0.0.1:8000").text
    assert f"/own/set-up?token={places.token}" in page

    answer = send(
        client,
        "/own/set-up",
        token=places.token,
        name="Ana Duarte",
        email="ana@example.org",
        password=PASSWORD,
    )
    assert answer.headers["Location"] == "/own/sign-in?next=/start"
    answer = send(client, "/own/sign-in", email="ana@example.org", password=PASSWORD, next="/start")
    assert answer.headers["Location"] == "/own/start"
    led = client.get("/own/start")
    assert led.headers["Location"] == "/own/account/security"  # HR begins with a second factor
    assert [label for label, _ in places.addresses("http://x")] == ["Demo company", "Your own data"]


def test_signing_in_to_one_place_is_not_signing_in_to_the_other(client):
    page = client.get("/welcome").text
    carried = {"csrf_token": token_in(page), "submission": id_in(page)}
    answer = client.post("/demo/sign-in/hr", data=carried)
    assert answer.status_code == 302

    assert client.get("/people/").status_code == 200
    assert client.get("/own/people/").status_code == 401
    asked = client.get("/own/people/", headers={"Accept": "text/html"})
    assert asked.headers["Location"] == "/own/sign-in?next=/people/"
    assert client.get_cookie("training_mix_demo") is not None
    assert client.get_cookie("training_mix", path="/own") is None


def test_a_demo_that_was_left_half_loaded_is_made_anew(places):
    # tests/organisations.py left somebody in the database before this demo was made.
    with places.demo.app_context():
        set_organisation_name("Half a company")
        assert not demo_is_loaded()
        set_organisation_name(COMPANY)
        assert demo_is_loaded()
        left = select(func.count()).select_from(Employee).where(Employee.name == LEFT_BEHIND)
        assert db.session.scalar(left) == 0


def test_the_first_reader_does_not_wait_for_the_chart(places):
    warm_up(places.demo)


def test_without_the_demo_one_s_own_data_are_at_the_top(tmp_path, monkeypatch):
    monkeypatch.setenv("TRAINING_MIX_DATA", str(tmp_path))
    alone = Places("192.0.2.1", with_demo=False)
    alone.prepare()
    client = Client(alone.wsgi())

    assert client.get("/").headers["Location"] == "/sign-in"
    assert f"token={alone.token}" not in client.get("/start").text
    assert alone.addresses("http://x:1")[0] == ("Your own data", "http://x:1/start")
    alone.let_go()


def test_it_starts_again_in_a_folder_that_others_may_open(tmp_path, monkeypatch):
    tmp_path.chmod(0o755)
    monkeypatch.setenv("TRAINING_MIX_DATA", str(tmp_path))
    usual = os.umask(0o022)  # as most machines are set: whoever may open the folder may read
    try:
        for _ in range(2):
            alone = Places("127.0.0.1", with_demo=False)
            alone.prepare()
            alone.let_go()
    finally:
        os.umask(usual)

    assert [path.stat().st_mode & 0o777 for path in tmp_path.glob("*.db")] == [0o600]


def test_a_port_that_is_taken_is_passed_over():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        assert free_port("127.0.0.1", port) > port


def test_the_command_serves_and_stops(tmp_path, font_cuts):
    port = free_port("127.0.0.1", 8900)
    environment = {
        **os.environ,
        "TRAINING_MIX_DATA": str(tmp_path),
        "TRAINING_MIX_CACHE": str(font_cuts),
        "TRAINING_MIX_DEMO": "0",
        "PORT": str(port),
    }
    process = subprocess.Popen(
        [sys.executable, "serve.py"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert first_answer(port) == 200
    finally:
        process.terminate()
        said, _ = process.communicate(timeout=20)

    assert f"http://127.0.0.1:{port}/set-up?token=" in said
    assert said.rstrip().endswith("Stop it with Ctrl+C.")
    assert process.returncode == 0


def first_answer(port):
    """Return the status of the health page as soon as there is one."""
    for _ in range(300):
        try:
            with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
                connection.request("GET", "/healthz")
                return connection.getresponse().status
        except OSError:
            time.sleep(0.1)
    return None

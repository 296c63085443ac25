"""Start Training Mix on this machine: the demo organisation, and a place for one's own data.

The demo is served at `/`. One's own data are served at `/own` by the same process, from another
database and with cookies of their own. TRAINING_MIX_DEMO=0 leaves the demo out and serves one's
own data at `/`. HOST and PORT say where; TRAINING_MIX_DATA names another folder for the data.
"""

import logging
import os
import secrets
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from gunicorn.app.base import BaseApplication
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from app import create_app
from core.config import LOOPBACK, MisconfiguredError, data_folder, secret_for
from core.db import db
from core.errors import RefusedError
from core.export.charts import trend_svg
from demo.rules.organisation import COMPANY
from demo.services.loading import load_demo
from people.queries.accounts import has_accounts
from planner.queries.balances import EVERYTHING, balance
from planner.queries.choices import question_of

OWN_PATH = "/own"
WORKER = "here"
WORKER_ENDS_IN = 20
PORTS_TRIED = 50
THREADS = 8

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def say(text: str, end: str = "\n") -> None:
    """Tell the person at the terminal."""
    sys.stdout.write(text + end)
    sys.stdout.flush()


def say_progress(done: str) -> None:
    """Tell how far the demo is loaded, on one line."""
    say(f"\rMaking the demo company: step {done} ", end="")


class Places:
    """The applications this process serves."""

    def __init__(self, host: str, *, with_demo: bool) -> None:
        self.folder = data_folder()
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.own_path = OWN_PATH if with_demo else ""
        self.token = os.environ.get("SETUP_TOKEN") or secrets.token_urlsafe(12)
        self.own = create_app(self._own_settings(is_here=host in LOOPBACK))
        self.demo = create_app(self._demo_settings()) if with_demo else None

    @property
    def apps(self) -> list[Flask]:
        """The applications, the one at `/` first."""
        return [self.demo, self.own] if self.demo else [self.own]

    def wsgi(self) -> Wsgi:
        """Return the one application that leads to all of them."""
        if self.demo is None:
            return self.own
        return DispatcherMiddleware(self.demo, {OWN_PATH: self.own})

    def _own_settings(self, *, is_here: bool) -> dict[str, object]:
        return {
            "DEMO": False,
            "SETUP_TOKEN": self.token,
            "SETUP_HERE": is_here,
            "SESSION_COOKIE_NAME": "training_mix",
            "SESSION_COOKIE_PATH": self.own_path or "/",
            "REMEMBER_COOKIE_NAME": "training_mix_remember",
            "REMEMBER_COOKIE_PATH": self.own_path or "/",
        }

    def _demo_settings(self) -> dict[str, object]:
        return {
            "DEMO": True,
            "OWN_URL": f"{OWN_PATH}/start",
            "ORGANISATION": COMPANY,
            "SQLALCHEMY_DATABASE_URI": f"sqlite:///{self.demo_file}",
            "SECRET_KEY": secret_for("sessions of the demo", self.folder),
            "SECURITY_PASSWORD_SALT": secret_for("passwords of the demo", self.folder),
            "SESSION_COOKIE_NAME": "training_mix_demo",
            "REMEMBER_COOKIE_NAME": "training_mix_demo_remember",
        }

    @property
    def demo_file(self) -> Path:
        """The database of the demo."""
        return self.folder / "demo.db"

    def prepare(self) -> None:
        """Bring every database up to date and load the demo where it is missing."""
        with self.own.app_context():
            upgrade()
        if self.demo is not None:
            try:
                self._prepare_demo(self.demo)
            except RefusedError:  # it was left half loaded: the demo can always be made anew
                self._forget_demo(self.demo)
                self._prepare_demo(self.demo)

    def _prepare_demo(self, demo: Flask) -> None:
        with demo.app_context():
            upgrade()
            load_demo(say_progress if sys.stdout.isatty() else lambda _: None)

    def _forget_demo(self, demo: Flask) -> None:
        with demo.app_context():
            db.engine.dispose()
        for ending in ("", "-wal", "-shm"):
            Path(f"{self.demo_file}{ending}").unlink(missing_ok=True)

    def say_where(self, port: int) -> None:
        """Tell the applications under which address people reach them, unless it is configured."""
        if not os.environ.get("BASE_URL"):
            for app in self.apps:
                app.config["BASE_URL"] = f"http://localhost:{port}"

    def let_go(self) -> None:
        """Close every connection: none may be shared with the process that answers."""
        for app in self.apps:
            with app.app_context():
                db.session.remove()
                db.engine.dispose()

    def addresses(self, at: str) -> list[tuple[str, str]]:
        """Return what is where, in the order people want to know it."""
        with self.own.app_context():
            is_set_up = has_accounts()
        found = [("Demo company", f"{at}/")] if self.demo else []
        found.append(("Your own data", f"{at}{self.own_path}/start"))
        if not is_set_up:
            set_up = f"{at}{self.own_path}/set-up?token={self.token}"
            found.append(("First account there", set_up))
        return found


class Server(BaseApplication):
    """One process with threads: what SQLite and one company want."""

    def __init__(self, places: Places, bind: str, ready: Callable[[], None]) -> None:
        self.places = places
        self.bind = bind
        self.ready = ready
        super().__init__()

    def load_config(self) -> None:
        """Take the settings from here alone."""
        for name, value in {
            "bind": self.bind,
            "workers": 1,
            "worker_class": "gthread",
            "threads": THREADS,
            "timeout": 120,
            "graceful_timeout": 5,
            "keepalive": 5,
            "loglevel": "warning",
            "control_socket_disable": True,
            "post_worker_init": lambda _worker: self.ready(),
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Wsgi:
        """Return what answers."""
        return self.places.wsgi()


def free_port(host: str, wanted: int) -> int:
    """Return the wanted port, or the next one that nobody uses."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for port in range(wanted, wanted + PORTS_TRIED):
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    raise SystemExit(f"No port from {wanted} to {wanted + PORTS_TRIED - 1} is free on {host}.")


def warm_up(app: Flask) -> None:
    """Do what is slow the first time, so that the first reader does not wait for it."""
    with app.app_context():
        document = balance(question_of({}, EVERYTHING), EVERYTHING, demo=bool(app.config["DEMO"]))
        trend_svg(document, "page")


@contextmanager
def worker(base_url: str) -> Iterator[None]:
    """Keep a worker beside the server: what is done later, such as letters, is done by it."""
    flask = [sys.executable, "-m", "flask", "--app", "app"]
    process = subprocess.Popen(  # noqa: S603  # ourselves
        [*flask, "jobs", "work", "--name", WORKER, "--parent", str(os.getpid())],
        cwd=Path(__file__).parent,
        env={"BASE_URL": base_url, **os.environ},
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=WORKER_ENDS_IN)


def announce(places: Places, address: str, seconds: float) -> None:
    """Say where everything is, as the last thing in the terminal."""
    say(f"\n  Training Mix is running ({seconds:.0f} s).\n")
    for label, url in places.addresses(address):
        say(f"    {label:<22}{url}")
    say("\n  Stop it with Ctrl+C.\n")


def main() -> None:
    """Prepare everything and serve until stopped."""
    began_at = monotonic()
    logging.getLogger("alembic").setLevel(logging.WARNING)
    host = os.environ.get("HOST", "127.0.0.1")
    try:
        places = Places(host, with_demo=os.environ.get("TRAINING_MIX_DEMO") != "0")
    except MisconfiguredError as error:
        raise SystemExit(str(error)) from error
    os.environ.setdefault("TRAINING_MIX_CACHE", str(places.folder / "assets"))
    fonts = subprocess.Popen(
        [sys.executable, "-c", "from core.export.fonts import build_all; build_all()"],
        cwd=Path(__file__).parent,
    )
    places.prepare()
    fonts.wait()
    shown_host = f"[{host}]" if ":" in host else host
    port = free_port(host, int(os.environ.get("PORT", "8000")))
    shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else shown_host  # noqa: S104  # compared, not bound
    address = f"http://{shown}:{port}"
    places.say_where(port)
    places.let_go()

    def ready() -> None:
        announce(places, address, monotonic() - began_at)
        threading.Thread(target=warm_up, args=(places.apps[0],), daemon=True).start()

    with worker(str(places.own.config["BASE_URL"])):
        Server(places, f"{shown_host}:{port}", ready).run()


if __name__ == "__main__":
    main()

"""Commands about work that is done later."""

import os
import signal
import socket
import threading
from collections.abc import Callable

import click
from flask import current_app
from flask.cli import AppGroup

from core.web.commands import Commands

work_cli: AppGroup = Commands("jobs", help="Work that is done later.")

duties: list[Callable[[], None]] = []
"""Small things the worker does each time round; features add theirs when the app is made."""


@work_cli.command("work")
@click.option("--name", default=lambda: os.environ.get("TRAINING_MIX_WORKER", socket.gethostname()))
@click.option("--parent", type=int, help="End when this process is no longer the parent.")
def work_on(name: str, parent: int | None) -> None:
    """Do the work that waits, until stopped; start it again under the same name."""
    from core.worker import Engine, engine_url, work  # noqa: PLC0415  # heavy: the worker only

    app = current_app._get_current_object()  # type: ignore[attr-defined]
    url = engine_url(str(app.config["SQLALCHEMY_DATABASE_URI"]))
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())

    def end_with_the_parent() -> None:
        if parent is not None and os.getppid() != parent:
            stop.set()

    work(app.app_context, Engine(url, name), stop, [end_with_the_parent, *duties])

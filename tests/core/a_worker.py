"""A worker for tests, with a kind of work that writes letters slowly: run as a program of its own.

Arguments: the address of the database, the name of the worker, how long a letter takes in seconds.
"""

import sys
import threading
from time import sleep

from core.jobs import JobKind, register
from core.worker import Engine, engine_url, work
from people.services.outbox import write_letter
from tests.databases import application


def letters(pause: float) -> JobKind:
    """Return the kind: a letter each to a number of people."""

    def write(session, part):
        sleep(pause)
        write_letter(session, f"{part['to']}@example.org", "Hello", "...")

    return JobKind("letters", lambda payload: [{"to": n} for n in range(payload["count"])], write)


if __name__ == "__main__":
    url, name, pause = sys.argv[1:]
    register(letters(float(pause)))
    work(application(url).app_context, Engine(engine_url(url), name), threading.Event())

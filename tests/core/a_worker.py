"""A worker for tests, with a kind of work that writes letters slowly, for a process of its own."""

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

    def to_each(payload):
        return [{"to": number} for number in range(payload["count"])]

    return JobKind("letters", to_each, write, permission="audit:read")


def write_letters(url: str, name: str, pause: float) -> None:
    """Work under this name on the database at `url`, each letter taking `pause` seconds."""
    register(letters(pause))
    work(application(url).app_context, Engine(engine_url(url), name), threading.Event())

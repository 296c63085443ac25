"""The demo organisation, loaded once for all processes of a run."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path

from core.clock import at
from demo.services.loading import load_demo
from tests.databases import SqliteDatabase, TestDatabase


def loaded_demo(
    new_database: Callable[..., TestDatabase],
    made_once: Callable[..., Path],
    moment: datetime | None = None,
) -> Path:
    """Return the database of the demo as it is when it is loaded at that moment, or now."""

    def make(path: Path) -> None:
        one = new_database("sqlite", DEMO=True)
        assert isinstance(one, SqliteDatabase)
        with one.app.app_context(), at(moment) if moment else nullcontext():
            load_demo()
        one.keep(path)

    return made_once(f"demo-{moment.date() if moment else 'now'}.db", make)

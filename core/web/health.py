"""For whoever watches the server: is the process alive, and can it work?"""

from functools import cache

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Flask, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from core.db import db
from core.web.access import PUBLIC, requires

bp = Blueprint("health", __name__)


def answer_plainly(app: Flask) -> None:
    """Let probes ask over plain HTTP: they come from beside the server, not through its proxy."""
    for endpoint in ("health.healthz", "health.readyz"):
        # The library looks for its options on the function of a view.
        vars(app.view_functions[endpoint])["talisman_view_options"] = {"force_https": False}


@bp.get("/healthz")
@requires(PUBLIC)
def healthz() -> ResponseReturnValue:
    """Answer as long as the process does."""
    return {"status": "ok"}


@bp.get("/readyz")
@requires(PUBLIC)
def readyz() -> ResponseReturnValue:
    """Answer 200 when the database can be read and has every table as this version wants it."""
    try:
        is_current = _found_version() == _wanted_version()
    except SQLAlchemyError:
        return {"status": "not ready", "database": "unreachable"}, 503
    if not is_current:
        return {"status": "not ready", "database": "ok", "migrations": "behind"}, 503
    return {"status": "ok", "database": "ok", "migrations": "ok"}


def _found_version() -> set[str]:
    context = MigrationContext.configure(db.session.connection())
    return set(context.get_current_heads())


def _wanted_version() -> set[str]:
    return _heads_in(current_app.extensions["migrate"].directory)


@cache
def _heads_in(folder: str) -> set[str]:
    """Return the last migrations of a folder; while the process lives they are the same."""
    return set(ScriptDirectory(folder).get_heads())

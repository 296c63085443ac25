"""Answers when something is refused, missing or broken: a sentence, never a trace."""

import logging
import secrets

from flask import Flask, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from core.db import db
from core.errors import ConflictError, NotFoundError, RefusedError, TooSoonError
from core.guarding import UnscopedReadError
from core.web.navigation import stand_nowhere

log = logging.getLogger("training_mix")

SENTENCES = {
    400: ("This could not be read", "Go back, check what you typed and send it again."),
    401: ("Sign in first", "This page is for people who are signed in."),
    404: ("There is nothing here", "The page does not exist, or it is not for you to see."),
    405: ("This does not work here", "Go back and use the buttons of the page."),
    413: (
        "The file is too large",
        "Files up to 25 MB can be brought in here; split it, or ask whoever runs this server.",
    ),
    429: ("Too many tries", "Wait a minute and try again."),
}


def answer_errors(app: Flask) -> None:
    """Give every failure its page."""
    app.register_error_handler(NotFoundError, lambda _: _page(404))
    app.register_error_handler(RefusedError, _refused)
    app.register_error_handler(ConflictError, _conflict)
    app.register_error_handler(StaleDataError, _stale_row)
    app.register_error_handler(TooSoonError, _too_soon)
    app.register_error_handler(CSRFError, _stale)
    app.register_error_handler(IntegrityError, _changed)
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(DataError, _unfit)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(UnscopedReadError, _closed)
    app.register_error_handler(Exception, _broken)


def _page(code: int, title: str = "", message: str = "") -> ResponseReturnValue:
    usual = SENTENCES.get(code, ("This did not work", "Go back and try again."))
    stand_nowhere()  # whatever was asked for, the answer is the same to the byte
    page = render_template(
        "_layout/error.html", code=code, title=title or usual[0], message=message or usual[1]
    )
    return page, code


def _refused(refusal: RefusedError) -> ResponseReturnValue:
    return _page(400, "This cannot be done", refusal.message)


def _too_soon(error: TooSoonError) -> ResponseReturnValue:
    wait = f"{error.seconds} seconds" if error.seconds < 120 else f"{error.seconds // 60} minutes"
    response = make_response(_page(429, message=f"Wait {wait} and try again."))
    response.headers["Retry-After"] = str(error.seconds)
    return response


def _stale(_error: CSRFError) -> ResponseReturnValue:
    return _page(
        400, "The page was open too long", "Go back, load the page again and repeat what you did."
    )


def _conflict(conflict: ConflictError) -> ResponseReturnValue:
    message = f"{conflict.message} Nothing was saved. Load the page again and look once more."
    return _page(409, "Somebody else changed this", message)


def _stale_row(_error: StaleDataError) -> ResponseReturnValue:
    db.session.rollback()
    return _conflict(ConflictError(0))


def _changed(error: IntegrityError) -> ResponseReturnValue:
    db.session.rollback()
    log.warning("constraint: %s", _broken_rule(error))
    return _page(
        409, "Somebody else changed this", "Somebody else changed this, please look again."
    )


def _busy(error: OperationalError) -> ResponseReturnValue:
    db.session.rollback()
    log.error("database: %s", _broken_rule(error))
    return _page(503, "The database is busy", "Nothing was saved. Wait a moment and send it again.")


def _unfit(error: DataError) -> ResponseReturnValue:
    db.session.rollback()
    log.error("value: %s", _broken_rule(error))
    return _page(
        400,
        "A value is too long or too large",
        "Nothing was saved. Go back, shorten what you sent and send it again.",
    )


def _broken_rule(error: DBAPIError) -> str:
    """Return what the database complains of, without the values it may repeat."""
    told = getattr(error.orig, "diag", None)
    if told is None:
        return str(error.orig)  # SQLite names columns only
    return f"{told.constraint_name or type(error.orig).__name__} {told.sqlstate or ''}".strip()


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or (error.code or 500) < 400:  # a redirect is an answer
        return error
    response = make_response(_page(error.code or 500))
    kept = ((k, v) for k, v in error.get_headers() if k in ("Allow", "Retry-After"))
    response.headers.extend(kept)
    return response


def _closed(error: UnscopedReadError) -> ResponseReturnValue:
    log.error("closed: %s", error)  # it names columns and an account, never what they hold
    return _broken(error)


def _broken(error: Exception) -> ResponseReturnValue:
    db.session.rollback()
    number = secrets.token_hex(4)
    log.error("error %s at %s", number, request.path.encode(), exc_info=error)
    return _page(
        500,
        "Something broke on our side",
        f"Nothing was saved. Tell whoever runs this server the number {number}.",
    )

"""Every form carries an id; one that arrives again is not acted on again but answered alike."""

import hashlib
import json
import re
import secrets
from base64 import urlsafe_b64encode
from contextlib import suppress
from time import sleep
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from flask import (
    Flask,
    Response,
    current_app,
    flash,
    g,
    jsonify,
    redirect,
    request,
    session,
    url_for,
)
from flask.sessions import SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from flask_wtf.csrf import generate_csrf
from itsdangerous import BadSignature, URLSafeTimedSerializer
from wtforms.widgets import HiddenInput

from core.config import secret_from
from core.db import claim_next, is_claim_open
from core.errors import RefusedError, SentBeforeError
from core.web.access import PUBLIC, permission_of
from people.services.submissions import Answer, Sending, claim_of, find_answer, keep_answer
from people.views.visiting import page_before

FIELD, HEADER = "submission", "Idempotency-Key"
WELL_FORMED = re.compile(r"[A-Za-z0-9_-]{16,80}")
NOT_SAID = frozenset({FIELD, "csrf_token"})
"""What a form carries beside what the person says."""

FLASHES = "_flashes"
READ_AT_ONCE = 1024 * 1024
LONGEST_WORK_SECONDS = 600
"""What was begun longer ago than this and has no answer will have none: the server had stopped."""

PATIENCE_SECONDS, LOOKS_PER_SECOND = 5, 25
AGAIN = "This was sent before and was dealt with then. Nothing was done a second time."
LED_ON = frozenset({301, 302, 303})


def start_submissions(app: Flask) -> None:
    """Let templates give every form an id, and let forms that come with one act once.

    Registered after the guards: what somebody may not do claims nothing.
    """
    app.config.setdefault("FORMS_CARRY_IDS", True)
    app.add_template_global(carried_fields)
    macros: Any = app.jinja_env.get_template("_components/forms.html").module
    app.add_template_global(macros.carried, "carried")
    app.before_request(_claim)
    app.after_request(_keep)
    app.teardown_request(_forget)
    app.register_error_handler(SentBeforeError, _sent_before)


def carried_fields(form: FlaskForm | None = None) -> list[tuple[str, str]]:
    """Return what every form that is sent carries: its id, and proof that the page was ours."""
    own = [(FIELD, secrets.token_urlsafe(16))]
    if form is None:
        return [*own, ("csrf_token", generate_csrf())]
    hidden = (field for field in form if isinstance(field.widget, HiddenInput))
    return [*own, *((field.name, field._value()) for field in hidden)]


def _claim() -> ResponseReturnValue | None:
    """Let what this request does be written down under its id; answer a repeated one at once."""
    claim_next(None)
    if request.method != "POST" or not _may():
        return None
    given = request.headers.get(HEADER) or request.form.get(FIELD)
    whose = _whose()
    if given is None and not current_app.config["FORMS_CARRY_IDS"]:
        return None
    if given is None or not WELL_FORMED.fullmatch(given):
        raise RefusedError("Load the page again and repeat what you did.")
    if whose is None:
        return None
    place = (request.method, request.full_path)
    text = json.dumps([whose, *place, given, _content()], separators=(",", ":"))
    account_id, endpoint = g.visit.account_id if g.visit else None, str(request.endpoint)
    sending = Sending(hashlib.sha256(text.encode()).hexdigest(), account_id, endpoint[:100])
    g.sending, g.sent_with, g.held_before = sending, given, _print_of(dict(session))
    answer = find_answer(sending.id)
    if answer is not None:
        return _answer_again(answer)
    claim_next(claim_of(sending))
    return None


def _may() -> bool:
    """Tell whether the person may call the view now; who may not learns nothing from a repeat."""
    permission = permission_of(current_app, request.endpoint) if request.endpoint else None
    return permission == PUBLIC or permission in g.permissions


def _whose() -> str | None:
    """Return who sends, so that an id is good for nobody else."""
    if g.visit is not None:
        return f"account {g.visit.account_id}"
    return f"stranger {session['csrf_token']}" if "csrf_token" in session else None


def _content() -> list[Any]:
    """Return what the form says; another text under the same id is another wish."""
    if not request.form and not request.files:
        return [hashlib.sha256(request.get_data()).hexdigest()]
    said = [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_SAID]
    files = []
    for name, file in request.files.items(multi=True):
        digest = hashlib.sha256()
        while piece := file.stream.read(READ_AT_ONCE):
            digest.update(piece)
        file.stream.seek(0)
        files.append((name, file.filename, digest.hexdigest()))
    return [said, files]


def _keep(response: Response) -> Response:
    """Remember how the form was answered, once something was done."""
    sending: Sending | None = g.pop("sending", None)
    if sending is None or is_claim_open():
        return response
    if response.status_code in LED_ON:
        keep_answer(sending.id, response.status_code, response.location, _sealed())
    else:  # a page: it may show what nobody else may keep, so only that it was given
        keep_answer(sending.id, response.status_code, None, None)
    return response


def _forget(_error: BaseException | None) -> None:
    claim_next(None)


def _sent_before(_error: SentBeforeError) -> ResponseReturnValue:
    """Answer a form that came while the first of its kind was at work, like that one."""
    sending: Sending = g.sending
    answer = find_answer(sending.id)
    return _answer_again(answer) if answer else _answer_in_general()


def _answer_again(answer: Answer) -> ResponseReturnValue:
    sending: Sending = g.pop("sending")
    claim_next(None)
    for _ in range(PATIENCE_SECONDS * LOOKS_PER_SECOND):
        if answer.status is not None or answer.seconds > LONGEST_WORK_SECONDS:
            break
        sleep(1 / LOOKS_PER_SECOND)
        answer = find_answer(sending.id) or answer
    if answer.location is None:
        return _answer_in_general()
    _hold_again(answer.sealed)
    return redirect(answer.location, answer.status or 302)


def _answer_in_general() -> ResponseReturnValue:
    """Say that it is done, where nobody knows how it was answered."""
    g.pop("sending", None)
    if request.is_json:
        return jsonify(message=AGAIN), 409
    flash(AGAIN)
    has_page = request.url_rule is not None and "GET" in (request.url_rule.methods or ())
    here = request.full_path.rstrip("?") if has_page else page_before()
    return redirect(here or url_for("accounts.home"), 303)


def _signer() -> URLSafeTimedSerializer:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # of the proxy
    found = SecureCookieSessionInterface().get_signing_serializer(app)
    if found is None:
        raise RuntimeError("sessions need a SECRET_KEY")
    return found


def _box() -> Fernet:
    """Return the box for the cookie of an answer: its key is nowhere but in the form itself."""
    key = secret_from(str(current_app.config["SECRET_KEY"]), f"answer to {g.sent_with}")
    return Fernet(urlsafe_b64encode(bytes.fromhex(key)))


def _print_of(held: dict[str, Any]) -> str:
    rest = {name: value for name, value in held.items() if name != FLASHES}
    return hashlib.sha256(json.dumps(rest, sort_keys=True, default=str).encode()).hexdigest()


def _sealed() -> str:
    """Return what the cookie holds now, readable only with the form that was sent."""
    text = _signer().dumps({"before": g.held_before, "after": dict(session)})
    return _box().encrypt(str(text).encode()).decode()


def _hold_again(sealed: str | None) -> None:
    """Give the browser what the first answer gave it, unless it has gone on since."""
    with suppress(InvalidToken, BadSignature):
        held = _signer().loads(_box().decrypt((sealed or "").encode()).decode())
        if held["before"] == g.held_before:
            session.clear()
            session.update(held["after"])
        elif FLASHES in held["after"]:
            session[FLASHES] = held["after"][FLASHES]

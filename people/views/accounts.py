"""Signing in and out, the first account, and the page one comes home to."""

import hmac

from flask import (
    Blueprint,
    Flask,
    abort,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_security import Security, current_user
from flask_security.utils import login_user, logout_user

from core.errors import RefusedError
from core.web.access import PUBLIC, SIGNED_IN, requires
from core.web.paths import safe_next
from people.forms import ConfirmForm, SetUpForm, SignInForm
from people.queries import accounts as queries
from people.queries.settings import find_setting
from people.queries.visibility import viewer_of
from people.rules.access import permissions_of
from people.services import accounts as services

bp = Blueprint("accounts", __name__)

SECURITY_SETTINGS = {
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_LENGTH_MIN": 12,
    "SECURITY_PASSWORD_COMPLEXITY_CHECKER": "zxcvbn",
    "SECURITY_ZXCVBN_MINIMUM_SCORE": 3,
    "SECURITY_CLI_USERS_NAME": False,
    "SECURITY_CLI_ROLES_NAME": False,
    "SECURITY_DEFAULT_REMEMBER_ME": False,
    "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
}


def start_accounts(app: Flask) -> None:
    """Let people sign in: before every request, say who looks and what they may do.

    The sign-in library brings no pages of its own here; ours are in this module.
    """
    for key, value in SECURITY_SETTINGS.items():
        app.config.setdefault(key, value)
    Security(app, services.new_datastore(), register_blueprint=False)

    @app.before_request
    def _who_looks() -> None:
        g.viewer = None
        g.permissions = frozenset()
        if request.endpoint != "static" and current_user.is_authenticated:
            g.viewer = viewer_of(current_user)
            g.permissions = permissions_of(g.viewer)

    @app.context_processor
    def _whose_data() -> dict[str, object]:
        name = find_setting("organisation") if g.get("viewer") else None
        return {"organisation": name or app.config["ORGANISATION"]}


@bp.get("/")
@requires(PUBLIC)
def home() -> ResponseReturnValue:
    """Lead everybody to their first page; in the demo, strangers choose who to be."""
    if g.viewer is not None:
        return redirect(_first_page())
    if current_app.config["DEMO"]:
        return redirect(url_for(".welcome"))
    return redirect(url_for(".sign_in"))


def _first_page() -> str:
    for permission, endpoint in (
        ("balance:read", "planner.balance_page"),
        ("people:read", "people.employee_list"),
    ):
        if permission in g.permissions and endpoint in current_app.view_functions:
            return url_for(endpoint)
    return url_for(".nothing_here")


@bp.get("/welcome")
@requires(PUBLIC)
def welcome() -> ResponseReturnValue:
    """Say what the demo is and offer its four ways in."""
    if not current_app.config["DEMO"]:
        abort(404)
    return render_template(
        "people/welcome.html",
        form=ConfirmForm(),
        next_path=safe_next(request.args.get("next")),
    )


@bp.get("/nothing-here")
@requires(SIGNED_IN)
def nothing_here() -> ResponseReturnValue:
    """Tell somebody without any page why there is none."""
    return render_template("people/nothing_here.html")


@bp.route("/sign-in", methods=["GET", "POST"])
@requires(PUBLIC)
def sign_in() -> ResponseReturnValue:
    """Sign in with e-mail address and password."""
    if current_app.config["DEMO"] and request.method == "GET":
        return redirect(url_for(".welcome", next=safe_next(request.args.get("next"))))
    if not queries.has_accounts():
        return redirect(url_for(".set_up"))
    form = SignInForm(next=request.args.get("next", ""))
    if form.validate_on_submit():
        try:
            account = services.authenticate(form.email.data, form.password.data)
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            session.clear()
            login_user(account)
            return redirect(safe_next(form.next.data))
    return render_template("people/sign_in.html", form=form)


@bp.post("/sign-out")
@requires(PUBLIC)
def sign_out() -> ResponseReturnValue:
    """Sign out and forget everything about the visit."""
    logout_user()
    session.clear()
    return redirect(url_for(".home"))


@bp.post("/demo/sign-in/<string:role>")
@requires(PUBLIC)
def demo_sign_in(role: str) -> ResponseReturnValue:
    """Become one of the people of the demo organisation."""
    account = queries.find_demo_account(role) if current_app.config["DEMO"] else None
    if account is None or not account.active:
        abort(404)
    logout_user()
    session.clear()
    login_user(account)
    return redirect(safe_next(request.form.get("next")))


@bp.route("/set-up", methods=["GET", "POST"])
@requires(PUBLIC)
def set_up() -> ResponseReturnValue:
    """Make the first account, by whoever can read what the server printed."""
    if current_app.config["DEMO"]:
        abort(404)
    if queries.has_accounts():
        return redirect(url_for(".sign_in"))
    form = SetUpForm(token=request.args.get("token", ""))
    if form.validate_on_submit():
        try:
            _check_token(form.token.data)
            services.add_first_account(
                form.email.data, password=form.password.data, name=form.name.data.strip()
            )
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            flash("The first account is made. Sign in with it.", "success")
            return redirect(url_for(".sign_in", next="/start"))
    return render_template("people/set_up.html", form=form)


def _check_token(given: str) -> None:
    token = current_app.config.get("SETUP_TOKEN")
    if not token or not hmac.compare_digest(given.strip().encode(), str(token).encode()):
        raise RefusedError("This is not the word the server printed at its start.", field="token")

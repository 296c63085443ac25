"""Signing in and out, the first account, and the page one comes home to."""

import hmac
import json

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    g,
    jsonify,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue

from core.errors import RefusedError
from core.web.access import PUBLIC, SIGNED_IN, requires
from core.web.paths import safe_next
from people.forms import (
    CodeForm,
    ConfirmForm,
    ForgottenForm,
    NewPasswordForm,
    SetUpForm,
    SignInForm,
)
from people.queries import accounts as queries
from people.queries.outbox import latest_letters
from people.services import accounts as services
from people.services import attempts, passkeys, passwords, signing, visits
from people.views.visiting import (
    device,
    enter,
    link_to,
    passkey_site,
    site,
    where_from,
)

bp = Blueprint("accounts", __name__)


@bp.get("/")
@requires(PUBLIC)
def home() -> ResponseReturnValue:
    """Lead everybody to their first page; in the demo, strangers choose who to be."""
    if g.viewer is not None:
        return redirect(url_for(g.first_page or ".nothing_here"))
    if current_app.config["DEMO"]:
        return redirect(url_for(".welcome"))
    return redirect(url_for(".sign_in"))


@bp.get("/welcome")
@requires(PUBLIC)
def welcome() -> ResponseReturnValue:
    """Say what the demo is and offer its ways in."""
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
    """Sign in with e-mail address and password; the second factor is asked for next."""
    if current_app.config["DEMO"] and request.method == "GET":
        return redirect(url_for(".welcome", next=safe_next(request.args.get("next"))))
    if not queries.has_accounts():
        return redirect(url_for(".set_up"))
    form = SignInForm(next=request.args.get("next", ""))
    if form.validate_on_submit():
        try:
            entry = signing.sign_in(
                form.email.data, form.password.data, address=where_from(), device=device()
            )
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            return come_in(entry, form.next.data)
    return render_template(
        "people/sign_in.html",
        form=form,
        has_passkeys=site() is not None,
        provider=current_app.config["OIDC_NAME"] if current_app.config["OIDC_ISSUER"] else None,
    )


def come_in(entry: signing.Entry, target: str | None) -> ResponseReturnValue:
    """Lead somebody in, or to their second factor."""
    if entry.visit is None:
        session.clear()
        session["ticket"], session["next"] = entry.ticket, safe_next(target)
        return redirect(url_for("accounts.second_step"))
    enter(entry.visit)
    return redirect(safe_next(target))


@bp.route("/sign-in/second-step", methods=["GET", "POST"])
@requires(PUBLIC)
def second_step() -> ResponseReturnValue:
    """Ask whoever has given the password for the second factor."""
    if "ticket" not in session:
        return redirect(url_for(".sign_in"))
    form = CodeForm()
    if form.validate_on_submit():
        try:
            token = signing.finish_sign_in(session["ticket"], form.code.data, device=device())
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            target = session.get("next")
            enter(token)
            return redirect(safe_next(target))
    return render_template("people/second_step.html", form=form, has_passkeys=site() is not None)


@bp.post("/sign-in/passkey/options")
@requires(PUBLIC)
def passkey_options() -> Response:
    """Say what the browser is to ask the person's device for."""
    options, session["passkey"] = passkeys.sign_in_options(passkey_site())
    return jsonify(json.loads(options))


@bp.post("/sign-in/passkey")
@requires(PUBLIC)
def passkey_sign_in() -> ResponseReturnValue:
    """Sign in with the answer of the person's device."""
    answer = request.get_json(silent=True)
    if not isinstance(answer, dict):
        abort(400)
    tries = {"address": where_from()}
    attempts.count_try(tries)
    try:
        token = passkeys.sign_in_with_passkey(
            passkey_site(), ticket=session.pop("passkey", None), answer=answer, device=device()
        )
    except RefusedError as refusal:
        return jsonify(message=refusal.message), 400
    attempts.forget_tries(tries)
    target = safe_next(request.args.get("next") or session.get("next"))
    enter(token)
    return jsonify(next=target)


@bp.post("/sign-out")
@requires(PUBLIC)
def sign_out() -> ResponseReturnValue:
    """Sign out and forget everything about the visit."""
    if g.visit is not None:
        visits.end_visit(g.visit.id, g.visit.account_id)
    session.clear()
    response = redirect(url_for(".home"))
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@bp.post("/demo/sign-in/<string:role>")
@requires(PUBLIC)
def demo_sign_in(role: str) -> ResponseReturnValue:
    """Become one of the people of the demo organisation."""
    account = queries.find_demo_account(role) if current_app.config["DEMO"] else None
    if account is None or not account.active:
        abort(404)
    enter(visits.begin_visit(account.id, how="demo", device=device(), second_factor=False))
    return redirect(safe_next(request.form.get("next")))


@bp.route("/forgotten", methods=["GET", "POST"])
@requires(PUBLIC)
def forgotten() -> ResponseReturnValue:
    """Send a link to a new password; the answer is the same whether the account exists or not."""
    if current_app.config["DEMO"]:
        abort(404)
    form = ForgottenForm()
    if form.validate_on_submit():
        passwords.ask_for_reset(
            form.email.data,
            address=where_from(),
            link_of=lambda token: link_to(".new_password", token=token),
        )
        return redirect(url_for(".forgotten_sent"))
    return render_template("people/forgotten.html", form=form)


@bp.get("/forgotten/sent")
@requires(PUBLIC)
def forgotten_sent() -> ResponseReturnValue:
    """Tell everybody the same: look at your mail."""
    return render_template("people/forgotten_sent.html")


@bp.route("/new-password", methods=["GET", "POST"])
@requires(PUBLIC)
def new_password() -> ResponseReturnValue:
    """Choose a password with the link from a letter."""
    form = NewPasswordForm(token=request.args.get("token", ""))
    is_good = passwords.reset_is_good(form.token.data or "")
    if is_good and form.validate_on_submit():
        try:
            passwords.finish_reset(form.token.data, form.password.data)
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            session.clear()
            flash("Your new password is kept. Sign in with it.", "success")
            return redirect(url_for(".sign_in"))
    return render_template("people/new_password.html", form=form, is_good=is_good)


@bp.get("/outbox")
@requires(PUBLIC)
def outbox() -> ResponseReturnValue:
    """Show the letters that would have been sent.

    In development and in the demo everybody may read them. On a server of one's own machine that
    has no mail yet, administrators may, or nobody could ever be invited.
    """
    settings = current_app.config
    is_open = settings["DEMO"] or settings["DEVELOPMENT"]
    is_local = settings.get("SETUP_HERE") and not settings["SMTP_HOST"]
    if not is_open and not (is_local and "accounts:edit" in g.permissions):
        abort(404)
    return render_template("people/outbox.html", letters=latest_letters())


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
            current_app.config["SETUP_TOKEN"] = None  # it is good once, whatever happens next
            flash("The first account is made. Sign in with it.", "success")
            return redirect(url_for(".sign_in", next="/start"))
    return render_template("people/set_up.html", form=form)


def _check_token(given: str) -> None:
    tries = {"address": where_from()}
    attempts.count_try(tries)
    token = current_app.config.get("SETUP_TOKEN")
    if not token or not hmac.compare_digest(given.strip().encode(), str(token).encode()):
        raise RefusedError("This is not the word the server printed at its start.", field="token")
    attempts.forget_tries(tries)

"""One's own account: who one is here, password, second factors, visits."""

import json

from flask import (
    Blueprint,
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
from core.web.access import OWN_SECURITY, SIGNED_IN, requires
from core.web.paths import safe_next
from core.web.squares import squares_of
from people.forms import ChangePasswordForm, CodeForm, ConfirmForm, ProveForm
from people.queries.accounts import account_page, find_identities
from people.queries.visits import factors_of, visits_of
from people.services import factors, passkeys, passwords, signing, visits
from people.views.visiting import (
    not_in_demo,
    passkey_site,
    proven,
    renew,
    site,
    visit,
)

bp = Blueprint("own", __name__, url_prefix="/account")

NOT_PROVEN = "Load the page again and prove once more who you are."


@bp.get("")
@requires(SIGNED_IN)
def account() -> ResponseReturnValue:
    """Show who one is here."""
    return render_template(
        "people/account.html",
        account=account_page(visit().account_id),
        identities=find_identities(visit().account_id),
        provider=current_app.config["OIDC_NAME"] if current_app.config["OIDC_ISSUER"] else None,
        form=ConfirmForm(),
    )


@bp.route("/password", methods=["GET", "POST"])
@requires(SIGNED_IN)
@not_in_demo
def password() -> ResponseReturnValue:
    """Choose another password."""
    form = ChangePasswordForm()
    if form.validate_on_submit():
        try:
            token = passwords.change_password(
                visit().account_id, visit().id, old=form.old.data, new=form.new.data
            )
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            renew(token)
            flash("Your new password is kept. Your other visits were ended.", "success")
            return redirect(url_for(".account"))
    return render_template("people/password.html", form=form)


@bp.get("/security")
@requires(OWN_SECURITY)
def security() -> ResponseReturnValue:
    """Show the second factors, and offer what is missing."""
    return render_template(
        "people/security.html",
        factors=factors_of(visit().account_id),
        visit=visit(),
        can_have_passkeys=site() is not None,
        form=ConfirmForm(),
    )


@bp.route("/security/authenticator", methods=["GET", "POST"])
@requires(OWN_SECURITY)
@not_in_demo
@proven
def authenticator() -> ResponseReturnValue:
    """Set up an authenticator app: scan, then type the code it shows."""
    secret = session.setdefault("totp", factors.new_secret())
    form = CodeForm()
    if form.validate_on_submit():
        try:
            token = factors.set_up_authenticator(
                visit().account_id, visit().id, secret, form.code.data
            )
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            session.pop("totp")
            renew(token)
            flash("The authenticator app is set up.", "success")
            return redirect(url_for(".recovery_codes"))
    key, uri = factors.words_of_secret(secret, account_page(visit().account_id).email)
    return render_template("people/authenticator.html", form=form, key=key, picture=squares_of(uri))


@bp.post("/security/authenticator/remove")
@requires(SIGNED_IN)
@not_in_demo
@proven
def authenticator_remove() -> ResponseReturnValue:
    """Take the authenticator app away."""
    factors.remove_authenticator(visit().account_id)
    flash("The authenticator app is removed.", "success")
    return redirect(url_for(".security"))


@bp.route("/security/recovery-codes", methods=["GET", "POST"])
@requires(SIGNED_IN)
@not_in_demo
@proven
def recovery_codes() -> ResponseReturnValue:
    """Make recovery codes and show them, this once."""
    form = ConfirmForm()
    codes = factors.make_recovery_codes(visit().account_id) if form.validate_on_submit() else []
    left = factors_of(visit().account_id).codes_left
    return render_template("people/recovery_codes.html", form=form, codes=codes, left=left)


@bp.post("/security/passkeys/options")
@requires(OWN_SECURITY)
@not_in_demo
def passkey_options() -> ResponseReturnValue:
    """Say what the browser is to ask the person's device for."""
    if not visit().is_proven:
        return jsonify(message=NOT_PROVEN), 403
    options, session["passkey-new"] = passkeys.new_passkey_options(
        visit().account_id, passkey_site()
    )
    return jsonify(json.loads(options))


@bp.post("/security/passkeys")
@requires(OWN_SECURITY)
@not_in_demo
def passkey_add() -> ResponseReturnValue:
    """Keep the passkey the person's device has made."""
    answer = request.get_json(silent=True)
    if not isinstance(answer, dict):
        abort(400)
    if not visit().is_proven:
        return jsonify(message=NOT_PROVEN), 403
    try:
        token = passkeys.add_passkey(
            visit().account_id,
            visit().id,
            passkey_site(),
            ticket=session.pop("passkey-new", None),
            answer=answer,
            name=str(answer.pop("name", "")),
        )
    except RefusedError as refusal:
        return jsonify(message=refusal.message), 400
    renew(token)
    flash("The passkey is kept.", "success")
    has_codes = factors_of(visit().account_id).codes_left > 0
    return jsonify(next=url_for(".security" if has_codes else ".recovery_codes"))


@bp.post("/security/passkeys/<int:passkey_id>/remove")
@requires(SIGNED_IN)
@not_in_demo
@proven
def passkey_remove(passkey_id: int) -> ResponseReturnValue:
    """Take a passkey away."""
    name = passkeys.remove_passkey(visit().account_id, passkey_id)
    flash(f"The passkey {name} is removed.", "success")
    return redirect(url_for(".security"))


@bp.route("/prove", methods=["GET", "POST"])
@requires(OWN_SECURITY)
def prove() -> ResponseReturnValue:
    """Ask once more who it is, before what matters."""
    form = ProveForm(next=request.args.get("next", ""))
    if form.validate_on_submit():
        try:
            signing.prove_again(
                visit().account_id,
                visit().id,
                password=form.password.data,
                code=form.code.data,
            )
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            return redirect(safe_next(form.next.data))
    return render_template(
        "people/prove.html",
        form=form,
        account=account_page(visit().account_id),
        factors=factors_of(visit().account_id),
    )


@bp.get("/sessions")
@requires(SIGNED_IN)
def sessions() -> ResponseReturnValue:
    """List where one is signed in."""
    here = visit()
    found = visits_of(here.account_id)
    return render_template(
        "people/sessions.html",
        visits=[one for one in found if one.id == here.id or not here.is_demo],
        here=here,
        form=ConfirmForm(),
    )


@bp.post("/sessions/<int:visit_id>/end")
@requires(SIGNED_IN)
@not_in_demo
def session_end(visit_id: int) -> ResponseReturnValue:
    """End one visit; ending this one signs out."""
    visits.end_visit(visit_id, visit().account_id)
    if visit_id == g.visit.id:
        session.clear()
        return redirect(url_for("accounts.home"))
    flash("That visit is ended.", "success")
    return redirect(url_for(".sessions"))


@bp.post("/sessions/end-others")
@requires(SIGNED_IN)
@not_in_demo
def sessions_end_others() -> ResponseReturnValue:
    """End every visit but this one."""
    count = visits.end_others(visit().account_id, visit().id)
    flash(f"Ended: {count}. Only this visit is left.", "success")
    return redirect(url_for(".sessions"))

"""Single sign-on with OpenID Connect: out to the provider and back."""

import logging
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import (
    Blueprint,
    Flask,
    abort,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from joserfc.errors import JoseError
from requests import RequestException

from core.errors import RefusedError
from core.web.access import PUBLIC, SIGNED_IN, requires
from people.forms import ConfirmForm
from people.services.auditing import note
from people.services.single_sign_on import (
    Stranger,
    link_identity,
    sign_in_by_provider,
    unlink_identity,
)
from people.views.accounts import come_in
from people.views.visiting import device, link_to, not_in_demo, proven, visit

bp = Blueprint("sso", __name__, url_prefix="/single-sign-on")
log = logging.getLogger("training_mix")

SAFE_ALGORITHMS = frozenset(
    {f"{kind}{bits}" for kind in ("RS", "PS", "ES") for bits in (256, 384, 512)} | {"EdDSA"}
)
"""Signatures with a key pair; never "none", and never a secret both sides know."""

TWO_FACTORS = "mfa"
LONGEST_SUBJECT = 255
FAILED = "Single sign-on did not work. Try again, or sign in with your password."


def start_single_sign_on(app: Flask) -> None:
    """Know the provider, where one is configured; it is asked for the rest when first used."""
    oauth = OAuth(app)
    if not app.config["OIDC_ISSUER"]:
        return
    oauth.register(
        "provider",
        client_id=app.config["OIDC_CLIENT_ID"],
        client_secret=app.config["OIDC_CLIENT_SECRET"],
        server_metadata_url=f"{app.config['OIDC_ISSUER']}/.well-known/openid-configuration",
        client_kwargs={
            "scope": app.config["OIDC_SCOPE"],
            "code_challenge_method": "S256",
            "timeout": 10,
        },
    )


def _provider() -> Any:
    if not current_app.config["OIDC_ISSUER"]:
        abort(404)
    return current_app.extensions["authlib.integrations.flask_client"].provider


@bp.post("/start")
@requires(PUBLIC)
def start() -> ResponseReturnValue:
    """Go to the provider to sign in."""
    return _leave(purpose="sign-in")


@bp.post("/link")
@requires(SIGNED_IN)
@not_in_demo
@proven
def link() -> ResponseReturnValue:
    """Go to the provider to link this account with who one is there."""
    return _leave(purpose="link")


def _leave(purpose: str) -> ResponseReturnValue:
    provider = _provider()
    form = ConfirmForm()
    if not form.validate_on_submit():
        abort(400)
    session["sso"] = {"purpose": purpose, "visit": g.visit.id if g.visit else None}
    try:
        answer = provider.authorize_redirect(link_to("sso.back"))
    except (AuthlibBaseError, RequestException, RuntimeError) as error:
        log.warning("provider: %s", type(error).__name__)
        flash("The provider of single sign-on does not answer. Try again later.", "bad")
        return redirect(url_for("accounts.sign_in"))
    # A page on the way: after a form, browsers let nobody be led away from our own server.
    return render_template("people/leaving.html", url=answer.location, name=_name())


def _name() -> str:
    return str(current_app.config["OIDC_NAME"])


@bp.get("/back")
@requires(PUBLIC)
def back() -> ResponseReturnValue:
    """Take what the provider says about who has come back."""
    provider = _provider()
    begun = session.pop("sso", None) or {}
    try:
        who = _stranger(provider)
        if begun.get("purpose") != "link":
            entry = sign_in_by_provider(
                who,
                device=device(),
                new_accounts=bool(current_app.config["OIDC_NEW_ACCOUNTS"]),
            )
            return come_in(entry, None)
        if g.visit is None or g.visit.id != begun.get("visit"):
            raise RefusedError(FAILED)
        link_identity(g.visit.account_id, who)
    except RefusedError as refusal:
        if begun.get("purpose") == "sign-in":
            note("sign-in.failed", details={"how": "sso"})
        flash(refusal.message, "bad")
        return redirect(url_for("own.account" if g.visit else "accounts.sign_in"))
    flash("Your account is linked with single sign-on.", "success")
    return redirect(url_for("own.account"))


def _stranger(provider: Any) -> Stranger:
    """Return who has come back, after every check of the provider's word.

    Raises:
        RefusedError: It cannot be trusted, whatever the reason.
    """
    settings = current_app.config
    issuer = settings["OIDC_ISSUER"]
    try:
        metadata = provider.load_server_metadata()
        if str(metadata.get("issuer", "")).rstrip("/") != issuer:
            raise RefusedError(FAILED)
        told = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
        metadata["id_token_signing_alg_values_supported"] = sorted(SAFE_ALGORITHMS & set(told))
        token = provider.authorize_access_token(
            claims_options={
                "iss": {"essential": True, "value": metadata["issuer"]},
                "aud": {"essential": True, "value": settings["OIDC_CLIENT_ID"]},
            }
        )
    except (AuthlibBaseError, JoseError, RequestException, RuntimeError, ValueError) as error:
        log.warning("single sign-on: %s", type(error).__name__)
        raise RefusedError(FAILED) from error
    claims = token.get("userinfo")
    if not claims or not 0 < len(str(claims.get("sub") or "")) <= LONGEST_SUBJECT:
        raise RefusedError(FAILED)
    return _from_claims(claims, issuer)


def _from_claims(claims: Any, issuer: str) -> Stranger:
    settings = current_app.config
    groups = claims.get(settings["OIDC_GROUPS_CLAIM"])
    methods = claims.get("amr")
    proven_twice = isinstance(methods, list) and TWO_FACTORS in methods
    return Stranger(
        issuer=issuer,
        subject=str(claims["sub"]),
        email=str(claims["email"]) if claims.get("email") else None,
        name=str(claims["name"]) if claims.get("name") else None,
        groups=frozenset(map(str, groups)) if isinstance(groups, list) else frozenset(),
        second_factor=bool(settings["OIDC_SECOND_FACTOR"]) or proven_twice,
    )


@bp.post("/links/<int:identity_id>/remove")
@requires(SIGNED_IN)
@not_in_demo
@proven
def unlink(identity_id: int) -> ResponseReturnValue:
    """Take the link to the provider away."""
    unlink_identity(visit().account_id, identity_id)
    flash("The link is removed.", "success")
    return redirect(url_for("own.account"))

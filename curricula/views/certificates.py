"""Certificates: one's own to hand on, and the page on which anybody checks one by its code."""

from flask import Response, abort, flash, g, redirect, render_template, request
from flask import url_for as url
from flask.typing import ResponseReturnValue

from core.clock import today
from core.errors import RefusedError
from core.web.access import PUBLIC, requires
from core.web.downloads import download
from curricula.exports.proof import certificate_pdf as drawn
from curricula.forms import CheckForm, RevokeForm
from curricula.queries.certificates import (
    Proof,
    find_certificate,
    get_certificate,
    own_certificates,
)
from curricula.queries.reach import get_learner
from curricula.services import badges
from curricula.services.links import whole
from curricula.views.learning import bp
from people.queries.settings import organisation_name
from people.rules.levels import RoleName


@bp.get("/learning/certificates")
@requires("learning:own")
def certificate_list() -> ResponseReturnValue:
    """Show my certificates, each to be opened, printed and handed on."""
    found = own_certificates(g.viewer, today())
    return render_template("curricula/certificate_list.html", certificates=found)


@bp.get("/learning/certificates/<string:code>/certificate.pdf")
@requires("people:read")
def certificate_pdf(code: str) -> ResponseReturnValue:
    """Hand out a certificate on paper."""
    proof = _seen(code)
    where = whole(f"{badges.CHECK_PATH}/{proof.code}")
    made = drawn(proof, organisation_name(), where)
    return download(made, f"Certificate {proof.title}.pdf")


@bp.get("/learning/certificates/<string:code>/badge.jwt")
@requires("people:read")
def certificate_badge(code: str) -> ResponseReturnValue:
    """Hand out a certificate as a signed Open Badge."""
    proof = _seen(code)
    return download(badges.badge_of(proof.code).encode(), f"Badge {proof.title}.jwt")


def _seen(code: str) -> Proof:
    proof = get_certificate(code)
    if proof.employee_id != g.viewer.employee_id:
        get_learner(g.viewer, proof.employee_id, today())
    if proof.revoked_at is not None:
        abort(404)
    return proof


@bp.get(badges.CHECK_PATH)
@requires(PUBLIC)
def certificate_ask() -> ResponseReturnValue:
    """Ask for the code of a certificate, or for a badge, to check it."""
    code = request.args.get("code", "").strip()[:60]
    if code:
        return redirect(url(".certificate_check", code=code))
    return _question(CheckForm())


def _question(form: CheckForm) -> str:
    return render_template("curricula/certificate_check.html", proof=None, asked="", form=form)


@bp.get(f"{badges.CHECK_PATH}/<string:code>")
@requires(PUBLIC)
def certificate_check(code: str) -> ResponseReturnValue:
    """Say whether a certificate is valid, to anybody who holds its code."""
    proof = find_certificate(code)
    return _checked(proof, code, 200 if proof else 404)


def _checked(proof: Proof | None, asked: str, status: int) -> ResponseReturnValue:
    page = render_template(
        "curricula/certificate_check.html",
        proof=proof,
        asked=asked[:60],
        organisation_name=organisation_name(),
        may_revoke=g.viewer is not None and g.viewer.is_a(RoleName.HR),
        form=CheckForm(),
        revoke_form=RevokeForm(),
    )
    answer = Response(page, status=status)
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@bp.post(badges.CHECK_PATH)
@requires(PUBLIC)
def badge_check() -> ResponseReturnValue:
    """Say whether a badge is ours and unchanged."""
    form = CheckForm()
    if not form.validate_on_submit():
        return _question(form)
    found = badges.check_badge(form.badge.data)
    if not found.genuine or found.proof is None:
        form.refuse(
            RefusedError(
                "This badge was not signed here, or it was changed afterwards. Do not rely on it.",
                "badge",
            )
        )
        return _question(form)
    return _checked(found.proof, found.proof.code, 200)


@bp.post(f"{badges.CHECK_PATH}/<string:code>/revoke")
@requires("people:erase")
def certificate_revoke(code: str) -> ResponseReturnValue:
    """Let a certificate hold no longer."""
    form = RevokeForm()
    try:
        badges.revoke(code, form.reason.data or "", viewer=g.viewer)
    except RefusedError as refusal:
        flash(f"Not revoked. {refusal}", "bad")
    else:
        flash("Revoked. Whoever checks it is told so.", "success")
    return redirect(url(".certificate_check", code=code))

"""Accounts of everybody, for administrators."""

from collections.abc import Iterable

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.errors import ConflictError, RefusedError
from core.web.access import requires
from core.web.forms import Both, Conflict
from people.forms import (
    ROLE_LABELS,
    AccountForm,
    ChangeRolesForm,
    ConfirmForm,
    GroupForm,
    PersonForm,
)
from people.queries import accounts as queries
from people.queries.auditing import last_change
from people.rules.levels import RoleName
from people.rules.managing import links_themselves
from people.services import managing
from people.views.visiting import link_to, proven

bp = Blueprint("managing", __name__, url_prefix="/accounts")

EDITS = ("account.change", "account.roles")
EDITED = ("active", "before", "person")
"""What events name that raise the version of an account; others, such as a new password, do not."""


def _link(token: str) -> str:
    return link_to("accounts.new_password", token=token)


@bp.get("")
@requires("accounts:edit")
def account_list() -> ResponseReturnValue:
    """List the accounts."""
    return render_template(
        "people/account_list.html",
        accounts=queries.account_lines(request.args.get("search", "")),
        search=request.args.get("search", ""),
        role_labels=ROLE_LABELS,
        sends_mail=bool(current_app.config["SMTP_HOST"]),
    )


def _done(account_id: int, said: str) -> ResponseReturnValue:
    """Lead back to the account and say what was done."""
    flash(said, "success")
    return redirect(url_for(".account_detail", account_id=account_id))


def _letter_words() -> str:
    """Say where the letter with the link goes; without a mail server it goes nowhere."""
    if current_app.config["SMTP_HOST"]:
        return "Its owner gets a letter with a link."
    return "The letter with the link waits: this server has no mail server yet."


@bp.route("/add", methods=["GET", "POST"])
@requires("accounts:edit")
@proven
def account_add() -> ResponseReturnValue:
    """Add an account; its owner gets a link to choose a password."""
    form = AccountForm()
    if form.validate_on_submit():
        try:
            account_id = managing.invite(g.viewer, form.draft(), _link)
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            return _done(account_id, f"The account is made. {_letter_words()}")
    return render_template("people/account_add.html", form=form)


@bp.get("/<int:account_id>")
@requires("accounts:edit")
def account_detail(account_id: int) -> ResponseReturnValue:
    """Show an account and what may be done with it."""
    return _account_page(queries.account_page(account_id))


def _account_page(
    account: queries.AccountPage,
    *,
    roles_form: ChangeRolesForm | None = None,
    person_form: PersonForm | None = None,
) -> str:
    """Show an account, with a form that was sent in the place of a fresh one."""
    version = account.version
    is_own = account.id == g.viewer.account_id
    return render_template(
        "people/account_detail.html",
        account=account,
        is_own=is_own,
        may_link=not is_own or links_themselves(g.viewer.roles),
        roles_form=roles_form
        or ChangeRolesForm(None, roles=[role.value for role in account.given], version=version),
        person_form=person_form
        or PersonForm(None, employee_number=account.employee_number, version=version),
        form=ConfirmForm(),
        role_labels=ROLE_LABELS,
    )


def _changed_meanwhile(account: queries.AccountPage, value: Both) -> Conflict:
    return Conflict([value], *last_change(EDITS, "account", account.id, *EDITED))


@bp.post("/<int:account_id>/roles")
@requires("accounts:edit")
@proven
def account_roles(account_id: int) -> ResponseReturnValue:
    """Give somebody the roles that are ticked; they sign in anew."""
    form = ChangeRolesForm()
    if form.validate_on_submit():
        try:
            managing.set_roles(g.viewer, account_id, form.wanted(), seen=form.seen())
        except ConflictError as error:
            account = queries.account_page(account_id)
            roles = Both("Roles", _roles(form.wanted()), _roles(account.given))
            form.collide(error, _changed_meanwhile(account, roles))
            return _account_page(account, roles_form=form), form.status
        flash("The roles are changed. The person has to sign in again.", "success")
    return redirect(url_for(".account_detail", account_id=account_id))


def _roles(held: Iterable[RoleName]) -> str:
    return ", ".join(sorted(ROLE_LABELS[role] for role in held if role in ROLE_LABELS)) or "none"


@bp.post("/<int:account_id>/close")
@requires("accounts:edit")
@proven
def account_close(account_id: int) -> ResponseReturnValue:
    """Close an account: nobody signs in with it any more."""
    managing.set_active(g.viewer, account_id, active=False)
    return _done(account_id, "The account is closed, and its visits are ended.")


@bp.post("/<int:account_id>/open")
@requires("accounts:edit")
@proven
def account_open(account_id: int) -> ResponseReturnValue:
    """Open a closed account again."""
    managing.set_active(g.viewer, account_id, active=True)
    return _done(account_id, "The account is open again.")


@bp.post("/<int:account_id>/factors/remove")
@requires("accounts:edit")
@proven
def account_factors_remove(account_id: int) -> ResponseReturnValue:
    """Help somebody who has lost every second factor."""
    managing.reset_factors(g.viewer, account_id)
    return _done(
        account_id, "The second factors are removed. The person sets new ones up at sign-in."
    )


@bp.post("/<int:account_id>/invite")
@requires("accounts:edit")
@proven
def account_invite(account_id: int) -> ResponseReturnValue:
    """Send the link to choose a password once more."""
    managing.invite_again(g.viewer, account_id, _link)
    return _done(account_id, f"There is a new link. {_letter_words()}")


@bp.post("/<int:account_id>/person")
@requires("accounts:edit")
@proven
def account_person(account_id: int) -> ResponseReturnValue:
    """Say which person an account belongs to."""
    form = PersonForm()
    if form.validate_on_submit():
        number = (form.employee_number.data or "").strip() or None
        try:
            managing.link_employee(g.viewer, account_id, number, seen=form.seen())
        except ConflictError as error:
            account = queries.account_page(account_id)
            held = account.employee_number or "nobody"
            form.collide(
                error, _changed_meanwhile(account, Both("Person", number or "nobody", held))
            )
            return _account_page(account, person_form=form), form.status
        flash("The account is linked." if number else "The account is linked to nobody.", "success")
    return redirect(url_for(".account_detail", account_id=account_id))


@bp.route("/groups", methods=["GET", "POST"])
@requires("accounts:edit")
@proven
def group_list() -> ResponseReturnValue:
    """Say which group of the provider gives which role."""
    form = GroupForm()
    if form.validate_on_submit():
        try:
            managing.map_group(g.viewer, form.group_name.data, RoleName(form.role.data))
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            flash("Members hold the role from their next sign-in on.", "success")
            return redirect(url_for(".group_list"))
    return render_template(
        "people/group_list.html",
        form=form,
        lines=queries.group_roles(),
        confirm=ConfirmForm(),
        role_labels=ROLE_LABELS,
        provider=current_app.config["OIDC_NAME"] if current_app.config["OIDC_ISSUER"] else None,
    )


@bp.post("/groups/<int:line_id>/remove")
@requires("accounts:edit")
@proven
def group_remove(line_id: int) -> ResponseReturnValue:
    """Let a group no longer give a role."""
    managing.unmap_group(g.viewer, line_id)
    flash("The group gives that role no longer.", "success")
    return redirect(url_for(".group_list"))

"""Keeping modules fresh: still right until a day, and who owns them."""

from flask import flash, g, redirect
from flask import url_for as url
from flask.typing import ResponseReturnValue

from core.clock import today
from core.errors import ConflictError, RefusedError
from core.web.access import requires
from core.web.forms import Both, Conflict
from core.words import day
from curricula.forms import OwnerForm, StillRightForm
from curricula.queries.modules import module_page
from curricula.services import modules as services
from curricula.views.modules import bp, owner_choices, refused, shown_module
from people.queries.auditing import last_change


@bp.post("/modules/<int:module_id>/still-right")
@requires("curricula:write")
def module_still_right(module_id: int) -> ResponseReturnValue:
    """Write down that the published version is still right, and until when."""
    form = StillRightForm()
    if not form.validate_on_submit():
        message = "Write at most 500 characters, and the day as 2027-03-31."
        return refused(module_id, RefusedError(message))
    note, until = (form.note.data or "").strip(), form.until.data
    try:
        until = services.find_still_right(
            module_id, note, account_id=g.viewer.account_id, until=until
        )
    except RefusedError as refusal:
        return refused(module_id, refusal)
    flash(f"Written down. It is to be looked at again by {day(until)}.", "success")
    return redirect(url(".module_page", module_id=module_id))


@bp.post("/modules/<int:module_id>/owner")
@requires("curricula:write")
def module_owner(module_id: int) -> ResponseReturnValue:
    """Say who keeps a module fresh."""
    form = OwnerForm()
    form.owner.choices = owner_choices()
    if not form.validate_on_submit():
        return refused(module_id, RefusedError("Choose an owner from the list."))
    owner_id, by = form.owner.data or None, g.viewer.account_id
    try:
        services.change_owner(module_id, owner_id, account_id=by, seen=form.seen())
    except ConflictError as error:
        page = module_page(module_id, None, today(), drafts=True)
        form.collide(error, _owned_meanwhile(form, module_id, page.owner))
        return shown_module(page, form)
    except RefusedError as refusal:
        return refused(module_id, refusal)
    flash("The owner is changed.", "success")
    return redirect(url(".module_page", module_id=module_id))


def _owned_meanwhile(form: OwnerForm, module_id: int, held: str | None) -> Conflict:
    sent = dict(owner_choices()).get(form.owner.data, "")
    who, at = last_change(["module.owner"], "module", module_id)
    return Conflict([Both("Owner", sent, held or "Nobody")], who, at)

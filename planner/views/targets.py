"""Targets: what share of soft training the organisation aims at, from when, who said so and why."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core.clock import today
from core.errors import ConflictError, RefusedError
from core.web.access import requires
from core.web.forms import Both, Conflict
from core.web.paths import id_argument
from core.words import day
from people.queries.units import all_units
from planner.forms import TargetForm
from planner.queries.targets import all_targets, last_target, latest_target
from planner.services.targets import TargetDraft, set_target

bp = Blueprint("targets", __name__, url_prefix="/targets")


@bp.route("", methods=["GET", "POST"])
@requires("targets:edit")
def target_list() -> ResponseReturnValue:
    """Show every target that was set, and set a new one."""
    asked = id_argument("unit")
    form = TargetForm(
        from_on=today().replace(month=1, day=1), unit_id=asked or 0, version=last_target()
    )
    form.offer_units([(unit.id, unit.path) for unit in all_units()])
    if form.validate_on_submit():
        try:
            target = set_target(form.draft(), account_id=g.viewer.account_id, seen=form.seen())
        except ConflictError as error:
            form.collide(error, _set_meanwhile(form.draft()))
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            flash(f"The target of {target.percent}\u202f% is set.", "success")
            return redirect(url_for("planner.balance_page"))
    page = render_template("planner/target_list.html", form=form, targets=all_targets())
    return page, form.status


def _set_meanwhile(draft: TargetDraft) -> Conflict:
    held = latest_target(draft.unit_id, draft.level, draft.definition)
    return Conflict(
        [
            Both("Soft share", f"{draft.percent}\u202f%", f"{held.percent}\u202f%"),
            Both("From which day", day(draft.from_on), day(held.from_on)),
            Both("Why", draft.why or "", held.why),
        ],
        held.who,
        held.recorded_at,
    )

"""Targets: what share of soft training the organisation aims at, from when, who said so and why."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core.clock import today
from core.errors import RefusedError
from core.web.access import requires
from core.web.paths import id_argument
from people.queries.units import all_units
from planner.forms import TargetForm
from planner.queries.targets import all_targets
from planner.services.targets import set_target

bp = Blueprint("targets", __name__, url_prefix="/targets")


@bp.route("", methods=["GET", "POST"])
@requires("targets:edit")
def target_list() -> ResponseReturnValue:
    """Show every target that was set, and set a new one."""
    asked = id_argument("unit")
    form = TargetForm(from_on=today().replace(month=1, day=1), unit_id=asked or 0)
    form.offer_units([(unit.id, unit.path) for unit in all_units()])
    if form.validate_on_submit():
        try:
            target = set_target(form.draft(), account_id=g.viewer.account_id)
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            flash(f"The target of {target.percent}\u202f% is set.", "success")
            return redirect(url_for("planner.balance_page"))
    return render_template("planner/target_list.html", form=form, targets=all_targets())

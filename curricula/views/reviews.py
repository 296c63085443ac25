"""What is past its review date: listed with its owner, and how long it still counts."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core.clock import today
from core.errors import ConflictError, RefusedError
from core.web.access import requires
from core.web.forms import Both, Conflict
from core.words import plural
from curricula.forms import GraceForm
from curricula.queries.grace import grace_days, grace_version, past_review
from curricula.rules.freshness import GRACE_SETTING
from curricula.services.grace import set_grace_days
from curricula.views.learning import bp
from people.queries.auditing import last_change


@bp.route("/modules/past-review", methods=["GET", "POST"])
@requires("curricula:write")
def past_review_list() -> ResponseReturnValue:
    """Show the modules past their review date, one's own first, and set the grace."""
    form = GraceForm(days=grace_days(), version=grace_version())
    if form.validate_on_submit():
        try:
            set_grace_days(form.days.data, seen=form.seen())
        except ConflictError as error:
            form.collide(error, _set_meanwhile(form.days.data))
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            flash("Saved.", "success")
            return redirect(url_for(".past_review_list"))
    found = past_review(today(), g.viewer.account_id)
    return render_template("curricula/past_review.html", modules=found, form=form), form.status


def _set_meanwhile(days: int) -> Conflict:
    sent, held = (plural(one, "day", "days") for one in (days, grace_days()))
    who, at = last_change(["setting.change"], "setting", None, GRACE_SETTING)
    return Conflict([Both("Days of grace", sent, held)], who, at)

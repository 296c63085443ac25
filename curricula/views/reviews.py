"""What is past its review date: listed with its owner, and how long it still counts."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core.clock import today
from core.errors import RefusedError
from core.web.access import requires
from curricula.forms import GraceForm
from curricula.queries.grace import grace_days, past_review
from curricula.services.grace import set_grace_days
from curricula.views.learning import bp


@bp.route("/modules/past-review", methods=["GET", "POST"])
@requires("curricula:write")
def past_review_list() -> ResponseReturnValue:
    """Show the modules past their review date, one's own first, and set the grace."""
    form = GraceForm(days=grace_days())
    if form.validate_on_submit():
        try:
            set_grace_days(form.days.data)
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            flash("Saved.", "success")
            return redirect(url_for(".past_review_list"))
    found = past_review(today(), g.viewer.account_id)
    return render_template("curricula/past_review.html", modules=found, form=form)

"""Asking about a whole team in one step: choose, look at what it comes to, ask."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from aptitude.forms.rounds import ASKED_LABELS, RoundForm
from aptitude.queries.asked_rounds import rounds_of
from aptitude.queries.rounds import Preview, previewed, units_to_ask
from aptitude.rules.rounds import ASKED
from aptitude.services.rounds import ask_round
from aptitude.views.own import WORDS, bp, with_framework
from core.clock import today
from core.errors import RefusedError
from core.web.access import requires
from core.words import plural


@bp.route("/team-aptitude/round", methods=["GET", "POST"])
@requires("aptitude:ask")
@with_framework
def round_ask() -> ResponseReturnValue:
    """Propose from the tree who is asked about whom in a unit, and ask them at once."""
    form = RoundForm.offered(units_to_ask(g.viewer, today()))
    found = None
    if form.validate_on_submit():
        try:
            if request.form.get("step") == "ask":
                asked = ask_round(form.draft(), g.viewer, promised=form.shown)
                flash(f"Made {plural(asked, 'request', 'requests')}. Each rater is told once.",
                      "success")  # fmt: skip
                return redirect(url_for(".round_list"))
            found = previewed(form.draft(), g.viewer, today())
        except RefusedError as refusal:
            form.refuse(refusal)
    return _page(form, found)


def _page(form: RoundForm, found: Preview | None) -> str:
    form.promised.data = str(len(found.new)) if found else ""
    return render_template(
        "aptitude/round_ask.html",
        form=form,
        found=found,
        asked=ASKED,
        asked_labels=ASKED_LABELS,
        **WORDS,
    )


@bp.get("/team-aptitude/rounds")
@requires("aptitude:ask")
@with_framework
def round_list() -> ResponseReturnValue:
    """Show how the rounds stand: asked and answered as counts, nobody by name."""
    return render_template(
        "aptitude/round_list.html", rounds=rounds_of(g.viewer, today()), today=today(), **WORDS
    )

"""Asking about a whole team in one step, how that stands, and taking it back."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from aptitude.forms.rounds import ASKED_LABELS, RoundForm, TakeBackForm
from aptitude.queries.asked_rounds import find_round_to_take_back, rounds_of
from aptitude.queries.rounds import Preview, previewed, units_to_ask
from aptitude.rules.rounds import ASKED
from aptitude.services.round_ends import take_back_round
from aptitude.services.rounds import ask_round
from aptitude.views.own import WORDS, bp, day_of, with_framework
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


@bp.route("/team-aptitude/rounds/take-back", methods=["GET", "POST"])
@requires("aptitude:edit")
@with_framework
def round_take_back() -> ResponseReturnValue:
    """Say what taking a round back comes to, and take it back once HR has read that."""
    day = day_of(request.values.get("until", ""))
    found = find_round_to_take_back(g.viewer, day, today()) if day else None
    if found is None:
        flash("Nothing of this round is left to take back. Choose one of these.", "bad")
        return redirect(url_for(".round_list"))
    form = TakeBackForm.about(found.due_on, found.left)
    if form.validate_on_submit():
        try:
            taken = take_back_round(found.due_on, g.viewer, promised=form.shown)
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            told = plural(taken, "request", "requests")
            flash(f"Taken back: {told}. Whoever is asked no more is told.", "success")
            return redirect(url_for(".round_list"))
    form.promised.data = str(found.left)
    return render_template(
        "aptitude/round_take_back.html", round=found, form=form, today=today(), **WORDS
    )

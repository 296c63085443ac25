"""Scenario tests: my own ones, and rating as an expert what others will be tested by."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from aptitude.forms.buttons import ConfirmForm
from aptitude.forms.sittings import BeginForm, OptionsForm
from aptitude.queries.own_panels import own_panel, own_panels
from aptitude.queries.requests import test_asked
from aptitude.queries.scenarios import count_in_use
from aptitude.queries.sittings import OpenTest, newest_channel, own_test, own_tests
from aptitude.queries.told import DoneTest
from aptitude.rules.asking import due_words
from aptitude.rules.closeness import UNTOLD, overall_words, percent
from aptitude.rules.sittings import SIZE
from aptitude.rules.words import NOT_FOR
from aptitude.services import panels, sittings
from aptitude.views.own import bp, who_sees
from core.clock import today
from core.errors import NotFoundError, RefusedError
from core.web.access import requires
from curricula.rules.words import CHANNEL_LABELS
from people.rules.levels import LEVEL_LABELS

CHANNELS = {one.value: label for one, label in CHANNEL_LABELS.items()}


@bp.get("/aptitude/scenarios")
@requires("aptitude:rate")
def scenario_list() -> ResponseReturnValue:
    """Show my scenario tests, and what I am asked to rate as an expert."""
    is_person = "aptitude:own" in g.permissions
    tests = own_tests(g.viewer) if is_person else []
    chosen = newest_channel(g.viewer) if is_person else None
    return render_template(
        "aptitude/scenario_list.html",
        not_for=NOT_FOR,
        who_sees=who_sees,
        asked=test_asked(g.viewer),
        due_words=due_words,
        today=today(),
        open=next((one for one in tests if one.submitted_at is None), None),
        done=[one for one in tests if one.submitted_at is not None],
        panels=own_panels(g.viewer),
        in_use=count_in_use(),
        size=SIZE,
        form=BeginForm(channel=chosen or "") if is_person else None,
        percent=percent,
        untold=UNTOLD,
    )


@bp.post("/aptitude/scenarios/begin")
@requires("aptitude:own")
def sitting_begin() -> ResponseReturnValue:
    """Draw a test for me, or go on with the one that is open."""
    form = BeginForm()
    channel = form.channel.data if form.channel.data in CHANNELS else None
    try:
        sitting_id = sittings.begin_sitting(channel, g.viewer)
    except RefusedError as refusal:
        flash(f"Not begun. {refusal.message}", "bad")
        return redirect(url_for(".scenario_list"))
    return _next_of(sitting_id)


def _next_of(sitting_id: int) -> ResponseReturnValue:
    """Lead to the next situation that is not done, or to the end."""
    test = own_test(sitting_id, g.viewer)
    place = test.next_place if isinstance(test, OpenTest) else None
    if place is None:
        return redirect(url_for(".sitting_page", sitting_id=sitting_id))
    return redirect(url_for(".sitting_item", sitting_id=sitting_id, place=place))


@bp.get("/aptitude/scenarios/<int:sitting_id>")
@requires("aptitude:own")
def sitting_page(sitting_id: int) -> ResponseReturnValue:
    """Show a test of mine before it is handed in, or what came of it."""
    test = own_test(sitting_id, g.viewer)
    if isinstance(test, DoneTest):
        return render_template(
            "aptitude/sitting_told.html",
            test=test,
            channels=CHANNELS,
            levels=LEVEL_LABELS,
            overall_words=overall_words,
            percent=percent,
            untold=UNTOLD,
        )
    return render_template("aptitude/sitting_open.html", test=test, form=ConfirmForm())


@bp.route("/aptitude/scenarios/<int:sitting_id>/<int:place>", methods=["GET", "POST"])
@requires("aptitude:own")
def sitting_item(sitting_id: int, place: int) -> ResponseReturnValue:
    """Let me rate what one could do in one situation of my test; it is kept at once."""
    test = own_test(sitting_id, g.viewer)
    if isinstance(test, DoneTest):
        return redirect(url_for(".sitting_page", sitting_id=sitting_id))
    if not 1 <= place <= len(test.asked):
        raise NotFoundError("There is no such situation.")
    asked = test.asked[place - 1]
    form = OptionsForm.asking(asked.options, asked.ratings)
    if form.validate_on_submit():
        try:
            is_done = sittings.save_answer(sitting_id, place, form.ratings(), g.viewer)
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            if request.form.get("leave"):
                flash("Kept. Go on whenever you like, on any device.", "success")
                return redirect(url_for(".scenario_list"))
            if is_done:
                return _next_of(sitting_id)
            form.ask_for_the_rest()
    return render_template(
        "aptitude/sitting_item.html",
        test=test,
        asked=asked,
        form=form,
        channels=CHANNELS,
    )


@bp.post("/aptitude/scenarios/<int:sitting_id>/hand-in")
@requires("aptitude:own")
def sitting_hand_in(sitting_id: int) -> ResponseReturnValue:
    """Hand a test of mine in, once."""
    try:
        sittings.hand_in(sitting_id, g.viewer)
    except RefusedError as refusal:
        flash(f"Not handed in. {refusal.message}", "bad")
    return redirect(url_for(".sitting_page", sitting_id=sitting_id))


@bp.get("/aptitude/panels/<int:panel_id>")
@requires("aptitude:rate")
def panel_judge_list(panel_id: int) -> ResponseReturnValue:
    """Show what I am asked to rate as an expert."""
    return render_template("aptitude/panel_judge_list.html", panel=own_panel(panel_id, g.viewer))


@bp.route("/aptitude/panels/<int:panel_id>/<int:scenario_id>", methods=["GET", "POST"])
@requires("aptitude:rate")
def panel_judge(panel_id: int, scenario_id: int) -> ResponseReturnValue:
    """Let me rate the answers of one scenario as an expert, without seeing the key."""
    panel = own_panel(panel_id, g.viewer)
    place = next((at for at, one in enumerate(panel.items, 1) if one.id == scenario_id), None)
    if place is None:
        raise NotFoundError("There is no such scenario in this panel.")
    asked = panel.items[place - 1]
    form = OptionsForm.asking(asked.options, asked.ratings)
    if form.validate_on_submit():
        try:
            is_done = panels.rate_options(panel_id, scenario_id, form.ratings(), g.viewer)
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            if is_done:
                return _next_of_panel(panel_id)
            form.ask_for_the_rest()
    return render_template(
        "aptitude/panel_judge.html",
        panel=panel,
        asked=asked,
        place=place,
        form=form,
        channels=CHANNELS,
    )


def _next_of_panel(panel_id: int) -> ResponseReturnValue:
    panel = own_panel(panel_id, g.viewer)
    if panel.next_id is None:
        flash("Kept. You have rated everything; until the panel is closed you can change it.",
              "success")  # fmt: skip
        return redirect(url_for(".panel_judge_list", panel_id=panel_id))
    return redirect(url_for(".panel_judge", panel_id=panel_id, scenario_id=panel.next_id))

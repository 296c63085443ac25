"""Panels of experts, for those who look after scenarios: ask, close, read, publish the keys."""

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from aptitude.exports.scenarios import panel_table
from aptitude.forms.buttons import ReadSeenForm
from aptitude.forms.scenarios import PanelForm
from aptitude.queries.panels import PanelPage, panel_lines, panel_page
from aptitude.queries.scenarios import Chosen, scenario_lines
from aptitude.rules.panels import agreement_words
from aptitude.rules.situations import MOST_SPREAD
from aptitude.rules.words import ScenarioState
from aptitude.services import panels
from aptitude.services.panels import PanelDraft
from aptitude.views.own import bp
from aptitude.views.scenarios import WORDS
from core.errors import ConflictError, RefusedError
from core.export.sheets import csv_bytes
from core.web.access import requires
from core.web.downloads import download
from core.web.forms import Both, Conflict

LOOK_AGAIN = "Nothing was done. Read the panel as it is now; press the button again if it holds."


@bp.get("/scenarios/panels")
@requires("scenarios:panels")
def panel_list() -> ResponseReturnValue:
    """List the panels of experts."""
    return render_template("aptitude/panel_list.html", panels=panel_lines())


@bp.route("/scenarios/panels/new", methods=["GET", "POST"])
@requires("scenarios:panels")
def panel_new() -> ResponseReturnValue:
    """Ask experts to rate scenarios."""
    wanted = request.args.get("scenario", type=int)
    form = PanelForm(scenarios=[wanted] if wanted else [])
    if form.validate_on_submit():
        draft = PanelDraft(
            form.title.data, form.due_on.data, tuple(form.scenarios.data or ()), form.lines()
        )
        try:
            panel_id = panels.open_panel(draft, g.viewer)
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            flash("Asked. It stands under “Panels I rate for” of each expert.", "success")
            return redirect(url_for(".panel_detail", panel_id=panel_id))
    lines = [one for one in scenario_lines(Chosen()) if one.state is not ScenarioState.RETIRED]
    return render_template("aptitude/panel_new.html", form=form, lines=lines, **WORDS)


@bp.get("/scenarios/panels/<int:panel_id>")
@requires("scenarios:panels")
def panel_detail(panel_id: int) -> ResponseReturnValue:
    """Show a panel: who is done and, once it is closed, what the experts say together."""
    return _panel(panel_page(panel_id))


def _panel(page: PanelPage, form: ReadSeenForm | None = None) -> str:
    return render_template(
        "aptitude/panel_detail.html",
        page=page,
        words=agreement_words(page.whole.icc) if page.whole else "",
        most_spread=MOST_SPREAD,
        form=form or ReadSeenForm(version=str(page.version), saw=page.words),
        **WORDS,
    )


@bp.get("/scenarios/panels/<int:panel_id>.csv")
@requires("scenarios:panels")
def panel_csv(panel_id: int) -> Response:
    """Hand out what a panel says of each answer."""
    page = panel_page(panel_id)
    return download(csv_bytes(panel_table(page)), f"{page.line.title}.csv")


@bp.post("/scenarios/panels/<int:panel_id>/close")
@requires("scenarios:panels")
def panel_close(panel_id: int) -> ResponseReturnValue:
    """Let nobody rate any more, as far as the panel is still what was seen."""
    form = ReadSeenForm()
    try:
        panels.close_panel(panel_id, seen=form.seen())
    except ConflictError as error:
        return _changed_meanwhile(panel_id, form, error)
    flash("Closed. What the experts say together stands here now.", "success")
    return redirect(url_for(".panel_detail", panel_id=panel_id))


@bp.post("/scenarios/panels/<int:panel_id>/publish")
@requires("scenarios:panels")
def panel_publish(panel_id: int) -> ResponseReturnValue:
    """Make what the panel agreed on the new version of each key."""
    form = ReadSeenForm()
    try:
        done = panels.publish_keys(panel_id, g.viewer, seen=form.seen())
    except ConflictError as error:
        return _changed_meanwhile(panel_id, form, error)
    except RefusedError as refusal:
        flash(f"Not published. {refusal.message}", "bad")
    else:
        flash(
            f"Published. {done.keyed} with a new key, {done.to_reword} to reword, {done.left} left "
            "as they are. Tests handed in before keep their scores.",
            "success",
        )
    return redirect(url_for(".panel_detail", panel_id=panel_id))


def _changed_meanwhile(
    panel_id: int, form: ReadSeenForm, error: ConflictError
) -> ResponseReturnValue:
    page = panel_page(panel_id)
    both = [Both("The panel", form.saw.data or "", page.words)]
    form.collide(error, Conflict(both, remedy=LOOK_AGAIN))
    form.saw.data = page.words
    return _panel(page, form), form.status

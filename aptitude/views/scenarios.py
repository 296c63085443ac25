"""The scenarios for those who look after them: reading, rewording, retiring, calibrating."""

from collections.abc import Callable

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from aptitude.exports.scenarios import panel_table, scenario_table
from aptitude.forms.buttons import ConfirmForm, SeenForm
from aptitude.forms.scenarios import PanelForm, ScenarioForm
from aptitude.imports import read_aptitude_library
from aptitude.queries.panels import judged_by, panel_behind, panel_lines, panel_page
from aptitude.queries.scenarios import (
    Chosen,
    ScenarioPage,
    get_scenario,
    scenario_lines,
    scenario_pages,
)
from aptitude.rules.panels import agreement_words
from aptitude.rules.situations import MOST_SPREAD
from aptitude.rules.starter import AREA_LABELS, Area
from aptitude.rules.words import KEY_SOURCE_LABELS, SCENARIO_STATE_LABELS, ScenarioState
from aptitude.services import panels
from aptitude.services import scenarios as services
from aptitude.services.panels import PanelDraft
from aptitude.services.scenario_library import load_scenarios
from aptitude.views.own import bp
from aptitude.views.sittings import CHANNELS
from core.clock import today
from core.errors import ConflictError, RefusedError
from core.export.sheets import csv_bytes
from core.web.access import requires
from core.web.downloads import download
from core.web.forms import Both, Conflict
from curricula.rules.words import DIMENSION_LABELS, LEVELS_BOTTOM_UP
from people.queries.auditing import last_change
from people.rules.levels import LEVEL_LABELS, Level

WORDS = {
    "areas": AREA_LABELS,
    "channels": CHANNELS,
    "dimension_names": DIMENSION_LABELS,
    "key_sources": KEY_SOURCE_LABELS,
    "levels": LEVEL_LABELS,
    "ladder": LEVELS_BOTTOM_UP,
    "states": SCENARIO_STATE_LABELS,
}

KEPT = (
    "Kept as a draft. Read it as somebody will be asked it. Let a panel of experts rate it, or use "
    "it with your own key."
)


def _chosen() -> Chosen:
    """Return what the address asks for; what it does not know counts as "all"."""
    area, level = request.args.get("area"), request.args.get("level")
    channel, state = request.args.get("channel"), request.args.get("state")
    return Chosen(
        area=next((one for one in Area if one.value == area), None),
        level=next((one for one in Level if one.value == level), None),
        channel=channel if channel in CHANNELS else None,
        state=next((one for one in ScenarioState if one.value == state), None),
    )


@bp.get("/scenarios")
@requires("scenarios:read")
def scenario_items() -> ResponseReturnValue:
    """List the scenarios."""
    chosen = _chosen()
    return render_template(
        "aptitude/scenario_items.html",
        lines=scenario_lines(chosen),
        chosen=chosen,
        form=ConfirmForm(),
        **WORDS,
    )


@bp.get("/scenarios.csv")
@requires("scenarios:read")
def scenario_csv() -> Response:
    """Hand out the scenarios with their keys and reasons."""
    ids = [one.id for one in scenario_lines(_chosen())]
    table = scenario_table(scenario_pages(ids), judged_by(g.viewer))
    return download(csv_bytes(table), f"Scenarios {today()}.csv")


@bp.post("/scenarios/load")
@requires("scenarios:write")
def scenario_load() -> ResponseReturnValue:
    """Load the scenarios that ship; what the organisation changed stays."""
    found = load_scenarios(read_aptitude_library().items, account_id=g.viewer.account_id)
    parts = (
        (len(found.added), "new"),
        (len(found.renewed), "renewed"),
        (len(found.same), "as they are"),
        (len(found.kept), "kept as you changed them"),
    )
    told = ", ".join(f"{count} {word}" for count, word in parts if count)
    flash(f"The library is loaded: {told}.", "success")
    return redirect(url_for(".scenario_items"))


@bp.get("/scenarios/<int:scenario_id>")
@requires("scenarios:read")
def scenario_page(scenario_id: int) -> ResponseReturnValue:
    """Show a scenario with its key, unless I rate it as an expert at the moment."""
    page = get_scenario(scenario_id)
    return render_template(
        "aptitude/scenario_page.html",
        page=page,
        is_expert=scenario_id in judged_by(g.viewer),
        agreed=panel_behind(page.key.panel_id) if page.key else None,
        words=agreement_words,
        most_spread=MOST_SPREAD,
        form=SeenForm(version=str(page.revision)),
        **WORDS,
    )


@bp.route("/scenarios/new", methods=["GET", "POST"])
@requires("scenarios:write")
def scenario_new() -> ResponseReturnValue:
    """Write a scenario of our own, as a draft."""
    form = ScenarioForm.of(None)
    if form.validate_on_submit():
        try:
            made = services.write_scenario(form.draft(), account_id=g.viewer.account_id)
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            flash(KEPT, "success")
            return redirect(url_for(".scenario_page", scenario_id=made))
    return render_template("aptitude/scenario_edit.html", page=None, form=form, **WORDS)


@bp.route("/scenarios/<int:scenario_id>/edit", methods=["GET", "POST"])
@requires("scenarios:write")
def scenario_edit(scenario_id: int) -> ResponseReturnValue:
    """Write a new wording of a scenario, as a draft beside it."""
    page = get_scenario(scenario_id)
    if scenario_id in judged_by(g.viewer):
        flash("Not open. You rate this scenario as an expert; its key is not for you yet.", "bad")
        return redirect(url_for(".scenario_page", scenario_id=scenario_id))
    form = ScenarioForm.of(page)
    if form.validate_on_submit():
        try:
            draft, account_id = form.draft(), g.viewer.account_id
            changed = services.change_scenario(
                scenario_id, draft, account_id=account_id, seen=form.seen()
            )
        except ConflictError as error:
            form.collide(error, _changed_meanwhile(form, page))
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            flash(KEPT, "success")
            return redirect(url_for(".scenario_page", scenario_id=changed))
    template = render_template("aptitude/scenario_edit.html", page=page, form=form, **WORDS)
    return template, form.status


def _changed_meanwhile(form: ScenarioForm, page: ScenarioPage) -> Conflict:
    held = get_scenario(page.replaced_by[0]) if page.replaced_by else page
    who, at = last_change(["aptitude.scenario"], "scenario", held.id)
    pairs = [("Title", form.title.data, held.title)]
    pairs.append(("Situation", form.situation.data, held.situation))
    for place, option in enumerate(held.options, start=1):
        pairs.append((f"Answer {option.letter}", form[f"text-{place}"].data, option.text))
        pairs.append((f"Reason {option.letter}", form[f"reason-{place}"].data, option.reason))
    found = [Both(label, mine or "", theirs) for label, mine, theirs in pairs if mine != theirs]
    return Conflict(found, who, at)


def _turn(scenario_id: int, act: Callable[[], ScenarioPage], done: str) -> ResponseReturnValue:
    try:
        page = act()
    except RefusedError as refusal:
        flash(f"Not done. {refusal.message}", "bad")
    else:
        flash(f"{page.code} {done}", "success")
    return redirect(url_for(".scenario_page", scenario_id=scenario_id))


@bp.post("/scenarios/<int:scenario_id>/use")
@requires("scenarios:write")
def scenario_use(scenario_id: int) -> ResponseReturnValue:
    """Put a draft to use in place of the wording before it, or bring a retired one back."""
    is_draft = get_scenario(scenario_id).state is ScenarioState.DRAFT
    act = services.publish_scenario if is_draft else services.bring_back

    def use() -> ScenarioPage:
        return act(scenario_id, account_id=g.viewer.account_id, seen=SeenForm().seen())

    return _turn(scenario_id, use, "is in use now.")


@bp.post("/scenarios/<int:scenario_id>/retire")
@requires("scenarios:write")
def scenario_retire(scenario_id: int) -> ResponseReturnValue:
    """Draw a scenario no more."""

    def retire() -> ScenarioPage:
        account_id, seen = g.viewer.account_id, SeenForm().seen()
        return services.retire_scenario(scenario_id, account_id=account_id, seen=seen)

    return _turn(scenario_id, retire, "is drawn no more. What was answered stays.")


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
    page = panel_page(panel_id)
    return render_template(
        "aptitude/panel_detail.html",
        page=page,
        words=agreement_words(page.whole.icc) if page.whole else "",
        most_spread=MOST_SPREAD,
        form=ConfirmForm(),
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
    """Let nobody rate any more."""
    panels.close_panel(panel_id)
    flash("Closed. What the experts say together stands here now.", "success")
    return redirect(url_for(".panel_detail", panel_id=panel_id))


@bp.post("/scenarios/panels/<int:panel_id>/publish")
@requires("scenarios:panels")
def panel_publish(panel_id: int) -> ResponseReturnValue:
    """Make what the panel agreed on the new version of each key."""
    try:
        done = panels.publish_keys(panel_id, g.viewer)
    except RefusedError as refusal:
        flash(f"Not published. {refusal.message}", "bad")
    else:
        flash(
            f"Published. {done.keyed} with a new key, {done.to_reword} to reword, {done.left} left "
            "as they are. Tests handed in before keep their scores.",
            "success",
        )
    return redirect(url_for(".panel_detail", panel_id=panel_id))

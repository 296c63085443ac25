"""My team, and what the company owes its people."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from aptitude.forms.duties import DutyForm, ObservedForm
from aptitude.queries.duty_pages import duty_page
from aptitude.queries.frameworks import get_framework
from aptitude.queries.module_days import module_days
from aptitude.queries.requests import ratings_of_others
from aptitude.queries.team import Evidence, team_page
from aptitude.queries.team_duties import count_of_hr, duties_of_hr
from aptitude.rules.duties import day_hint
from aptitude.rules.mirror import SMALLEST_GROUP
from aptitude.rules.mirror_words import team_renewing_words
from aptitude.rules.words import DUTY_END_LABELS, DUTY_STEP_LABELS, DutyStep
from aptitude.services.duties import note_observed, plan_duty
from aptitude.services.standings import renew_one
from aptitude.views.own import WORDS, bp, with_framework
from core.clock import today
from core.errors import ConflictError, RefusedError
from core.web.access import requires
from core.web.forms import Both, Conflict
from core.words import day
from people.services.auditing import note_look


@bp.get("/team-aptitude")
@requires("aptitude:team")
@with_framework
def my_team() -> ResponseReturnValue:
    """Show of whom too little is known and what I owe my people; the look is on record."""
    framework = get_framework()
    page = team_page(g.viewer, framework, today())
    note_look(g.viewer, [one.employee_id for one in page.members], "team aptitude")
    return render_template(
        "aptitude/my_team.html",
        page=page,
        names=framework.names,
        states=Evidence,
        renewing=team_renewing_words(page.behind),
        smallest=SMALLEST_GROUP,
        asked=ratings_of_others(g.viewer),
        **WORDS,
    )


@bp.get("/aptitude/duties")
@requires("aptitude:edit")
@with_framework
def duty_list() -> ResponseReturnValue:
    """Show what HR owes those whom nobody leads; the look is on record."""
    duties = duties_of_hr(g.viewer, today())
    note_look(g.viewer, [one.subject_id for one in duties], "duties HR owes")
    return render_template(
        "aptitude/duty_list.html",
        duties=duties,
        many=count_of_hr(g.viewer, today()),
        names=get_framework().names,
        **WORDS,
    )


@bp.route("/team-aptitude/duties/<int:duty_id>", methods=["GET", "POST"])
@requires("aptitude:people")
@with_framework
def duty_edit(duty_id: int) -> ResponseReturnValue:
    """Show a duty, and let whoever looks after it say by when and with whom it is met."""
    page = duty_page(duty_id, g.viewer, today())
    form = DutyForm(due_on=page.due_on, coach=page.coach_words, version=str(page.last_event))
    if form.validate_on_submit():
        try:
            plan_duty(duty_id, form.draft(), g.viewer, seen=form.seen())
        except ConflictError as error:
            sent = form.draft()
            both = [
                Both("By", day(sent.due_on) if sent.due_on else "", day(page.due_on)),
                Both("Coach", sent.coach, page.coach_words),
            ]
            form.collide(error, Conflict(both))
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            flash("Kept. The person sees it on their page.", "success")
            return redirect(url_for(".duty_edit", duty_id=duty_id))
    return _duty(duty_id, form, ObservedForm(formdata=None)), form.status


@bp.post("/team-aptitude/duties/<int:duty_id>/observed")
@requires("aptitude:people")
@with_framework
def duty_observed(duty_id: int) -> ResponseReturnValue:
    """Write down what was seen at work; with all modules done the duty is met."""
    form = ObservedForm()
    try:
        note = form.note.data or ""
        renew_one(note_observed(duty_id, note, g.viewer, is_done=form.answer()))
    except RefusedError as refusal:
        form.refuse(refusal)
        page = duty_page(duty_id, g.viewer, today())
        plan = DutyForm(
            formdata=None,
            due_on=page.due_on,
            coach=page.coach_words,
            version=str(page.last_event),
        )
        return _duty(duty_id, plan, form)
    flash(f"Kept. {_what_is_left(duty_id)}", "success")
    return redirect(url_for(".duty_edit", duty_id=duty_id))


def _what_is_left(duty_id: int) -> str:
    page = duty_page(duty_id, g.viewer, today())
    if page.closed_on is not None:
        return "The duty is met."
    if page.steps and page.steps[-1].step is DutyStep.NOT_YET:
        return "The duty stays open."
    return "It counts when it is seen again after the last module is done."


def _duty(duty_id: int, form: DutyForm, observed: ObservedForm) -> str:
    page = duty_page(duty_id, g.viewer, today())
    note_look(g.viewer, [page.subject_id], "duty")
    return render_template(
        "aptitude/duty.html",
        page=page,
        days=module_days(page.subject_id, page.to_do, g.viewer, today()),
        dimension=get_framework().names.get(page.dimension_code, page.dimension_code),
        late=page.days_late(today()),
        day_hint=day_hint(page.opened_on, page.due_on, today()),
        form=form,
        observed=observed,
        endings=DUTY_END_LABELS,
        steps=DUTY_STEP_LABELS,
        **WORDS,
    )

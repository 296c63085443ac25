"""The aptitude of somebody, for their manager and for HR, and asking others about them."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from aptitude.forms.buttons import ConfirmForm
from aptitude.forms.people import AskForm
from aptitude.queries.asking import (
    asked_about,
    may_ask_about,
    suggested_for,
)
from aptitude.queries.profiles import aptitude_page
from aptitude.queries.requests import ratings_of_others
from aptitude.rules.words import OUTCOME_LABELS, SOURCE_LABELS_OF_OTHERS
from aptitude.services import asking
from aptitude.views.own import WORDS, bp, leading_of, sheet_of, steps_of, with_framework
from core.clock import today
from core.errors import NotFoundError, RefusedError
from core.web.access import requires
from people.queries.finding import the_one_called
from people.services.auditing import note_look


@bp.get("/team-aptitude/people/<int:employee_id>")
@requires("aptitude:people")
@with_framework
def person_aptitude(employee_id: int) -> ResponseReturnValue:
    """Show where somebody stands, to those who may see it; the look is on record."""
    if employee_id == g.viewer.employee_id:
        return redirect(url_for(".my_aptitude"))
    page = aptitude_page(employee_id, g.viewer, today())
    note_look(g.viewer, [employee_id], "aptitude")
    return render_template(
        "aptitude/person_aptitude.html",
        page=page,
        steps=steps_of(page),
        asked_id=ratings_of_others(g.viewer).get(employee_id),
        leading=leading_of(employee_id),
        may_ask=may_ask_about(g.viewer, employee_id, today()),
        outcomes=OUTCOME_LABELS,
        **{**WORDS, "sources": SOURCE_LABELS_OF_OTHERS},
    )


@bp.get("/team-aptitude/people/<int:employee_id>/sheet.pdf")
@requires("aptitude:people")
@with_framework
def person_sheet(employee_id: int) -> ResponseReturnValue:
    """Hand out the sheet of somebody; the look is on record."""
    answer = sheet_of(employee_id)
    note_look(g.viewer, [employee_id], "aptitude sheet")
    return answer


@bp.route("/team-aptitude/people/<int:employee_id>/ask", methods=["GET", "POST"])
@requires("aptitude:ask")
@with_framework
def person_ask(employee_id: int) -> ResponseReturnValue:
    """Ask people where somebody stands."""
    if not may_ask_about(g.viewer, employee_id, today()):
        raise NotFoundError("There is no such person.")
    page = aptitude_page(employee_id, g.viewer, today())
    suggested = suggested_for(employee_id, today())
    form = AskForm.offered()
    if form.validate_on_submit():
        try:
            new = asking.ask(
                form.drafts(employee_id, suggested, _observer(form, employee_id)), g.viewer
            )
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            flash(f"Asked {new}. They are told." if new else "They are asked already.", "success")
            return redirect(url_for(".person_ask", employee_id=employee_id))
    return render_template(
        "aptitude/person_ask.html",
        page=page,
        suggested=suggested,
        asked=asked_about(employee_id, today()),
        form=form,
        confirm=ConfirmForm(),
        **WORDS,
    )


def _observer(form: AskForm, subject_id: int) -> int | None:
    text = form.observer.data or ""
    if not text.strip():
        return None
    return the_one_called(text, "observer", today(), besides=subject_id)


@bp.post("/team-aptitude/requests/<int:request_id>/withdraw")
@requires("aptitude:ask")
def request_withdraw(request_id: int) -> ResponseReturnValue:
    """Take a request back."""
    try:
        employee_id = asking.withdraw(request_id, g.viewer)
    except RefusedError as refusal:
        flash(f"Not taken back. {refusal.message}", "bad")
        return redirect(url_for(".asked_list"))
    flash("Taken back.", "success")
    return redirect(url_for(".person_ask", employee_id=employee_id))

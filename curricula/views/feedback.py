"""Feedback: the page behind the link in a letter, and what came of asking."""

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from core.errors import RefusedError
from core.web.access import PUBLIC, requires
from curricula.forms import FeedbackForm
from curricula.queries.feedback import feedback_of
from curricula.rules.feedback import FEWEST
from curricula.services import feedback as services
from curricula.services.feedback import Asked
from curricula.views.learning import bp


@bp.get(f"{services.PATH}/<string:token>")
@requires(PUBLIC)
def feedback(token: str) -> ResponseReturnValue:
    """Ask whoever follows the link in a letter."""
    try:
        asked = services.asked_by(token)
    except RefusedError as refusal:
        return _said(str(refusal))
    return _page(asked, FeedbackForm.for_question(asked.question))


@bp.post(f"{services.PATH}/<string:token>")
@requires(PUBLIC)
def feedback_give(token: str) -> ResponseReturnValue:
    """Keep the answer."""
    try:
        asked = services.asked_by(token)
    except RefusedError as refusal:
        return _said(str(refusal))
    form = FeedbackForm.for_question(asked.question)
    if not form.validate_on_submit():
        return _page(asked, form)
    try:
        services.give_feedback(token, form.answer())
    except RefusedError as refusal:
        form.refuse(refusal)
        return _page(asked, form)
    return _said("Your answer is kept. It is shown together with those of others only.")


def _page(asked: Asked, form: FeedbackForm) -> ResponseReturnValue:
    page = render_template("curricula/feedback.html", asked=asked, form=form, said="")
    answer = Response(page)
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _said(sentence: str) -> ResponseReturnValue:
    return render_template("curricula/feedback.html", asked=None, form=None, said=sentence)


@bp.get("/modules/<int:module_id>/feedback")
@requires("curricula:drafts")
def module_feedback(module_id: int) -> ResponseReturnValue:
    """Show what people answered about a module, per version and with how many answered."""
    found = feedback_of(module_id)
    return render_template("curricula/module_feedback.html", found=found, fewest=FEWEST)

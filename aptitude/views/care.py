"""What people wrote about assessments of theirs, for HR to answer."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from aptitude.forms.people import AnswerForm
from aptitude.queries.comments import comments
from aptitude.rules.words import OUTCOME_LABELS, ContestOutcome
from aptitude.services import commenting
from aptitude.views.own import WORDS, bp
from core.clock import today
from core.errors import RefusedError
from core.web.access import requires
from people.services.auditing import note_look


@bp.get("/aptitude/contests")
@requires("aptitude:edit")
def contest_list() -> ResponseReturnValue:
    """Show what people wrote about assessments of theirs, and let HR answer."""
    return _contests(None, 0)


def _contests(form: AnswerForm | None, of: int) -> ResponseReturnValue:
    found = comments(g.viewer, today())
    note_look(g.viewer, [one.subject_id for one in found], "contests")
    return render_template(
        "aptitude/contest_list.html",
        waiting=[one for one in found if one.answer is None],
        answered=[one for one in found if one.answer is not None],
        form=form or AnswerForm(),
        of=of,
        outcomes=OUTCOME_LABELS,
        **WORDS,
    )


@bp.post("/aptitude/contests/<int:comment_id>")
@requires("aptitude:edit")
def contest_answer(comment_id: int) -> ResponseReturnValue:
    """Answer what somebody wrote, and say whether it is set aside."""
    form = AnswerForm()
    outcome = ContestOutcome(form.outcome.data) if form.outcome.data in form.words else None
    try:
        commenting.answer(comment_id, form.answer.data or "", outcome, g.viewer)
    except RefusedError as refusal:
        if refusal.field is None:
            flash(f"Not sent. {refusal.message}", "bad")
            return redirect(url_for(".contest_list"))
        form.refuse(refusal)
        return _contests(form, comment_id)
    flash("Answered. They are told.", "success")
    return redirect(url_for(".contest_list"))

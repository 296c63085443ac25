"""What HR looks after: what people contest, and what is expected of whom."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from aptitude.forms.frameworks import TargetForm
from aptitude.forms.people import AnswerForm, SightForm
from aptitude.queries.comments import comments
from aptitude.queries.frameworks import get_framework, job_titles, target_book
from aptitude.rules.asking import tenths_text
from aptitude.rules.targets import TargetDraft
from aptitude.rules.words import ContestOutcome
from aptitude.services import commenting, frameworks
from aptitude.services.sight import set_levels_down
from aptitude.views.own import OUTCOMES, WORDS, bp, with_framework
from core.clock import today
from core.errors import ConflictError, RefusedError
from core.web.access import requires
from core.web.forms import Both, Conflict
from curricula.rules.words import LEVELS_BOTTOM_UP
from people.queries.visibility import levels_down
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
        outcomes=OUTCOMES,
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


@bp.route("/aptitude/targets", methods=["GET", "POST"])
@requires("aptitude:edit")
@with_framework
def target_change() -> ResponseReturnValue:
    """Show what is expected of whom, and let HR change it from a day on."""
    framework, book = get_framework(), target_book()
    job_title = request.args.get("job_title", "")[:300]
    form = TargetForm.for_framework(framework, book.last_id, job_title)
    if form.validate_on_submit():
        try:
            frameworks.set_target(form.draft(), account_id=g.viewer.account_id, seen=form.seen())
        except ConflictError as error:
            form.collide(error, _set_meanwhile(form.draft()))
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            flash("Kept. What was expected before stays on record.", "success")
            return redirect(url_for(".target_change"))
    return _targets(form), form.status


@bp.post("/aptitude/sight")
@requires("aptitude:edit")
def sight_change() -> ResponseReturnValue:
    """Decide how far down managers see the aptitude of their people."""
    form = SightForm()
    try:
        set_levels_down(form.levels.data)
    except RefusedError as refusal:
        flash(f"Not changed. {refusal.message}", "bad")
    else:
        flash("Changed. It holds from now on.", "success")
    return redirect(url_for(".target_change"))


def _set_meanwhile(draft: TargetDraft) -> Conflict:
    held = target_book().targets_of(draft.level, draft.job_title, draft.from_on)
    now = held.get(draft.dimension_code)
    return Conflict([Both("Target", tenths_text(draft.tenths), f"{now.value:.1f}" if now else "")])


def _targets(form: TargetForm) -> str:
    framework, book = get_framework(), target_book()
    return render_template(
        "aptitude/target_change.html",
        framework=framework,
        targets={one: book.targets_of(one, None, today()) for one in LEVELS_BOTTOM_UP},
        of_jobs=book.of_jobs(today()),
        coming=book.after(today()),
        titles=job_titles(g.viewer, today()),
        ladder=LEVELS_BOTTOM_UP,
        form=form,
        sight=SightForm(levels=levels_down()),
        **WORDS,
    )

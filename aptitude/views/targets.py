"""What is expected of whom, and how far down managers see: HR looks at what a change does first."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from aptitude.forms.buttons import SeenForm
from aptitude.forms.frameworks import OF_JOB, TargetChoiceForm, TargetForm
from aptitude.forms.people import SightForm
from aptitude.queries.frameworks import FrameworkView, get_framework, job_titles, target_book
from aptitude.queries.targets import (
    TargetLook,
    look_at_sight,
    look_at_target,
    own_target,
    set_lately,
    taken_back,
    words_of,
)
from aptitude.rules.targets import TargetDraft, target_words
from aptitude.rules.words import seen_by_words
from aptitude.services import frameworks
from aptitude.services.sight import check_levels_down, set_levels_down
from aptitude.views.own import WORDS, bp, with_framework
from core.clock import today
from core.errors import ConflictError, NotFoundError, RefusedError
from core.web.access import requires
from core.web.forms import Both, Conflict
from curricula.rules.words import LEVELS_BOTTOM_UP
from people.queries.visibility import levels_down


@bp.route("/aptitude/targets", methods=["GET", "POST"])
@requires("aptitude:edit")
@with_framework
def target_change() -> ResponseReturnValue:
    """Show what is expected of whom, and let HR change it once they saw for whom."""
    framework, titles = get_framework(), job_titles(g.viewer, today())
    chosen = _chosen(framework, titles)
    if not (chosen.dimension.data and chosen.of.data and chosen.validate()):
        return _targets(framework, chosen)
    form = _begun(chosen)
    form.offer(framework, titles)
    if not form.validate_on_submit():
        return _targets(framework, chosen, form)
    draft = form.draft()
    look = look_at_target(target_book(), draft, g.viewer, today())
    is_meant = request.form.get("step") == "set" and form.promised.data == draft.signature
    form.promised.data = draft.signature
    try:
        if is_meant:
            frameworks.set_target(draft, account_id=g.viewer.account_id, seen=form.seen())
            flash("Kept. What was expected before stays on record.", "success")
            return redirect(url_for(".target_change"))
        frameworks.check_draft(draft)
    except ConflictError as error:
        form.collide(error, _set_meanwhile(draft))
    except RefusedError as refusal:
        form.refuse(refusal)
        return _targets(framework, chosen, form)
    return _targets(framework, chosen, form, look)


def _chosen(framework: FrameworkView, titles: list[str]) -> TargetChoiceForm:
    """Return which target of whom is looked at: as the form that came says, else the address."""
    said = request.form or request.args
    title = request.args.get("job_title", "")
    of = said.get("of") or (f"{OF_JOB}{title}" if title else None)
    dimension = said.get("dimension") or (next(iter(framework.names)) if title else None)
    data, meta = {"dimension": dimension, "of": of}, {"csrf": False}
    form = TargetChoiceForm(formdata=None, data=data, meta=meta)
    form.offer(framework, titles)
    form.dimension.raw_data, form.of.raw_data = [dimension], [of]
    return form


def _begun(chosen: TargetChoiceForm) -> TargetForm:
    book, dimension, of = target_book(), chosen.dimension.data, chosen.of.data
    about = TargetDraft(dimension, chosen.level, chosen.job_title, None, None, False, today())
    return TargetForm.beginning_with(own_target(book, about, today()), dimension, of, book.last_id)


def _set_meanwhile(draft: TargetDraft) -> Conflict:
    now = words_of(own_target(target_book(), draft, draft.from_on))
    mine = target_words(draft.tenths, draft.floor_tenths, required=draft.required)
    return Conflict([Both("Target", mine, now)])


def _targets(
    framework: FrameworkView,
    chosen: TargetChoiceForm,
    form: TargetForm | None = None,
    look: TargetLook | None = None,
) -> ResponseReturnValue:
    book = target_book()
    page = render_template(
        "aptitude/target_change.html",
        framework=framework,
        targets={one: book.targets_of(one, None, today()) for one in LEVELS_BOTTOM_UP},
        of_jobs=book.of_jobs(today()),
        coming=book.after(today()),
        lately=set_lately(book),
        target_words=target_words,
        ladder=LEVELS_BOTTOM_UP,
        of_job=OF_JOB,
        chosen=chosen,
        form=form,
        look=look,
        sight=SightForm(formdata=None, data={"levels": levels_down()}),
        **WORDS,
    )
    return page, form.status if form else 200


@bp.route("/aptitude/targets/<int:target_id>/take-back", methods=["GET", "POST"])
@requires("aptitude:edit")
@with_framework
def target_take_back(target_id: int) -> ResponseReturnValue:
    """Ask, and let hold again what held before a target was set."""
    book, form = target_book(), SeenForm()
    row = next((one for one in set_lately(book) if one.id == target_id), None)
    if row is None:
        raise NotFoundError("There is no such target to take back.")
    if form.is_submitted():
        try:
            frameworks.take_back_target(target_id, account_id=g.viewer.account_id, seen=form.seen())
        except RefusedError as refusal:
            flash(f"Not taken back. {refusal.message}", "bad")
        else:
            flash("Taken back. What held before holds again.", "success")
        return redirect(url_for(".target_change"))
    look = look_at_target(book, taken_back(book, row), g.viewer, today())
    return render_template(
        "aptitude/target_take_back.html",
        row=row,
        look=look,
        name=get_framework().names.get(row.dimension_code, row.dimension_code),
        form=SeenForm(version=str(book.last_id)),
    )


@bp.route("/aptitude/sight", methods=["GET", "POST"])
@requires("aptitude:edit")
def sight_change() -> ResponseReturnValue:
    """Say who would see whom by name, and decide it once HR has read that."""
    now = levels_down()
    form = SightForm() if request.method == "POST" else SightForm(request.args)
    try:
        then = check_levels_down(form.levels.data)
        if request.method == "POST":
            set_levels_down(then)
            flash("Changed. It holds from now on, and every form says so.", "success")
            return redirect(url_for(".target_change"))
    except RefusedError as refusal:
        flash(f"Not changed. {refusal.message}", "bad")
        return redirect(url_for(".target_change"))
    return render_template(
        "aptitude/sight_ask.html",
        now=now,
        then=then,
        look=look_at_sight(now, then, g.viewer, today()),
        words=seen_by_words(then),
        form=SightForm(formdata=None, data={"levels": then}),
    )

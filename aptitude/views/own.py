"""My aptitude, and what I am asked to say about myself and others."""

from collections.abc import Mapping
from datetime import date
from functools import wraps
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from aptitude.exports.pdf import sheet_pdf
from aptitude.forms.assessing import DeclineForm, RateForm
from aptitude.forms.buttons import ConfirmForm
from aptitude.forms.people import CommentForm
from aptitude.queries.coached import coached_by
from aptitude.queries.comments import count_waiting
from aptitude.queries.examples import find_leading
from aptitude.queries.frameworks import find_framework
from aptitude.queries.next_steps import NextSteps, next_steps
from aptitude.queries.profiles import AptitudePage, aptitude_page, past_page
from aptitude.queries.requests import (
    ToRate,
    asked_of,
    given_for,
    open_count,
    to_rate,
    to_rate_oneself,
)
from aptitude.queries.versions import number_at
from aptitude.rules.asking import due_words, tenths_text
from aptitude.rules.examples import EXAMPLE_WORDS, Leading
from aptitude.rules.profile_words import missing_words
from aptitude.rules.sittings import points_at
from aptitude.rules.sources import ANONYMOUS_FROM
from aptitude.rules.words import (
    NOT_FOR,
    PURPOSE_LABELS,
    SOURCE_LABELS,
    CommentKind,
    ContestOutcome,
    RequestState,
    seen_by_words,
)
from aptitude.services import asking, assessing, commenting
from core.clock import now, today
from core.errors import ConflictError, NotFoundError, RefusedError
from core.web.access import View, requires
from core.web.downloads import download
from people.queries.settings import organisation_name
from people.queries.visibility import assessed_people, levels_down
from people.rules.access import as_oneself
from people.rules.levels import LEVEL_LABELS

bp = Blueprint("aptitude", __name__)


@bp.context_processor
def _waiting() -> dict[str, object]:
    """Let the tabs of HR count what waits for an answer; other pages ask nothing."""
    return {"contests_waiting": lambda: count_waiting(g.viewer, today())}


def who_sees(name: str = "") -> str:
    """Return who sees somebody's aptitude by what the organisation decided; empty for mine."""
    return seen_by_words(levels_down(), name)


WORDS = {
    "who_sees": who_sees,
    "not_for": NOT_FOR,
    "sources": SOURCE_LABELS,
    "purposes": PURPOSE_LABELS,
    "levels": LEVEL_LABELS,
    "fewest": ANONYMOUS_FROM,
    "tenths": tenths_text,
    "points_at": points_at,
    "missing_words": missing_words,
    "example_words": EXAMPLE_WORDS,
}
OUTCOMES = {ContestOutcome.STANDS: "It stands", ContestOutcome.SET_ASIDE: "It was set aside"}


def with_framework(view: View) -> View:
    """Say that there is no framework yet, instead of a page that needs one."""

    @wraps(view)
    def shown(*args: Any, **kwargs: Any) -> Any:
        if find_framework() is None:
            return render_template("aptitude/no_framework.html", form=ConfirmForm())
        return view(*args, **kwargs)

    return shown


@bp.get("/aptitude")
@requires("aptitude:own")
@with_framework
def my_aptitude() -> ResponseReturnValue:
    """Show where I stand, how sure that is, and what the company owes me next.

    With a day of the past, show the page as it was known then.
    """
    day = request.args.get("on", "")
    return _page_of_then(day) if day else _own_page(None)


def _page_of_then(text: str) -> ResponseReturnValue:
    try:
        on = date.fromisoformat(text)
    except ValueError:
        on = date.max
    if on > today():
        raise NotFoundError("There is no such day.")
    return render_template(
        "aptitude/aptitude_then.html",
        page=past_page(g.viewer.employee_id, g.viewer, on, today()),
        on=on,
        waiting=open_count(g.viewer),
        outcomes=OUTCOMES,
        **WORDS,
    )


def _own_page(form: CommentForm | None) -> ResponseReturnValue:
    page = aptitude_page(g.viewer.employee_id, g.viewer, today())
    return render_template(
        "aptitude/my_aptitude.html",
        page=page,
        steps=steps_of(page),
        leading=leading_of(page.employee_id),
        waiting=open_count(g.viewer),
        form=form or CommentForm.about(page.sayings),
        outcomes=OUTCOMES,
        **WORDS,
    )


def steps_of(page: AptitudePage) -> NextSteps:
    """Return what comes next for the person of a page."""
    who, seen = page.employee_id, _sight_of(page.employee_id)
    return next_steps(who, page.level, page.weakest, g.viewer, seen, today())


def leading_of(employee_id: int) -> Leading | None:
    """Return the examples of somebody who leads, quoted to themself alone; None for others."""
    own, seen = employee_id == g.viewer.employee_id, _sight_of(employee_id)
    return find_leading(employee_id, seen, today(), quotes=own)


def _sight_of(employee_id: int) -> Any:
    own = employee_id == g.viewer.employee_id
    return assessed_people(as_oneself(g.viewer) if own else g.viewer, today())


@bp.get("/aptitude/sheet.pdf")
@requires("aptitude:own")
@with_framework
def my_sheet() -> ResponseReturnValue:
    """Hand me my sheet."""
    return sheet_of(g.viewer.employee_id)


def sheet_of(employee_id: int) -> ResponseReturnValue:
    """Return the sheet of a person whom whoever looks may see."""
    page = aptitude_page(employee_id, g.viewer, today())
    made = sheet_pdf(page, steps_of(page), organisation_name(), today())
    return download(made, f"Service aptitude of {page.name}.pdf")


@bp.post("/aptitude/comment")
@requires("aptitude:own")
@with_framework
def aptitude_comment() -> ResponseReturnValue:
    """Keep what I say about an assessment of mine."""
    page = aptitude_page(g.viewer.employee_id, g.viewer, today())
    form = CommentForm.about(page.sayings)
    if form.validate_on_submit():
        kind, about = CommentKind(form.kind.data), form.saying()
        try:
            commenting.comment(
                about.source,
                kind,
                form.text.data or "",
                g.viewer,
                assessment_id=about.assessment_id,
            )
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            is_contest = kind is CommentKind.CONTEST
            said = "HR looks at it and answers here." if is_contest else "It stands on your page."
            flash(f"Kept. {said}", "success")
            return redirect(url_for(".my_aptitude"))
    return _own_page(form)


@bp.get("/aptitude/asked")
@requires("aptitude:rate")
def asked_list() -> ResponseReturnValue:
    """Show whom I am asked to assess, and what I gave."""
    found = asked_of(g.viewer)
    return render_template(
        "aptitude/asked_list.html",
        open=[one for one in found if one.state is RequestState.OPEN],
        closed=[one for one in found if one.state is not RequestState.OPEN],
        states={
            RequestState.ANSWERED: "Answered",
            RequestState.DECLINED: "Declined",
            RequestState.WITHDRAWN: "Taken back",
        },
        coached=coached_by(g.viewer, _dimension_names(), today()),
        due_words=due_words,
        today=today(),
        **WORDS,
    )


def _dimension_names() -> Mapping[str, str]:
    framework = find_framework()
    return framework.names if framework else {}


@bp.route("/aptitude/asked/<int:request_id>", methods=["GET", "POST"])
@requires("aptitude:rate")
def asked_rate(request_id: int) -> ResponseReturnValue:
    """Let me say where somebody stands, or read what I said."""
    wanted = to_rate(request_id, g.viewer, today())
    if wanted.request is not None and wanted.request.state is not RequestState.OPEN:
        given = given_for(request_id, g.viewer)
        number = number_at(wanted.request.closed_at or now())
        return render_template(
            "aptitude/asked_given.html", wanted=wanted, given=given, number=number, **WORDS
        )
    form = RateForm.by_words(wanted.framework, wanted.level)
    if form.validate_on_submit():
        try:
            assessing.answer_request(request_id, form.drafts(), g.viewer, seen=form.words())
        except ConflictError as error:
            form.replace_words(error, wanted.framework, wanted.level)
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            flash(f"Kept. Thank you for looking closely at {wanted.name}.", "success")
            return redirect(url_for(".asked_list"))
    return _rate_page(wanted, form)


def _rate_page(
    wanted: ToRate, form: RateForm, decline: DeclineForm | None = None
) -> ResponseReturnValue:
    page = render_template(
        "aptitude/rate.html",
        wanted=wanted,
        form=form,
        decline=decline or DeclineForm(formdata=None),
        **WORDS,
    )
    return page, form.status


@bp.post("/aptitude/asked/<int:request_id>/decline")
@requires("aptitude:rate")
def asked_decline(request_id: int) -> ResponseReturnValue:
    """Let me say that I cannot tell."""
    form = DeclineForm()
    try:
        asking.decline(request_id, form.reason.data or "", g.viewer)
    except RefusedError as refusal:
        if refusal.field is not None:
            form.refuse(refusal)
            wanted = to_rate(request_id, g.viewer, today())
            empty = RateForm.by_words(wanted.framework, wanted.level, is_sent=False)
            return _rate_page(wanted, empty, form)
        flash(f"Not declined. {refusal.message}", "bad")
        return redirect(url_for(".asked_rate", request_id=request_id))
    flash(
        "Declined. Whoever asked sees that, but not of peers and direct reports: of those nobody "
        "learns who declined.",
        "success",
    )
    return redirect(url_for(".asked_list"))


@bp.route("/aptitude/self", methods=["GET", "POST"])
@requires("aptitude:own")
@with_framework
def self_rate() -> ResponseReturnValue:
    """Let me say where I stand myself, any time."""
    wanted = to_rate_oneself(g.viewer, today())
    form = RateForm.by_words(wanted.framework, wanted.level)
    if form.validate_on_submit():
        try:
            assessing.assess_oneself(form.drafts(), g.viewer, seen=form.words())
        except ConflictError as error:
            form.replace_words(error, wanted.framework, wanted.level)
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            flash("Kept. It stands beside what others say, never inside.", "success")
            return redirect(url_for(".my_aptitude"))
    return _rate_page(wanted, form)

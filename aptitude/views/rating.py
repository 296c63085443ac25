"""What I am asked to say about myself and others, and what I have begun to say."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from aptitude.forms.assessing import DeclineForm, RateForm
from aptitude.queries.begun import begun_requests, find_begun
from aptitude.queries.coached import coached_by
from aptitude.queries.frameworks import find_framework
from aptitude.queries.judging import HandedIn, workshops_judged, workshops_waiting
from aptitude.queries.requests import (
    Asked,
    ToRate,
    asked_of,
    given_for,
    test_asked,
    to_rate,
    to_rate_oneself,
)
from aptitude.queries.versions import number_at
from aptitude.rules.asking import due_words
from aptitude.rules.sources import Source
from aptitude.rules.words import RequestState
from aptitude.services import asking, assessing
from aptitude.services.begun import keep_begun
from aptitude.views.own import WORDS, bp, with_framework
from core.clock import now, today
from core.errors import ConflictError, RefusedError
from core.web.access import requires
from people.queries.retention import kept_days

SHOWN_FIRST = 5
"""How much of what I gave stands open; the rest opens on demand."""
KEPT = "Kept for later. Only you can read it, and nobody learns that you have begun."


@bp.get("/aptitude/asked")
@requires("aptitude:rate")
def asked_list() -> ResponseReturnValue:
    """Show whom I am asked to assess, and what I gave; tests have a page of their own."""
    found = [one for one in asked_of(g.viewer) if one.source is not Source.SCENARIO]
    return render_template(
        "aptitude/asked_list.html",
        open=[one for one in found if one.state is RequestState.OPEN],
        gave=_gave([one for one in found if one.state is not RequestState.OPEN]),
        shown_first=SHOWN_FIRST,
        begun=begun_requests(g.viewer),
        states={
            RequestState.ANSWERED: "Answered",
            RequestState.DECLINED: "Declined",
            RequestState.WITHDRAWN: "Taken back",
        },
        test=test_asked(g.viewer),
        workshops=workshops_waiting(g.viewer),
        coached=coached_by(g.viewer, _dimension_names(), today()),
        due_words=due_words,
        today=today(),
        **WORDS,
    )


def _gave(closed: Sequence[Asked]) -> list[Asked | HandedIn]:
    """Return what I answered or let go, workshops too, the newest first."""
    gave: list[Asked | HandedIn] = [*closed, *workshops_judged(g.viewer)]
    return sorted(gave, key=lambda one: one.closed_at or now(), reverse=True)


def _dimension_names() -> Mapping[str, str]:
    framework = find_framework()
    return framework.names if framework else {}


@bp.route("/aptitude/asked/<int:request_id>", methods=["GET", "POST"])
@requires("aptitude:rate")
def asked_rate(request_id: int) -> ResponseReturnValue:
    """Let me say where somebody stands, or read what I said."""
    wanted = to_rate(request_id, g.viewer, today())
    if wanted.request is not None and wanted.is_closed:
        given = given_for(request_id, g.viewer)
        number = number_at(wanted.request.closed_at or now())
        return render_template(
            "aptitude/asked_given.html", wanted=wanted, given=given, number=number, **WORDS
        )
    form = RateForm.by_words(wanted.framework, wanted.level, find_begun(wanted, g.viewer))
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
    wanted: ToRate, form: RateForm, decline: DeclineForm | None = None, what: str = "Not sent."
) -> ResponseReturnValue:
    own: dict[str, Any] = {"request_id": wanted.request_id} if wanted.request else {}
    page = render_template(
        "aptitude/rate.html",
        wanted=wanted,
        form=form,
        what=what,
        begun=find_begun(wanted, g.viewer),
        kept_days=kept_days()["begun"],
        send_url=url_for(".asked_rate" if own else ".self_rate", **own),
        keep_url=url_for(".asked_keep" if own else ".self_keep", **own),
        decline=decline or DeclineForm(formdata=None),
        **WORDS,
    )
    return page, form.status


@bp.post("/aptitude/asked/<int:request_id>/keep")
@requires("aptitude:rate")
def asked_keep(request_id: int) -> ResponseReturnValue:
    """Keep what I have begun to say, for me alone."""
    return _keep(to_rate(request_id, g.viewer, today()), url_for(".asked_list"))


@bp.post("/aptitude/self/keep")
@requires("aptitude:own")
@with_framework
def self_keep() -> ResponseReturnValue:
    """Keep what I have begun to say about myself, for me alone."""
    return _keep(to_rate_oneself(g.viewer, today()), url_for(".my_aptitude"))


def _keep(wanted: ToRate, then: str) -> ResponseReturnValue:
    """Keep what came: pressed by hand it leads on, while one fills in it only says so."""
    form = RateForm.by_words(wanted.framework, wanted.level)
    is_quiet = request.accept_mimetypes.best == "application/json"
    try:
        keep_begun(
            wanted.request_id,
            form.parts(),
            g.viewer,
            page=form.own_page(),
            seen_page=form.seen_begun(),
            seen=form.words(),
        )
    except RefusedError as refusal:
        if is_quiet:
            return jsonify(message=refusal.message), 409
        if wanted.is_closed:
            flash(f"Not kept. {refusal.message}", "bad")
            return redirect(url_for(".asked_rate", request_id=wanted.request_id))
        if isinstance(refusal, ConflictError):
            form.replace_begun(refusal.version, find_begun(wanted, g.viewer))
        form.refuse(refusal)
        return _rate_page(wanted, form, what="Not kept.")
    if is_quiet:
        return jsonify(kept=True)
    flash(KEPT, "success")
    return redirect(then)


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
            begun = find_begun(wanted, g.viewer)
            held = RateForm.by_words(wanted.framework, wanted.level, begun, is_sent=False)
            return _rate_page(wanted, held, form)
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
    form = RateForm.by_words(wanted.framework, wanted.level, find_begun(wanted, g.viewer))
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

"""Getting in and out of a session: for others, and for oneself."""

from collections.abc import Callable

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.clock import today
from core.errors import NotFoundError, RefusedError
from core.web.access import requires
from curricula.forms import CodeForm, ConfirmForm, EnrolForm, ReasonForm
from curricula.queries.modules import module_page
from curricula.queries.picking import may_pick
from curricula.queries.session_lists import coming_of
from curricula.queries.session_reach import check_decides, check_sees_session, may_run, reached_of
from curricula.queries.sessions import session_page
from curricula.queries.withdrawing import withdrawal_page
from curricula.rules.enrolling import MOST_AT_ONCE, Outcome, numbers_typed
from curricula.rules.sessions import when_words
from curricula.rules.words import EnrolmentStatus
from curricula.services import enrolling as services
from curricula.services.attending import sign_in
from curricula.services.sessions import ask_for_module
from curricula.views.modules import bp
from curricula.views.sessions import SHOWN, session_answer
from people.queries.visibility import is_led

ASKED = {
    EnrolmentStatus.ENROLLED: "You have a seat. The invitation is on this page.",
    EnrolmentStatus.REQUESTED: "Asked. {} decides; you are told.",
    EnrolmentStatus.WAITLISTED: "The seats are taken. You wait, and are told when one is free.",
}


@bp.post("/sessions/<int:session_id>/enrol")
@requires("sessions:read")
def session_enrol(session_id: int) -> ResponseReturnValue:
    """Enrol people who were ticked or whose numbers were pasted."""
    check_sees_session(g.viewer, session_id, today())
    if not (may_run(g.viewer, session_id) or g.viewer.manages):
        raise NotFoundError("There is no such session.")
    form = EnrolForm()
    if request.form.get("action") == "find" or not form.validate_on_submit():
        return session_answer(session_id, form)
    try:
        outcome = _enrol(session_id, form)
    except RefusedError as refusal:
        form.refuse(refusal)
        return session_answer(session_id, form, 400)
    flash(outcome.sentence, "success")
    return _back(session_id)


def _enrol(session_id: int, form: EnrolForm) -> Outcome:
    """Enrol those who were ticked, then those whose numbers were pasted."""
    numbers = numbers_typed(form.numbers.data or "")
    found = reached_of(g.viewer, session_id, numbers, today())
    ticked: list[int] = form.people.data or []
    allowed = may_pick(session_id, g.viewer, ticked[:MOST_AT_ONCE], today())
    wanted = [one for one in ticked if one in allowed]
    wanted += [found[one] for one in numbers if one in found]
    return services.enrol_people(
        session_id,
        list(dict.fromkeys(wanted)),
        account_id=g.viewer.account_id,
        waiver=form.waiver.data or "",
        may_waive=may_run(g.viewer, session_id),
        over=form.over.data,
        unknown=[one for one in numbers if one not in found],
        leave_out=form.leave_out.data,
    )


@bp.post("/sessions/<int:session_id>/request")
@requires("sessions:read")
def session_request(session_id: int) -> ResponseReturnValue:
    """Ask for a seat for oneself."""
    check_sees_session(g.viewer, session_id, today())
    if g.viewer.employee_id is None:
        raise NotFoundError("Your account belongs to nobody in the organisation.")
    try:
        status = services.request_seat(
            session_id, g.viewer.employee_id, account_id=g.viewer.account_id
        )
    except RefusedError as refusal:
        flash(refusal.message, "bad")
    else:
        decides = "Your manager or the trainer" if _is_led() else "The trainer"
        flash(ASKED.get(status, "Done.").format(decides), "success")
    return _back(session_id)


def _is_led() -> bool:
    return is_led(g.viewer.employee_id, today())


@bp.post("/sessions/<int:session_id>/leave")
@requires("sessions:read")
def session_leave(session_id: int) -> ResponseReturnValue:
    """Give one's own seat or place back."""
    enrolment_id = _own(session_id)
    try:
        moved = services.withdraw(
            session_id,
            enrolment_id,
            "Gave the seat back.",
            account_id=g.viewer.account_id,
            by_oneself=True,
        )
    except RefusedError as refusal:
        flash(refusal.message, "bad")
    else:
        flash("Given back. The next person is told." if moved else "Given back.", "success")
    return _back(session_id)


@bp.post("/sessions/<int:session_id>/take")
@requires("sessions:read")
def session_take(session_id: int) -> ResponseReturnValue:
    """Take the seat that is held for oneself."""
    enrolment_id = _own(session_id)
    return _done(
        session_id,
        "The seat is yours. The invitation is on this page.",
        lambda: services.take_offer(session_id, enrolment_id, account_id=g.viewer.account_id),
    )


def _own(session_id: int) -> int:
    page = session_page(session_id, g.viewer, today())
    if page.own is None:
        raise NotFoundError("You are not in this session.")
    return page.own.enrolment_id


@bp.route("/sessions/<int:session_id>/people/<int:enrolment_id>/withdraw", methods=["GET", "POST"])
@requires("sessions:read")
def session_withdraw(session_id: int, enrolment_id: int) -> ResponseReturnValue:
    """Say who moves up and who is told, and take somebody out."""
    check_decides(g.viewer, session_id, enrolment_id, today())
    shown = withdrawal_page(session_id, enrolment_id, g.viewer, today())
    form = ReasonForm()
    if form.validate_on_submit():
        reason = (form.reason.data or "").strip()
        return _done(
            session_id,
            shown.follows.done_words,
            lambda: services.withdraw(
                session_id, enrolment_id, reason, account_id=g.viewer.account_id
            ),
        )
    return render_template("curricula/session_withdraw.html", shown=shown, form=form, **SHOWN)


@bp.post("/sessions/<int:session_id>/people/<int:enrolment_id>/approve")
@requires("sessions:read")
def session_approve(session_id: int, enrolment_id: int) -> ResponseReturnValue:
    """Approve a request for a seat."""
    return _decide(session_id, enrolment_id, approve=True)


@bp.post("/sessions/<int:session_id>/people/<int:enrolment_id>/decline")
@requires("sessions:read")
def session_decline(session_id: int, enrolment_id: int) -> ResponseReturnValue:
    """Decline a request for a seat."""
    return _decide(session_id, enrolment_id, approve=False)


def _decide(session_id: int, enrolment_id: int, *, approve: bool) -> ResponseReturnValue:
    check_decides(g.viewer, session_id, enrolment_id, today())
    reason = _reason()
    return _done(
        session_id,
        "Approved." if approve else "Declined. The person is told.",
        lambda: services.decide_request(
            session_id,
            enrolment_id,
            approve=approve,
            reason=reason,
            account_id=g.viewer.account_id,
        ),
    )


def _reason() -> str:
    form = ReasonForm()
    return (form.reason.data or "").strip() if form.validate_on_submit() else ""


def _done(session_id: int, said: str, act: Callable[[], object]) -> ResponseReturnValue:
    try:
        act()
    except RefusedError as refusal:
        flash(refusal.message, "bad")
    else:
        flash(said, "success")
    return _back(session_id)


def _back(session_id: int) -> ResponseReturnValue:
    return redirect(url_for(".session_detail", session_id=session_id))


@bp.route("/modules/<int:module_id>/want", methods=["GET", "POST"])
@requires("sessions:read")
def module_want(module_id: int) -> ResponseReturnValue:
    """Ask for a module that has no date yet."""
    if g.viewer.employee_id is None:
        raise NotFoundError("Your account belongs to nobody in the organisation.")
    page = module_page(module_id, None, today(), drafts=False)  # not found unless it is published
    form = ConfirmForm()
    if form.validate_on_submit():
        try:
            session_id = ask_for_module(
                module_id, g.viewer.employee_id, account_id=g.viewer.account_id
            )
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            flash("You are on the list. When there is a date, you are told.", "success")
            return _back(session_id)
    return render_template(
        "curricula/module_want.html",
        form=form,
        module_id=module_id,
        title=page.draft.title,
        minutes=page.draft.minutes,
        coming=coming_of(module_id, g.viewer, today()),
        when_words=when_words,
    )


@bp.route("/sessions/<int:session_id>/here", methods=["GET", "POST"])
@requires("sessions:read")
def session_here(session_id: int) -> ResponseReturnValue:
    """Sign in to a session with the code on the trainer's screen."""
    if g.viewer.employee_id is None:
        raise NotFoundError("Your account belongs to nobody in the organisation.")
    page = session_page(session_id, g.viewer, today())
    form = CodeForm(code=request.args.get("code", "")[:20])
    if form.validate_on_submit():
        try:
            sign_in(
                session_id,
                g.viewer.employee_id,
                form.code.data,
                account_id=g.viewer.account_id,
            )
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            flash("You are signed in. Have a good session.", "success")
            return _back(session_id)
    return render_template("curricula/session_here.html", form=form, page=page, **SHOWN)

"""The attendance sheet, made for a phone; it works without scripts."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.clock import today
from core.errors import RefusedError
from core.web.access import requires
from core.web.paths import id_argument
from core.web.squares import squares_of
from core.words import plural
from curricula.queries.session_reach import check_runs
from curricula.queries.sheets import Sheet, sheet_of
from curricula.rules.attending import Presence, all_present, read_sheet, spoken_code
from curricula.services.attending import close_sheet, save_sheet, undo_closing
from curricula.services.ending import end_after_marks
from curricula.views.modules import bp
from curricula.views.sessions import SHOWN


@bp.get("/sessions/<int:session_id>/attendance")
@requires("sessions:run")
def session_attendance(session_id: int) -> ResponseReturnValue:
    """Show the sheet of one day."""
    sheet = _sheet(session_id)
    return _answer(sheet, {row.enrolment_id: row.mark for row in sheet.rows if row.mark})


def _sheet(session_id: int) -> Sheet:
    return sheet_of(session_id, id_argument("day") or 1, g.viewer, today())


def _answer(sheet: Sheet, marks: dict[int, Presence], problem: str = "") -> ResponseReturnValue:
    code = sheet.page.held.sign_in_code or ""
    address = url_for(".session_here", session_id=sheet.page.row.id, code=code, _external=True)
    shown = render_template(
        "curricula/session_attendance.html",
        sheet=sheet,
        page=sheet.page,
        row=sheet.page.row,
        marks=marks,
        typed=request.form,
        problem=problem,
        code=spoken_code(code),
        squares=squares_of(address) if sheet.page.is_open else None,
        **SHOWN,
    )
    return shown, 400 if problem else 200


@bp.post("/sessions/<int:session_id>/attendance")
@requires("sessions:run")
def session_attend(session_id: int) -> ResponseReturnValue:
    """Keep the sheet, mark everybody present, end the session after this, or close it."""
    sheet = _sheet(session_id)
    action = request.form.get("action", "save")
    marks: dict[int, Presence] = {}
    try:
        marks = read_sheet(request.form, sheet.names, sheet.day.minutes)
        if action == "all":
            marks = all_present(marks, sheet.names, sheet.day.minutes)
        save_sheet(session_id, sheet.day.position, marks, account_id=g.viewer.account_id)
        if action == "end":
            dropped = end_after_marks(session_id, account_id=g.viewer.account_id)
            flash(f"Ended. {plural(dropped, 'date falls', 'dates fall')} away.", "success")
        if action == "close":
            closed = close_sheet(session_id, account_id=g.viewer.account_id)
            flash(closed.sentence, "success")
            return redirect(url_for(".session_detail", session_id=session_id))
    except RefusedError as refusal:
        return _answer(_sheet(session_id), marks, refusal.message)
    if action == "save":
        flash(f"Saved. {plural(len(marks), 'person is', 'people are')} marked.", "success")
    return redirect(url_for(".session_attendance", session_id=session_id, day=sheet.day.position))


@bp.post("/sessions/<int:session_id>/reopen")
@requires("sessions:run")
def session_reopen(session_id: int) -> ResponseReturnValue:
    """Take back what closing the sheet wrote."""
    check_runs(g.viewer, session_id)
    try:
        undo_closing(session_id, account_id=g.viewer.account_id)
    except RefusedError as refusal:
        flash(refusal.message, "bad")
    else:
        flash("Undone. The hours are taken back by reversals; the sheet is open.", "success")
    return redirect(url_for(".session_detail", session_id=session_id))

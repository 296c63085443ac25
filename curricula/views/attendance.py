"""The attendance sheet, made for a phone; it works without scripts."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.clock import today
from core.errors import ConflictError, NotFoundError, RefusedError
from core.web.access import requires
from core.web.forms import LONGEST_VERSION, Both, Conflict
from core.web.paths import id_argument
from core.web.squares import squares_of
from core.words import plural
from curricula.forms import SheetForm
from curricula.queries.session_reach import check_runs
from curricula.queries.sheets import Sheet, sheet_of
from curricula.rules.attending import (
    Presence,
    TypedSheet,
    all_present,
    marked_otherwise,
    read_sheet,
    spoken_code,
    spoken_mark,
    written,
)
from curricula.services.attending import close_sheet, save_sheet, undo_closing
from curricula.services.ending import end_after_marks
from curricula.services.enrolling import seat_who_came
from curricula.views.modules import bp
from curricula.views.sessions import SHOWN

HEADS = {"close": "Not closed.", "end": "Not ended.", "here": "Not on the sheet."}
"""What did not happen although the marks were kept."""


@dataclass(frozen=True)
class Problem:
    """Why something did not happen."""

    head: str
    text: str


@bp.get("/sessions/<int:session_id>/attendance")
@requires("sessions:run")
def session_attendance(session_id: int) -> ResponseReturnValue:
    """Show the sheet of one day."""
    sheet = _sheet(session_id)
    return _answer(sheet, SheetForm(version=len(sheet.rows)))


def _sheet(session_id: int) -> Sheet:
    return sheet_of(session_id, id_argument("day") or 1, g.viewer, today())


def _answer(
    sheet: Sheet,
    form: SheetForm,
    typed: TypedSheet | None = None,
    problem: Problem | None = None,
) -> ResponseReturnValue:
    code = sheet.page.held.sign_in_code or ""
    address = url_for(".session_here", session_id=sheet.page.row.id, code=code, _external=True)
    planned, sent = sheet.day.minutes, request.form
    fields = {
        row.enrolment_id: written(row.enrolment_id, planned, row.mark, sent, typed)
        for row in sheet.rows
    }
    shown = render_template(
        "curricula/session_attendance.html",
        sheet=sheet,
        page=sheet.page,
        row=sheet.page.row,
        fields=fields,
        problem=problem,
        form=form,
        code=spoken_code(code),
        squares=squares_of(address) if sheet.page.is_open else None,
        **SHOWN,
    )
    return shown, 400 if problem else form.status


@bp.post("/sessions/<int:session_id>/attendance")
@requires("sessions:run")
def session_attend(session_id: int) -> ResponseReturnValue:
    """Keep the sheet, then do what the button says: mark the others, let in, end or close."""
    sheet = _sheet(session_id)
    form, planned = SheetForm(), sheet.day.minutes
    action, _, who = request.form.get("action", "save").partition("-")
    typed = read_sheet(request.form, sheet.names, planned)
    if typed.problems:
        return _answer(sheet, form, typed, Problem("Not saved.", " ".join(typed.problems.values())))
    marks = typed.marks
    if action == "all":
        marks = all_present(sheet.names, planned, sheet.marks, marks)
    seen, head = _seen(form, sheet), "Not saved."
    try:
        save_sheet(session_id, sheet.day.position, marks, account_id=g.viewer.account_id, seen=seen)
        head = HEADS.get(action, head)
        return _act(sheet, action, who, len(marks))
    except ConflictError as error:
        held = _sheet(session_id)
        form.collide(error, _marked_meanwhile(held, marks, seen or {}))
        return _answer(held, form, typed)
    except RefusedError as refusal:
        return _answer(_sheet(session_id), form, typed, Problem(head, refusal.message))


def _act(sheet: Sheet, action: str, who: str, marked: int) -> ResponseReturnValue:
    """Do what the button says once the marks are kept."""
    session_id, account_id = sheet.page.held.id, g.viewer.account_id
    if action == "close":
        flash(close_sheet(session_id, account_id=account_id).sentence, "success")
        return redirect(url_for(".session_detail", session_id=session_id))
    if action == "end":
        dropped = end_after_marks(session_id, account_id=account_id)
        flash(f"Ended. {plural(dropped, 'date falls', 'dates fall')} away.", "success")
    elif action == "here":
        row = next((one for one in sheet.waiting if str(one.enrolment_id) == who), None)
        if row is None:
            raise NotFoundError("There is no such person in this session.")
        seat_who_came(session_id, row.enrolment_id, account_id=account_id)
        flash(f"{row.name} is on the sheet now. Say for how long.", "success")
    elif action == "save":
        flash(f"Saved. {plural(marked, 'person is', 'people are')} marked.", "success")
    day = sheet.day.position
    return redirect(url_for(".session_attendance", session_id=session_id, day=day))


def _seen(form: SheetForm, sheet: Sheet) -> dict[int, int] | None:
    """Return the version of each mark as it was shown; None where nobody looked."""
    if form.seen() is None:
        return None
    said = {key: request.form.get(f"was-{key}", "") for key in sheet.names}
    return {
        key: int(text)
        for key, text in said.items()
        if text.isascii() and text.isdigit() and len(text) <= LONGEST_VERSION
    }


def _marked_meanwhile(
    sheet: Sheet, marks: Mapping[int, Presence], seen: Mapping[int, int]
) -> Conflict:
    held = sheet.marks
    return Conflict(
        [
            Both(sheet.names[key], spoken_mark(marks[key]), spoken_mark(held.get(key)))
            for key in marked_otherwise(marks, held, seen)
        ]
    )


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
        flash("Undone. The hours are taken back in the ledger; the sheet is open.", "success")
    return redirect(url_for(".session_detail", session_id=session_id))

"""Sessions: the list, scheduling, one session with its people, cancelling, minimum staffing."""

from decimal import Decimal
from typing import Any, TypeVar

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.clock import today
from core.errors import ConflictError, RefusedError
from core.web.access import requires
from core.web.forms import Both, Conflict, differing
from core.web.paths import id_argument
from core.words import plural
from curricula.forms import (
    ChangeSessionForm,
    EnrolForm,
    ReasonForm,
    SessionForm,
    StaffingForm,
)
from curricula.queries import sessions as queries
from curricula.queries.picking import people_to_pick
from curricula.queries.session_lists import PAGE_SIZE, SessionFilter, session_rows
from curricula.queries.session_reach import check_runs
from curricula.queries.session_versions import session_version
from curricula.rules.attending import COMPLETES_FROM_PERCENT
from curricula.rules.enrolling import STATUS_LABELS
from curricula.rules.refusing import way_on
from curricula.rules.session_words import told_of
from curricula.rules.sessions import ZONES, least_staff, local, when_words
from curricula.services import sessions as services
from curricula.views.modules import bp
from ledger.rules.kinds import DELIVERY_LABELS
from people.queries.auditing import last_change
from people.queries.visibility import is_led

SHOWN: dict[str, Any] = {
    "when_words": when_words,
    "day_span": queries.span_of_day,
    "local": local,
    "statuses": STATUS_LABELS,
    "deliveries": DELIVERY_LABELS,
    "completes_from": COMPLETES_FROM_PERCENT,
    "is_led": lambda who: is_led(who, today()),
}
WHENS = (("coming", "To come"), ("past", "Past"), ("wanted", "Without a date"), ("all", "All"))


def runs_sessions() -> bool:
    """Tell whether whoever looks schedules sessions."""
    return "sessions:run" in g.permissions


@bp.get("/sessions")
@requires("sessions:read")
def session_list() -> ResponseReturnValue:
    """Show sessions: those to come, the past ones, or what is wanted and has no date."""
    when = request.args.get("when", "coming")
    wanted = SessionFilter(
        text=request.args.get("search", "").strip()[:200],
        when=when if when in dict(WHENS) else "coming",
        mine=request.args.get("mine") == "1" and runs_sessions(),
    )
    page = id_argument("page") or 1
    rows, total = session_rows(wanted, g.viewer, today(), page - 1)
    return render_template(
        "curricula/session_list.html",
        wanted=wanted,
        whens=WHENS,
        rows=rows,
        total=total,
        page=page,
        first=(page - 1) * PAGE_SIZE + 1,
        may_run=runs_sessions(),
        **SHOWN,
    )


@bp.get("/sessions/<int:session_id>")
@requires("sessions:read")
def session_detail(session_id: int) -> ResponseReturnValue:
    """Show a session, and of its people those whom the viewer may see."""
    return session_answer(session_id, EnrolForm())


def session_answer(session_id: int, form: EnrolForm, status: int = 200) -> ResponseReturnValue:
    """Return the page of a session, with what was typed to enrol people."""
    page = queries.session_page(session_id, g.viewer, today())
    may_enrol = page.is_open and (page.may_run or g.viewer.manages)
    text = request.values.get("who", "").strip()[:200]
    chosen = list(form.people.data or ())
    picks = people_to_pick(session_id, g.viewer, text, today(), chosen) if may_enrol else None
    shown = render_template(
        "curricula/session_detail.html",
        page=page,
        row=page.row,
        form=form,
        may_enrol=may_enrol,
        sought=text,
        picks=picks,
        way_on=way_on(may_waive=page.may_run),
        **SHOWN,
    )
    return shown, status


@bp.route("/sessions/new", methods=["GET", "POST"])
@requires("sessions:run")
def session_new() -> ResponseReturnValue:
    """Schedule a session, empty or as a copy of another one."""
    form = _with_choices(SessionForm(data=_beginning()))
    if form.validate_on_submit():
        try:
            session_id = services.schedule_session(
                form.draft(form.module.data),
                account_id=g.viewer.account_id,
                confirmed=form.confirmed.data,
            )
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            flash("Scheduled. Now say who comes.", "success")
            return redirect(url_for(".session_detail", session_id=session_id))
    return render_template("curricula/session_new.html", form=form, zones=ZONES)


def _beginning() -> dict[str, Any]:
    """Return what a new session begins with: a copy without its days, or what is usual."""
    copy_id = id_argument("copy")
    if copy_id is not None:
        return {**_held(copy_id), "days": []}
    return {
        "module": id_argument("module"),
        "zone": queries.last_zone(),
        "trainer": g.viewer.account_id,
    }


def _held(session_id: int) -> dict[str, Any]:
    check_runs(g.viewer, session_id)
    page = queries.session_page(session_id, g.viewer, today())
    held = page.held
    days = [
        {
            "on": local(day.starts_at, held.zone).date(),
            "starts": local(day.starts_at, held.zone).time(),
            "ends": local(day.ends_at, held.zone).time(),
        }
        for day in page.days
    ]
    cost = None if held.cost_cents is None else Decimal(held.cost_cents) / 100
    return {
        "module": held.module_id,
        "days": days,
        "zone": held.zone if days else queries.last_zone(),
        "place": held.place,
        "room": held.room,
        "link": held.link,
        "delivery": held.delivery,
        "trainer": held.trainer_account_id or (0 if days else g.viewer.account_id),
        "capacity": held.capacity,
        "minutes": held.minutes,
        "needs_approval": held.needs_approval,
        "hold_hours": held.hold_hours,
        "cost": cost,
        "note": held.note,
    }


AnyForm = TypeVar("AnyForm", bound=SessionForm)


def _with_choices(form: AnyForm) -> AnyForm:
    form.module.choices = [(one, label) for one, label, _ in queries.module_options()]
    form.trainer.choices = [(0, "Not named yet"), *queries.trainer_options()]
    while len(form.days) < 4:
        form.days.append_entry()
    return form


@bp.route("/sessions/<int:session_id>/edit", methods=["GET", "POST"])
@requires("sessions:run")
def session_edit(session_id: int) -> ResponseReturnValue:
    """Change a session; what matters to its people is told to them."""
    held = _held(session_id)
    form = _with_choices(ChangeSessionForm(data={**held, "version": session_version(session_id)}))
    if request.method == "POST":
        form.module.data = held["module"]
        form.module.validate_choice = False  # it stays what it is, retired or not
    if form.validate_on_submit():
        try:
            moved = services.change_session(
                session_id,
                form.draft(held["module"]),
                account_id=g.viewer.account_id,
                confirmed=form.confirmed.data,
                seen=form.seen(),
            )
        except ConflictError as error:
            form.collide(error, _changed_meanwhile(session_id, form, held))
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            more = f" {plural(moved, 'person moved', 'people moved')} up." if moved else ""
            flash(f"Saved.{more} Those it matters to are told.", "success")
            return redirect(url_for(".session_detail", session_id=session_id))
    page = queries.session_page(session_id, g.viewer, today())
    shown = render_template("curricula/session_edit.html", form=form, zones=ZONES, page=page)
    return shown, form.status


def _changed_meanwhile(session_id: int, form: ChangeSessionForm, held: dict[str, Any]) -> Conflict:
    trainers = dict(queries.trainer_options())
    kept = ChangeSessionForm(formdata=None, data=held)
    sent, there = (told_of(one.draft(held["module"]), trainers) for one in (form, kept))
    values = differing(sent, there, {})
    who, at = last_change(["session.change"], "session", session_id)
    return Conflict(values, who, at)


@bp.route("/sessions/<int:session_id>/cancel", methods=["GET", "POST"])
@requires("sessions:run")
def session_cancel(session_id: int) -> ResponseReturnValue:
    """Ask for the reason, and cancel a session."""
    check_runs(g.viewer, session_id)
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            told = services.cancel_session(
                session_id, form.reason.data or "", account_id=g.viewer.account_id
            )
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            flash(f"Cancelled. {plural(told, 'person is', 'people are')} told.", "success")
            return redirect(url_for(".session_detail", session_id=session_id))
    page = queries.session_page(session_id, g.viewer, today())
    return render_template("curricula/session_cancel.html", form=form, page=page, **SHOWN)


@bp.route("/sessions/staffing", methods=["GET", "POST"])
@requires("sessions:run")
def session_staffing() -> ResponseReturnValue:
    """Show and set how many people of each unit have to stay at work."""
    form = StaffingForm()
    units = {unit.id: unit for unit in queries.unit_minima(today())}
    if form.validate_on_submit():
        unit = units.get(form.unit.data)
        try:
            least = _least(form, unit.people if unit else 0)
            services.set_staffing_minimum(
                form.unit.data, least, account_id=g.viewer.account_id, seen=form.seen()
            )
        except ConflictError as error:
            form.collide(error, _set_meanwhile(units[form.unit.data], least))
        except RefusedError as refusal:
            flash(refusal.message, "bad")
        else:
            flash("Saved. Sessions that take more people are warned about.", "success")
        if not form.conflict:
            return redirect(url_for(".session_staffing"))
    shown = render_template(
        "curricula/session_staffing.html", form=form, units=list(units.values())
    )
    return shown, form.status


def _least(form: StaffingForm, people: int) -> int | None:
    text = (form.least.data or "").strip()
    return least_staff(text, people) if text else None


def _set_meanwhile(unit: queries.UnitMinimum, least: int | None) -> Conflict:
    sent, held = (str(one) if one else "no minimum" for one in (least, unit.least))
    who, at = last_change(["staffing.set"], "unit", unit.id)
    return Conflict([Both(f"Have to stay of {unit.path}", sent, held)], who, at)

"""What a person has to learn, the manager's view of it, messages, and the links in letters."""

from datetime import date, datetime
from email.utils import parseaddr
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from core.clock import today
from core.errors import ConflictError, RefusedError
from core.web.access import PUBLIC, SIGNED_IN, requires
from core.web.forms import Both, Conflict
from core.words import day, day_short
from curricula.forms import AssignForm, AssignmentForm, ConfirmForm
from curricula.queries import notices
from curricula.queries.learning import (
    PER_PAGE,
    Assigned,
    AssignmentPage,
    Learning,
    assignment_page,
    learning_of,
)
from curricula.queries.questions import open_questions
from curricula.queries.reach import get_learner, may_assign_to
from curricula.queries.session_lists import to_decide
from curricula.queries.team_learning import team_learning
from curricula.rules.calendars import Party
from curricula.rules.headlines import (
    Due,
    Open,
    own_headline,
    question_about,
    team_headline,
    their_headline,
)
from curricula.rules.learning import STANDING_LABELS
from curricula.rules.notices import KINDS, MODE_LABELS, WEEKLY, mode_of
from curricula.rules.sessions import when_words
from curricula.rules.words import ENROLMENT_LABELS, SOURCE_WORDS, NoticeMode
from curricula.services import assigning, notifying
from curricula.services.feedback import token_of
from curricula.services.inviting import organizers
from curricula.services.links import sites
from curricula.services.practising import tick_practice
from curricula.services.working import register_work
from people.queries.auditing import last_change
from people.rules.levels import RoleName
from people.services.auditing import note_look

bp = Blueprint("learning", __name__)


def start_learning() -> None:
    """Let letters lead back here, and workers know what falls due."""
    register_work()
    if not sites:
        sites.append(lambda: str(current_app.config["BASE_URL"]))
    if not organizers:
        organizers.append(_organizer)


def _organizer() -> Party:
    name, address = parseaddr(str(current_app.config["MAIL_FROM"]))
    return Party(name or str(current_app.config["ORGANISATION"]), address)


def local_time(at: datetime, zone: str) -> str:
    """Return a moment on the clock of a zone: "2 Oct 2026, 09:00"."""
    there = at.astimezone(ZoneInfo(zone))
    return f"{day_short(there.date())}, {there:%H:%M}"


LABELS = {
    "standings": STANDING_LABELS,
    "statuses": ENROLMENT_LABELS,
    "local_time": local_time,
    "when_words": when_words,
}


def _open_of(learning: Learning) -> Open:
    due = [Due(one.title, one.due_on) for one in learning.open]
    due += [Due(f"Refresher: {one.title}", one.until) for one in learning.refreshing]
    return Open(
        len(learning.open),
        learning.overdue_count,
        len(learning.refreshing),
        sum(1 for one in learning.refreshing if one.days_over),
        min(due, key=lambda one: one.due_on or date.max, default=None),
    )


@bp.get("/learning")
@requires("learning:own")
def my_learning() -> ResponseReturnValue:
    """Show what I have to do next and by when, and what I completed."""
    learning = learning_of(g.viewer.employee_id, g.viewer, today())
    return render_template(
        "curricula/my_learning.html",
        learning=learning,
        headline=own_headline(_open_of(learning)),
        questions=open_questions(g.viewer.employee_id, today()),
        token_of=token_of,
        **LABELS,
    )


@bp.post("/learning/practice/<int:completion_id>/<int:number>")
@requires("learning:own")
def practice_done(completion_id: int, number: int) -> ResponseReturnValue:
    """Tick off a few minutes of practice."""
    following = tick_practice(completion_id, number, viewer=g.viewer)
    then = f" The next one is for {day(following)}." if following else " That was the last one."
    flash(f"Noted: you practised.{then}", "success")
    return redirect(url_for(".my_learning"))


@bp.get("/team-learning/people/<int:employee_id>")
@requires("people:read")
def person_learning(employee_id: int) -> ResponseReturnValue:
    """Show what somebody has to do and has completed, to those who may see it."""
    if employee_id == g.viewer.employee_id:
        return redirect(url_for(".my_learning"))
    get_learner(g.viewer, employee_id, today())
    note_look(g.viewer, [employee_id], "learning")
    return _person_page(employee_id, AssignForm.offered())


def _person_page(employee_id: int, form: AssignForm) -> ResponseReturnValue:
    learning = learning_of(employee_id, g.viewer, today())
    return render_template(
        "curricula/person_learning.html",
        learning=learning,
        headline=their_headline(learning.name, _open_of(learning)),
        may_change=may_assign_to(g.viewer, employee_id, today()),
        form=form,
        **LABELS,
    )


@bp.post("/team-learning/people/<int:employee_id>")
@requires("curricula:assign")
def person_assign(employee_id: int) -> ResponseReturnValue:
    """Assign a curriculum to somebody."""
    get_learner(g.viewer, employee_id, today())
    form = AssignForm.offered()
    if form.validate_on_submit():
        try:
            new = assigning.assign_by_hand(
                form.curriculum_id.data,
                [employee_id],
                form.due_on.data,
                viewer=g.viewer,
                told=form.told.data,
            )
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            flash("Assigned." if new else "It is open for this person already.", "success")
            return redirect(url_for(".person_learning", employee_id=employee_id))
    return _person_page(employee_id, form)


@bp.route("/learning/curricula/<int:assignment_id>", methods=["GET", "POST"])
@requires("people:read")
def assignment(assignment_id: int) -> ResponseReturnValue:
    """Show a curriculum of somebody module by module, and let who may change it."""
    page = assignment_page(assignment_id, g.viewer, today())
    if page.assigned is None:
        return redirect(url_for(".person_learning", employee_id=page.employee_id))
    form = AssignmentForm(due_on=page.assigned.due_on, version=page.version)
    if form.validate_on_submit():
        question = _question(page, form)
        if question:
            return question
        try:
            _change(assignment_id, form)
        except ConflictError as error:
            form.collide(error, _changed_meanwhile(form, page.assigned))
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            flash("Changed. They are told.", "success")
            return redirect(url_for(".person_learning", employee_id=page.employee_id))
    shown = render_template(
        "curricula/assignment_page.html",
        page=page,
        own=page.employee_id == g.viewer.employee_id,
        may_change=may_assign_to(g.viewer, page.employee_id, today()),
        form=form,
        sources=SOURCE_WORDS,
        when_words=when_words,
    )
    return shown, form.status


def _question(page: AssignmentPage, form: AssignmentForm) -> str:
    """Return the page that asks before something is taken off somebody; "" where nothing is."""
    action = request.form.get("action", "")
    may = may_assign_to(g.viewer, page.employee_id, today())
    if page.assigned is None or not may or request.form.get("sure"):
        return ""
    asked = question_about(action, page.assigned.title, page.name, form.reason.data or "")
    if asked is None:
        return ""
    return render_template(
        "curricula/assignment_ask.html", page=page, form=form, action=action, **vars(asked)
    )


def _change(assignment_id: int, form: AssignmentForm) -> None:
    action = request.form.get("action", "")
    reason, seen = form.reason.data or "", form.seen()
    if action == "due":
        assigning.change_due(assignment_id, form.due_on.data, viewer=g.viewer, seen=seen)
    elif action == "exempt":
        assigning.exempt(assignment_id, reason, viewer=g.viewer, seen=seen)
    elif action == "end":
        assigning.end_assignment(assignment_id, reason, viewer=g.viewer, seen=seen)
    elif action == "ask-again":
        assigning.end_exemption(assignment_id, viewer=g.viewer, seen=seen)
    else:
        raise RefusedError("Choose what to change.")


def _changed_meanwhile(form: AssignmentForm, held: Assigned) -> Conflict:
    days = [day(one) if one else "no day" for one in (form.due_on.data, held.due_on)]
    reasons = (form.reason.data or "", held.exempt_reason or "")
    who, at = last_change(["assignment.change"], "assignment", held.id)
    return Conflict([Both("Due on", *days), Both("Exempted because", *reasons)], who, at)


@bp.get("/team-learning")
@requires("learning:team")
def team() -> ResponseReturnValue:
    """Show who of the own tree has what open, due and overdue, by name."""
    search, show = (request.args.get(name, "").strip()[:200] for name in ("search", "show"))
    page = page_number()
    found = team_learning(g.viewer, today(), text=search, show=show, page=page)
    note_look(g.viewer, [row.employee_id for row in found.rows], "team learning")
    return render_template(
        "curricula/team_learning.html",
        team=found,
        when_words=when_words,
        requests=to_decide(g.viewer, today()) if g.viewer.manages else [],
        headline=team_headline(found.people, found.overdue, found.due_soon),
        is_hr=g.viewer.is_a(RoleName.HR),
        search=search,
        show=show,
        pages=pages_of(page, found.total, search=search or None, show=show or None),
    )


def page_number() -> int:
    """Return which page of a list is asked for, from 1."""
    text = request.args.get("page", "1")
    if not text.isascii() or not text.isdigit() or len(text) > len("100000"):
        return 1
    return max(1, int(text))


def pages_of(page: int, total: int, **choices: Any) -> dict[str, object]:
    """Return what is shown on this page of a list, and the addresses of the ones beside it."""
    first, last = (page - 1) * PER_PAGE + 1, min(page * PER_PAGE, total)
    endpoint = str(request.endpoint)
    previous = url_for(endpoint, page=page - 1, **choices) if page > 1 else None
    following = url_for(endpoint, page=page + 1, **choices) if last < total else None
    return {"first": first, "last": last, "previous": previous, "following": following}


@bp.get("/learning/messages")
@requires(SIGNED_IN)
def message_list() -> ResponseReturnValue:
    """Show everything I was told, and why."""
    page = page_number()
    found = notices.messages_to(g.viewer.employee_id, g.viewer.account_id, page)
    return render_template(
        "curricula/message_list.html",
        messages=found,
        everyone=False,
        search="",
        pages=pages_of(page, found.total),
    )


@bp.get("/letters")
@requires("notices:read")
def letter_list() -> ResponseReturnValue:
    """Show what was sent to whom, and why."""
    page, search = page_number(), request.args.get("search", "").strip()[:200]
    found = notices.messages_sent(search, page)
    note_look(g.viewer, [one.employee_id for one in found.shown], "messages")
    return render_template(
        "curricula/message_list.html",
        messages=found,
        everyone=True,
        search=search,
        pages=pages_of(page, found.total, search=search or None),
    )


@bp.route("/learning/messages/settings", methods=["GET", "POST"])
@requires(SIGNED_IN)
def message_settings() -> ResponseReturnValue:
    """Let me choose how I hear of what."""
    address = notices.address_of(g.viewer.employee_id, g.viewer.account_id)
    form = ConfirmForm()
    if form.validate_on_submit():
        notifying.set_preferences(address, _chosen())
        flash("Your choices are kept.", "success")
        return redirect(url_for(".message_settings"))
    held = notices.preferences_of(address)
    without = {kind: mode for kind, mode in held.items() if kind != WEEKLY}
    return render_template(
        "curricula/message_settings.html",
        kinds=list(KINDS.values()),
        chosen={kind: mode_of(kind, without) for kind in KINDS},
        weekly=held.get(WEEKLY) is not NoticeMode.NONE,
        address=address,
        modes=list(MODE_LABELS.items()),
        form=form,
    )


def _chosen() -> dict[str, NoticeMode]:
    weekly = NoticeMode.DIGEST if request.form.get("weekly") else NoticeMode.NONE
    words = {mode.value: mode for mode in NoticeMode}
    asked = {kind: words.get(request.form.get(f"kind-{kind}", "")) for kind in KINDS}
    return {WEEKLY: weekly, **{kind: mode for kind, mode in asked.items() if mode}}


@bp.get(f"{notifying.STOP_PATH}/<string:token>")
@requires(PUBLIC)
def letters_stop(token: str) -> ResponseReturnValue:
    """Ask whoever follows a link in a letter whether such letters shall stop."""
    return _stop_page(notifying.what_stops(token), done=False)


@bp.post(f"{notifying.STOP_PATH}/<string:token>")
@requires(PUBLIC)
def letters_stopped(token: str) -> ResponseReturnValue:
    """Stop letters by one click, or by the button of a mail program."""
    kind = notifying.what_stops(token)
    notifying.stop_letters(token)
    return _stop_page(kind, done=True)


def _stop_page(kind: str, *, done: bool) -> ResponseReturnValue:
    label = "The weekly letter" if kind == WEEKLY else KINDS[kind].label
    return render_template(
        "curricula/letters_stop.html", label=label, done=done, form=ConfirmForm()
    )


@bp.record_once
def _take_one_click(state: BlueprintSetupState) -> None:
    """A mail program has no form of ours; the seal of the link says that it is the reader's."""
    state.app.extensions["csrf"].exempt(letters_stopped)

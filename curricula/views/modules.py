"""Modules: the list, a module with its versions, and what becomes of them."""

from typing import Any

from flask import Blueprint, Response, current_app, flash, g, redirect, render_template, request
from flask import url_for as url
from flask.typing import ResponseReturnValue

from core.clock import today
from core.errors import NotFoundError, RefusedError
from core.web.access import requires
from core.web.downloads import download
from core.words import day
from curricula.exports.pdf import guide_pdf, handout_pdf
from curricula.forms import CopyModuleForm, MaterialForm, OwnerForm, PublishForm, StillRightForm
from curricula.queries import modules as queries
from curricula.queries.care import owner_version, possible_owners
from curricula.queries.drafts import draft_of, get_version
from curricula.rules.comparing import compare
from curricula.rules.modules import copy_names
from curricula.rules.words import (
    CHANNEL_LABELS,
    DIMENSION_LABELS,
    LEVELS_BOTTOM_UP,
    STATE_LABELS,
    STEP_LABELS,
    level_labels,
)
from curricula.services import modules as services
from curricula.services.standing_in import change_stand_in
from ledger.queries.courses import category_options
from people.rules.levels import LEVEL_LABELS

bp = Blueprint("curricula", __name__)
LABELS: dict[str, Any] = {
    "states": STATE_LABELS,
    "channels": {channel.value: label for channel, label in CHANNEL_LABELS.items()},
    "kinds": {kind.value: label for kind, label in STEP_LABELS.items()},
    "dimensions": DIMENSION_LABELS,
    "level_labels": level_labels,
    "levels": [(level.value, LEVEL_LABELS[level]) for level in LEVELS_BOTTOM_UP],
}


def revision_seen() -> int:
    """Return the revision the form was made from; -1, which is none, where it carries none."""
    text = request.form.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < len("100000000") else -1


def sees_drafts() -> bool:
    """Tell whether whoever looks sees what is not published."""
    return "curricula:drafts" in g.permissions


@bp.get("/modules")
@requires("curricula:read")
def module_list() -> ResponseReturnValue:
    """Show the modules, by side, category, level and state."""

    def asked(name: str) -> str:
        return request.args.get(name, "").strip()[:200]

    wanted = queries.ModuleFilter(
        text=asked("search"),
        side=asked("side"),
        category=asked("category"),
        level=asked("level"),
        state=asked("state"),
        owner=asked("owner"),
        account_id=g.viewer.account_id,
    )
    return render_template(
        "curricula/module_list.html",
        wanted=wanted,
        modules=queries.module_rows(wanted, today(), drafts=sees_drafts()),
        categories=category_options(today()),
        due=queries.due_to(g.viewer.account_id, today()),
        may_write="curricula:write" in g.permissions,
        **LABELS,
    )


@bp.get("/modules/<int:module_id>")
@requires("curricula:read")
def module_page(module_id: int) -> ResponseReturnValue:
    """Show a module: the published version, or the one in work for those who see it."""
    return _module_page(module_id, None)


@bp.get("/modules/<int:module_id>/versions/<int:number>")
@requires("curricula:read")
def module_version(module_id: int, number: int) -> ResponseReturnValue:
    """Show one version of a module."""
    return _module_page(module_id, number)


def _module_page(module_id: int, number: int | None) -> ResponseReturnValue:
    page = queries.module_page(module_id, number, today(), drafts=sees_drafts())
    return shown_module(page, owner_form(page))


def shown_module(page: queries.ModulePage, form: OwnerForm) -> ResponseReturnValue:
    """Return the page of a version, with what was typed to change its owner."""
    shown = render_template(
        "curricula/module_page.html",
        page=page,
        draft=page.draft,
        teaches=sees_drafts(),
        may_write="curricula:write" in g.permissions,
        publish_form=PublishForm(),
        review_form=StillRightForm(),
        owner_form=form,
        material_form=MaterialForm(formdata=None),
        **LABELS,
    )
    return shown, form.status


def owner_form(page: queries.ModulePage) -> OwnerForm:
    """Return the form that names an owner, with the one there is."""
    held = {"owner": page.owner_id or 0, "version": owner_version(page.id)}
    form = OwnerForm(formdata=None, data=held)
    form.owner.choices = owner_choices()
    return form


def owner_choices() -> list[tuple[int, str]]:
    """Return who may own a module."""
    return [(0, "Nobody"), *possible_owners()]


@bp.get("/modules/<int:module_id>/compare")
@requires("curricula:drafts")
def module_compare(module_id: int) -> ResponseReturnValue:
    """Show what differs between two versions of a module."""
    page = queries.module_page(module_id, None, today(), drafts=True)
    numbers = [version.number for version in page.versions]
    new = _number("new", numbers, numbers[0])
    old = _number("old", numbers, next((one for one in numbers if one < new), new))
    drafts = [draft_of(get_version(module_id, number), today()) for number in (old, new)]
    return render_template(
        "curricula/module_compare.html",
        page=page,
        old=old,
        new=new,
        sections=compare(*drafts),
        **LABELS,
    )


def _number(name: str, known: list[int], usual: int) -> int:
    text = request.args.get(name, "")
    asked = int(text) if text.isascii() and text.isdigit() and len(text) < len("10000") else usual
    return asked if asked in known else usual


@bp.get("/modules/<int:module_id>/versions/<int:number>/guide.pdf")
@requires("curricula:drafts")
def module_guide(module_id: int, number: int) -> ResponseReturnValue:
    """Hand out the trainer guide as a PDF."""
    page = queries.module_page(module_id, number, today(), drafts=True)
    names = {option.code: option.name for option in category_options(today())}
    made = guide_pdf(page.draft, _version_line(page), current_app.config["ORGANISATION"], names)
    return _file(made, f"{page.code} trainer guide.pdf")


@bp.get("/modules/<int:module_id>/versions/<int:number>/handout.pdf")
@requires("curricula:read")
def module_handout(module_id: int, number: int) -> ResponseReturnValue:
    """Hand out the participant handout as a PDF of one page."""
    page = queries.module_page(module_id, number, today(), drafts=sees_drafts())
    try:
        made = handout_pdf(page.draft, _version_line(page), current_app.config["ORGANISATION"])
    except RefusedError as refusal:
        flash(refusal.message, "bad")
        return redirect(url(".module_version", module_id=module_id, number=number))
    return _file(made, f"{page.code} handout.pdf")


def _version_line(page: queries.ModulePage) -> str:
    if page.published_at is None:
        return f"version {page.number}, {STATE_LABELS[page.state].lower()}"
    return f"version {page.number}, published {day(page.published_at.date())}"


def _file(content: bytes, name: str) -> Response:
    return download(content, name)


@bp.post("/modules/<int:module_id>/begin-version")
@requires("curricula:write")
def module_begin_version(module_id: int) -> ResponseReturnValue:
    """Begin the next version of a module and open it."""
    try:
        services.begin_version(module_id, account_id=g.viewer.account_id)
    except RefusedError as refusal:
        return refused(module_id, refusal)
    return redirect(url(".module_edit", module_id=module_id))


@bp.post("/modules/<int:module_id>/review")
@requires("curricula:write")
def module_review(module_id: int) -> ResponseReturnValue:
    """Send a draft to review, or take it back."""
    try:
        services.send_to_review(module_id, account_id=g.viewer.account_id)
    except RefusedError as refusal:
        return refused(module_id, refusal)
    return redirect(_in_work(module_id))


@bp.post("/modules/<int:module_id>/publish")
@requires("curricula:write")
def module_publish(module_id: int) -> ResponseReturnValue:
    """Publish the version in work."""
    form = PublishForm()
    if not form.validate_on_submit():
        return refused(module_id, RefusedError("The day is not a day; write it as 2026-03-31."))
    try:
        number = services.publish_module(
            module_id,
            account_id=g.viewer.account_id,
            from_on=form.from_on.data,
            revision=-1 if form.revision.data is None else form.revision.data,
        )
    except RefusedError as refusal:
        return refused(module_id, refusal)
    flash(f"Version {number} is published. Its hours classify by themselves.", "success")
    return redirect(url(".module_page", module_id=module_id))


@bp.route("/modules/<int:module_id>/versions/<int:number>/copy", methods=["GET", "POST"])
@requires("curricula:write")
def module_copy(module_id: int, number: int) -> ResponseReturnValue:
    """Ask what the copy of a version is called, make it and open it."""
    page = queries.module_page(module_id, number, today(), drafts=True)
    form = CopyModuleForm(data=copy_names(page.code, page.draft.title, queries.module_codes()))
    if form.validate_on_submit():
        code, title = form.code.data.strip().upper(), form.title.data.strip()
        try:
            copy_id = services.copy_module(
                module_id,
                number,
                code=code,
                title=title,
                account_id=g.viewer.account_id,
                stands_in=form.stands_in.data,
            )
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            counts = f" Who completes it has completed {page.code} as well."
            said = counts if form.stands_in.data else ""
            flash(f"Copied. This is your own module now; change what you like.{said}", "success")
            return redirect(url(".module_edit", module_id=copy_id))
    return render_template("curricula/module_copy.html", form=form, page=page)


@bp.post("/modules/<int:module_id>/stand-in")
@requires("curricula:write")
def module_stand_in(module_id: int) -> ResponseReturnValue:
    """Let a copy stand in for its original, or take that away."""
    stands = request.form.get("stands") == "yes"
    try:
        original = change_stand_in(module_id, stands=stands, account_id=g.viewer.account_id)
    except RefusedError as refusal:
        return refused(module_id, refusal)
    words = f"It stands in for {original} now." if stands else f"It counts apart from {original}."
    flash(words, "success")
    return redirect(_in_work(module_id))


def refused(module_id: int, refusal: RefusedError) -> ResponseReturnValue:
    """Say what is wrong on the page of the version in work, else of the module."""
    where = _in_work(module_id)
    flash(refusal.message, "bad")
    return redirect(where)


def _in_work(module_id: int) -> str:
    page = queries.module_page(module_id, None, today(), drafts=True)
    working = page.in_work
    if working is None:
        return url(".module_page", module_id=module_id)
    return url(".module_version", module_id=module_id, number=working.number)


def working_page(module_id: int) -> queries.ModulePage:
    """Return the module with the version that may be changed.

    Raises:
        NotFoundError: Nothing is in work.
    """
    page = queries.module_page(module_id, None, today(), drafts=True)
    if page.in_work is None:
        raise NotFoundError("No version of this module is in work. Begin a new version of it.")
    return queries.module_page(module_id, page.in_work.number, today(), drafts=True)

"""Curricula: the list, a curriculum with its mix, and the builder."""

from collections.abc import Callable

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.clock import today
from core.errors import ConflictError, RefusedError
from core.web.access import requires
from curricula.forms import CurriculumForm, ItemForm, NewCurriculumForm
from curricula.queries.curricula import CurriculumPage, curriculum_page, curriculum_rows
from curricula.queries.drafts import get_curriculum
from curricula.queries.modules import module_choices
from curricula.rules.contents import ItemDraft
from curricula.rules.words import ModuleState
from curricula.services import curricula as services
from curricula.views.modules import LABELS, bp, revision_seen, sees_drafts
from people.queries.visibility import balance_scope


@bp.get("/curricula")
@requires("curricula:read")
def curriculum_list() -> ResponseReturnValue:
    """Show the curricula with their mixes."""
    text = request.args.get("search", "").strip()[:200]
    return render_template(
        "curricula/curriculum_list.html",
        search=text,
        curricula=curriculum_rows(text, today(), drafts=sees_drafts()),
        may_write="curricula:write" in g.permissions,
        **LABELS,
    )


@bp.get("/curricula/<int:curriculum_id>")
@requires("curricula:read")
def curriculum_detail(curriculum_id: int) -> ResponseReturnValue:
    """Show a curriculum: its mix, what it does to the balance, its modules in order."""
    return render_template(
        "curricula/curriculum_detail.html",
        page=curriculum_page(curriculum_id, today(), drafts=sees_drafts(), balance=_sees_balance()),
        may_write="curricula:write" in g.permissions,
        **LABELS,
    )


def _sees_balance() -> bool:
    """Tell whether whoever looks sees the balance of the whole organisation."""
    scope = balance_scope(g.viewer, today())
    return scope.employees is None and scope.unit_id is None


@bp.route("/curricula/new", methods=["GET", "POST"])
@requires("curricula:write")
def curriculum_new() -> ResponseReturnValue:
    """Begin a curriculum."""
    form = NewCurriculumForm()
    if form.validate_on_submit():
        draft = form.draft(form.code.data.strip().upper())
        try:
            found = services.begin_curriculum(draft, account_id=g.viewer.account_id)
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for(".curriculum_edit", curriculum_id=found))
    return render_template("curricula/curriculum_new.html", form=form)


@bp.get("/curricula/<int:curriculum_id>/edit")
@requires("curricula:write")
def curriculum_edit(curriculum_id: int) -> ResponseReturnValue:
    """Show the builder: modules to order, add and take out, and the mix they make."""
    page = curriculum_page(curriculum_id, today(), drafts=True, balance=_sees_balance())
    if page.state is not ModuleState.DRAFT:
        return redirect(url_for(".curriculum_detail", curriculum_id=curriculum_id))
    return _builder(page, _described(page))


def _builder(page: CurriculumPage, form: CurriculumForm) -> str:
    taken = {item.code for item in page.items}
    return render_template(
        "curricula/curriculum_edit.html",
        page=page,
        form=form,
        choices=[row for row in module_choices(today()) if row.code not in taken],
        **LABELS,
    )


def _described(page: CurriculumPage) -> CurriculumForm:
    draft = page.draft
    return CurriculumForm(
        title=draft.title,
        levels=list(draft.levels),
        summary=draft.summary,
        gate=draft.gate,
        due_days=draft.due_days,
        prerequisites=", ".join(draft.prerequisites),
        renewal_days=draft.renewal_days,
    )


@bp.post("/curricula/<int:curriculum_id>/edit")
@requires("curricula:write")
def curriculum_describe(curriculum_id: int) -> ResponseReturnValue:
    """Save title, levels, gate and days of a curriculum."""
    page = curriculum_page(curriculum_id, today(), drafts=True, balance=_sees_balance())
    form = CurriculumForm()
    if form.validate_on_submit():
        try:
            services.describe_curriculum(
                curriculum_id,
                form.draft(page.draft.code),
                revision=revision_seen(),
                account_id=g.viewer.account_id,
            )
        except RefusedError as refusal:
            form.refuse(refusal)
            status = 409 if isinstance(refusal, ConflictError) else 200
            return Response(_builder(page, form), status=status)
        else:
            flash("Saved.", "success")
            return redirect(url_for(".curriculum_edit", curriculum_id=curriculum_id))
    return _builder(page, form)


@bp.post("/curricula/<int:curriculum_id>/items")
@requires("curricula:write")
def curriculum_item_add(curriculum_id: int) -> ResponseReturnValue:
    """Add a module at the end."""
    get_curriculum(curriculum_id)
    form = ItemForm()
    if not form.validate_on_submit():
        return _refused(curriculum_id, "Choose a module, and days from 1 to 3650 or none.")

    def add() -> None:
        services.add_item(
            curriculum_id, form.draft(), revision=revision_seen(), account_id=g.viewer.account_id
        )

    return _done(curriculum_id, add)


@bp.post("/curricula/<int:curriculum_id>/items/change")
@requires("curricula:write")
def curriculum_item_change(curriculum_id: int) -> ResponseReturnValue:
    """Change an item: its place, whether it is required or a gate, or take it out."""
    get_curriculum(curriculum_id)
    form = ItemForm()
    if not form.validate_on_submit():
        return _refused(curriculum_id, "Days from 1 to 3650, or none.")
    item = form.draft()

    def change() -> None:
        _change(curriculum_id, item)

    return _done(curriculum_id, change)


def _change(curriculum_id: int, item: ItemDraft) -> None:
    action = request.form.get("action", "save")
    words = {"revision": revision_seen(), "account_id": g.viewer.account_id}
    if action == "remove":
        services.remove_item(curriculum_id, item.module, **words)
    elif action == "save":
        services.change_item(curriculum_id, item, **words)
    else:
        services.move_item(curriculum_id, item.module, _place(action), **words)


def _place(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) < len("1000"):
        return int(text)
    raise RefusedError("Move it with the buttons, or drag it.")


@bp.post("/curricula/<int:curriculum_id>/renewal")
@requires("curricula:write")
def curriculum_renewal(curriculum_id: int) -> ResponseReturnValue:
    """Say which modules the path for renewal has."""

    def keep() -> None:
        services.set_renewal(
            curriculum_id,
            tuple(request.form.getlist("renewal")[:200]),
            revision=revision_seen(),
            account_id=g.viewer.account_id,
        )

    return _done(curriculum_id, keep)


@bp.post("/curricula/<int:curriculum_id>/publish")
@requires("curricula:write")
def curriculum_publish(curriculum_id: int) -> ResponseReturnValue:
    """Publish a curriculum, so that it can be assigned."""

    def publish() -> None:
        services.publish_curriculum(
            curriculum_id, account_id=g.viewer.account_id, revision=revision_seen()
        )
        flash("Published. It can be assigned now.", "success")

    return _done(curriculum_id, publish, "curriculum_detail")


@bp.post("/curricula/<int:curriculum_id>/copy")
@requires("curricula:write")
def curriculum_copy(curriculum_id: int) -> ResponseReturnValue:
    """Copy a curriculum and open the copy."""
    copy_id = services.copy_curriculum(curriculum_id, account_id=g.viewer.account_id)
    flash("Copied. This is your own curriculum now.", "success")
    return redirect(url_for(".curriculum_edit", curriculum_id=copy_id))


def _done(
    curriculum_id: int, act: Callable[[], None], page: str = "curriculum_edit"
) -> ResponseReturnValue:
    """Do something and show the curriculum again, with what was refused."""
    try:
        act()
    except ConflictError as conflict:
        flash(conflict.message, "bad")
        now = curriculum_page(curriculum_id, today(), drafts=True, balance=_sees_balance())
        return Response(_builder(now, _described(now)), status=409)
    except RefusedError as refusal:
        return _refused(curriculum_id, refusal.message)
    return redirect(url_for(f".{page}", curriculum_id=curriculum_id) + _anchor(page))


def _anchor(page: str) -> str:
    """Return where on the page one was."""
    return "#modules" if page == "curriculum_edit" else ""


def _refused(curriculum_id: int, message: str) -> ResponseReturnValue:
    flash(message, "bad")
    return redirect(url_for(".curriculum_edit", curriculum_id=curriculum_id))

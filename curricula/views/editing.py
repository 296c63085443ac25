"""Writing a module: the editor, which works without scripts, and the preview of its texts."""

from dataclasses import replace
from typing import Any

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.clock import today
from core.errors import ConflictError, RefusedError
from core.markdown import MOST_CHARS, markdown_html
from core.web.access import requires
from curricula.forms import ConfirmForm, NewModuleForm
from curricula.queries.modules import ModulePage, module_choices
from curricula.rules.contents import TEXTS, ModuleDraft, Plain, Reading, plain_of
from curricula.rules.files import read_module
from curricula.rules.modules import plan_remark
from curricula.rules.typed import OPTIONS, SPARE, plain_of_typed
from curricula.services.modules import begin_module, save_version
from curricula.views.modules import LABELS, bp, revision_seen, working_page
from ledger.queries.courses import category_options

LISTS = ("levels", "channels", "dimensions", "prerequisites")
HINTS = {
    "summary": "What this is, for whom, and what changes at work afterwards. 60 to 120 words.",
    "preparation": "Room, group, what to print and bring, what to ask the unit beforehand.",
    "facilitator_notes": "Where it goes wrong, what people object and what to answer.",
    "practice": "The main practice in full: set-up, rounds, cards or cases.",
    "handout": "One printed page: at most 380 words. It is useful at work the next day.",
    "assessment": "Who assesses what, and what happens when it is not passed yet.",
    "follow_up": "What to do at the refresher days, five minutes each.",
}

SECTIONS = (
    ("facts", "Facts"),
    ("outcomes", "Outcomes"),
    *TEXTS[:2],
    ("plan", "Session plan"),
    *TEXTS[2:4],
    ("plays", "Role-plays"),
    TEXTS[4],
    ("quiz", "Quiz"),
    ("rubric", "Observer rubric"),
    *TEXTS[5:],
    ("note", "Note on the change"),
)
"""The parts of the editor in its order, by the beginning of the ids of their headings."""


@bp.route("/modules/new", methods=["GET", "POST"])
@requires("curricula:write")
def module_new() -> ResponseReturnValue:
    """Begin a module."""
    form = NewModuleForm()
    form.category.choices = _category_names()
    if form.validate_on_submit():
        try:
            module_id = begin_module(form.draft(), account_id=g.viewer.account_id)
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for(".module_edit", module_id=module_id))
    return render_template("curricula/module_new.html", form=form)


def _category_names() -> list[tuple[str, str]]:
    return [(option.code, option.name) for option in category_options(today())]


@bp.get("/modules/<int:module_id>/edit")
@requires("curricula:write")
def module_edit(module_id: int) -> ResponseReturnValue:
    """Show the version in work, to be changed."""
    page = working_page(module_id)
    return _editor(page, plain_of(page.draft), page.revision, [])


@bp.post("/modules/<int:module_id>/edit")
@requires("curricula:write")
def module_save(module_id: int) -> ResponseReturnValue:
    """Save the version in work, or show how its texts will look."""
    page = working_page(module_id)
    plain = _typed(page.code)
    reading = Reading()
    draft = read_module(plain, reading)
    problems = [_spoken(str(problem)) for problem in reading.problems]
    action = request.form.get("action", "save")
    if action != "preview" and draft is not None:
        try:
            return _save(page, draft, action)
        except ConflictError as conflict:
            return Response(_editor(page, plain, revision_seen(), [conflict.message]), status=409)
        except RefusedError as refusal:
            problems = [refusal.message]
    return _editor(page, plain, revision_seen(), problems if action != "preview" else [])


def _save(page: ModulePage, draft: ModuleDraft, action: str) -> ResponseReturnValue:
    number = save_version(
        page.id,
        replace(draft, code=page.code),
        revision=revision_seen(),
        note=request.form.get("change_note", "").strip()[:500],
        account_id=g.viewer.account_id,
    )
    remark = plan_remark(draft)
    mend = f" {remark} Mend that before it is published." if remark else ""
    flash(f"Saved version {number}.{mend}", "success")
    if action == "more":
        return redirect(url_for(".module_edit", module_id=page.id))
    return redirect(url_for(".module_version", module_id=page.id, number=number))


def _typed(code: str) -> Plain:
    lists = {name: request.form.getlist(name)[:50] for name in LISTS}
    typed = {name: value for name, value in request.form.items() if name not in LISTS}
    return plain_of_typed(typed, lists, code)


def _spoken(problem: str) -> str:
    return problem[:1].upper() + problem[1:].replace("_", " ")


def _editor(page: ModulePage, plain: Plain, revision: int, problems: list[str]) -> str:
    """Show the editor with what was typed, and empty rows behind what there is."""
    choices = [row for row in module_choices(today()) if row.id != page.id]
    return render_template(
        "curricula/module_edit.html",
        page=page,
        form=ConfirmForm(),
        plain=plain,
        rows=_rows(plain),
        texts=TEXTS,
        hints=HINTS,
        revision=revision,
        problems=problems,
        choices=choices,
        categories=[("", "No category"), *_category_names()],
        options=range(OPTIONS),
        sections=SECTIONS,
        **LABELS,
    )


def _rows(plain: Any) -> dict[str, list[Any]]:
    """Return the parts that come in rows, with spare ones behind them."""
    held = {**plain, "rubric": plain["rubric"]["behaviours"]}
    found: dict[str, list[Any]] = {
        name: [*held[name], *[{} for _ in range(spare)]] for name, spare in SPARE.items()
    }
    shares = list(plain["shares"].items())
    found["shares"] = [*shares, *[("", "")] * (4 - len(shares))]
    return found


@bp.post("/modules/preview")
@requires("curricula:write")
def module_preview() -> ResponseReturnValue:
    """Return the HTML of a Markdown text, for the preview beside it."""
    return markdown_html(request.form.get("text", "")[:MOST_CHARS], 3)

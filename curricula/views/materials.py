"""The files of a module: added and removed while a version is in work, handed out as files."""

from flask import flash, g, redirect
from flask import url_for as url
from flask.typing import ResponseReturnValue

from core.clock import today
from core.errors import NotFoundError, RefusedError
from core.web.access import requires
from core.web.downloads import download
from curricula.forms import ConfirmForm, MaterialForm
from curricula.queries.drafts import get_version
from curricula.queries.materials import material_content, materials_of
from curricula.queries.modules import module_page
from curricula.rules.materials import MOST_BYTES, check_material
from curricula.rules.words import MaterialUse
from curricula.services.materials import add_material, remove_material
from curricula.views.modules import bp, sees_drafts

AT = "/modules/<int:module_id>/versions/<int:number>/materials"


@bp.get(f"{AT}/<int:material_id>")
@requires("curricula:read")
def material_file(module_id: int, number: int, material_id: int) -> ResponseReturnValue:
    """Hand out a file of a version: always as an attachment, never opened inside the pages."""
    page = module_page(module_id, number, today(), drafts=sees_drafts())
    name, media_type, content = material_content(
        page.version_id, material_id, teaches=sees_drafts()
    )
    response = download(content, name)
    response.headers["Content-Type"] = media_type
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@bp.post(AT)
@requires("curricula:write")
def material_add(module_id: int, number: int) -> ResponseReturnValue:
    """Add a file to a version in work."""
    get_version(module_id, number)
    form = MaterialForm()
    if not form.validate_on_submit():
        said = " ".join(message for errors in form.errors.values() for message in errors)
        return _back(module_id, number, said or "Choose a file.", "bad")
    try:
        brought = check_material(
            form.title.data or "",
            MaterialUse(form.use.data),
            form.file.data.filename or "file",
            form.file.data.read(MOST_BYTES + 1),
        )
        reviewed = add_material(module_id, number, brought, account_id=g.viewer.account_id)
    except RefusedError as refusal:
        return _back(module_id, number, refusal.message, "bad")
    return _back(module_id, number, f"Added {brought.file_name}.{_again(reviewed)}", "success")


@bp.post(f"{AT}/<int:material_id>/remove")
@requires("curricula:write")
def material_remove(module_id: int, number: int, material_id: int) -> ResponseReturnValue:
    """Take a file out of a version in work."""
    held = materials_of(get_version(module_id, number).id, teaches=True)
    if material_id not in {one.id for one in held}:
        raise NotFoundError("There is no such file.")
    if not ConfirmForm().validate_on_submit():
        return _back(module_id, number, "Press the button again.", "bad")
    try:
        reviewed = remove_material(module_id, number, material_id, account_id=g.viewer.account_id)
    except RefusedError as refusal:
        return _back(module_id, number, refusal.message, "bad")
    return _back(module_id, number, f"Removed from this version.{_again(reviewed)}", "success")


def _again(was_reviewed: bool) -> str:
    return " It is a draft again: send it to review once more." if was_reviewed else ""


def _back(module_id: int, number: int, message: str, kind: str) -> ResponseReturnValue:
    flash(message, kind)
    return redirect(url(".module_version", module_id=module_id, number=number) + "#materials")

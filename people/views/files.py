"""Bringing in people files: choose, check, record, look back, undo."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import (
    Blueprint,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from core.errors import RefusedError
from core.tables import WEB_LIMITS
from core.web.access import requires
from core.web.downloads import download
from core.words import plural
from people.exports import refused_rows_csv
from people.forms import FIELD_CHOICES, ConfirmForm, PeopleChoicesForm, PeopleFileForm
from people.imports import as_file
from people.queries import batches as queries
from people.queries.employees import employee_count, employees_numbered
from people.rules.files import FIELD_LABELS
from people.services import uploads
from people.services.auditing import note_rows_look
from people.services.importing import PeopleImport, import_people
from people.services.reading import FileLook, look_at
from people.services.undoing import undo_people

bp = Blueprint("people_files", __name__, url_prefix="/import/people")

SHOWN_REFUSALS = 50
COLUMN_PREFIX = "column-"


@bp.route("/", methods=["GET", "POST"])
@requires("people:import")
def people_file_start() -> ResponseReturnValue:
    """Choose a people file; show the ones recorded before."""
    form = PeopleFileForm()
    if form.validate_on_submit():
        content = form.file.data.read()
        name = form.file.data.filename or "people file"
        upload_id = uploads.keep_upload(queries.KIND, name, content, g.viewer.account_id)
        return redirect(url_for(".people_file_check", upload_id=upload_id))
    return render_template(
        "people/people_file_start.html",
        form=form,
        batches=queries.recent_batches(),
        is_empty=employee_count() == 0,
        columns=FIELD_LABELS,
    )


@bp.route("/<int:upload_id>", methods=["GET", "POST"])
@requires("people:import")
def people_file_check(upload_id: int) -> ResponseReturnValue:
    """Show what a file would change, let its reading be mended, and record it."""
    upload = queries.get_upload(upload_id, g.viewer.account_id)
    if upload.batch_id is not None:
        return redirect(url_for(".people_file_detail", batch_id=upload.batch_id))
    form = PeopleChoicesForm(data=_for_form(upload.choices))
    if form.validate_on_submit():
        choices = _chosen(form, request.form)
        uploads.keep_choices(upload_id, choices)
        if request.form.get("action") != "record":
            return redirect(url_for(".people_file_check", upload_id=upload_id))
        return _record(upload_id, choices)
    try:
        preview = _run(upload_id, upload.choices, dry_run=True)
        problem = None
        look: FileLook | None = preview.look
    except RefusedError as refusal:
        preview, problem = None, refusal
        look = _look(upload.content, upload.choices.get("mapping"))
    return render_template(
        "people/people_file_check.html",
        upload=upload,
        form=form,
        preview=preview,
        look=look,
        problem=problem,
        choices=FIELD_CHOICES,
        shown=SHOWN_REFUSALS,
    )


def _for_form(choices: Mapping[str, Any]) -> dict[str, Any]:
    day = choices.get("effective_on")
    return {
        "effective_on": date.fromisoformat(day) if day else None,
        "date_order": choices.get("date_order") or "",
    }


def _chosen(form: PeopleChoicesForm, given: Mapping[str, str]) -> dict[str, Any]:
    day = form.first_day()
    mapping = {
        name.removeprefix(COLUMN_PREFIX): field
        for name, field in given.items()
        if name.startswith(COLUMN_PREFIX)
    }
    return {
        "effective_on": day.isoformat() if day else None,
        "date_order": form.date_order.data,
        "mapping": mapping or None,
    }


def _run(upload_id: int, choices: Mapping[str, Any], *, dry_run: bool) -> PeopleImport:
    upload = queries.get_upload(upload_id, g.viewer.account_id)
    with as_file(upload.content) as path:
        return import_people(
            path,
            file_name=upload.file_name,
            account_id=g.viewer.account_id,
            effective_on=_for_form(choices)["effective_on"],
            dry_run=dry_run,
            mapping=choices.get("mapping"),
            date_order=choices.get("date_order"),
        )


def _look(content: bytes, mapping: Mapping[str, str] | None) -> FileLook | None:
    """Return the columns of a file that makes no sense yet; None when it holds no table."""
    with as_file(content) as path:
        try:
            return look_at(path, WEB_LIMITS, mapping)
        except RefusedError:
            return None


def _record(upload_id: int, choices: Mapping[str, Any]) -> ResponseReturnValue:
    try:
        outcome = _run(upload_id, choices, dry_run=False)
    except RefusedError as refusal:
        flash(refusal.message, "error")
        return redirect(url_for(".people_file_check", upload_id=upload_id))
    if outcome.batch is None:
        raise RuntimeError("a file that is recorded has a batch")
    uploads.mark_recorded(upload_id, outcome.batch)
    return redirect(url_for(".people_file_detail", batch_id=outcome.batch))


@bp.get("/batches/<int:batch_id>")
@requires("people:import")
def people_file_detail(batch_id: int) -> ResponseReturnValue:
    """Show what a recorded file brought."""
    batch = queries.get_batch(batch_id)
    refused = batch.refused[:SHOWN_REFUSALS]
    named = employees_numbered(cell for row in refused for cell in row["cells"])
    note_rows_look(g.viewer, ("people file", batch_id), "refused rows", len(refused), named)
    return render_template(
        "people/people_file_detail.html",
        batch=batch,
        shown=SHOWN_REFUSALS,
        hours_page="ledger.import_start" in current_app.view_functions,
    )


@bp.get("/batches/<int:batch_id>/refused.csv")
@requires("people:import")
def people_file_refused(batch_id: int) -> ResponseReturnValue:
    """Hand over the refused rows, to be mended and imported again."""
    batch = queries.get_batch(batch_id)
    rows = refused_rows_csv(batch.counts["header"], batch.refused)
    return download(rows, f"people-{batch_id}-refused.csv")


@bp.route("/batches/<int:batch_id>/undo", methods=["GET", "POST"])
@requires("people:import")
def people_file_undo(batch_id: int) -> ResponseReturnValue:
    """Ask, and then take back everything a file brought."""
    batch = queries.get_batch(batch_id)
    form = ConfirmForm()
    if form.validate_on_submit():
        try:
            undone = undo_people(batch_id)
        except RefusedError as refusal:
            form.refuse(refusal)
        else:
            flash(
                f"Undone. Removed again: {plural(undone.removed, 'person', 'people')}; "
                f"as before: {plural(undone.restored, 'person', 'people')}.",
                "success",
            )
            return redirect(url_for(".people_file_detail", batch_id=batch_id))
    return render_template("people/people_file_undo.html", batch=batch, form=form)

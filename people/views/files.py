"""Bringing in people files: choose, check, record, look back, undo."""

from collections.abc import Mapping
from dataclasses import asdict
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

from core.errors import ConflictError, RefusedError
from core.web.access import requires
from core.web.downloads import download
from core.web.forms import Conflict, differing
from core.words import plural
from people.exports import changes_csv, refused_rows_csv
from people.forms import FIELD_CHOICES, ConfirmForm, PeopleChoicesForm, PeopleFileForm
from people.imports import as_file
from people.queries import batches as queries
from people.queries.employees import employee_count, employees_numbered
from people.rules.files import FIELD_LABELS
from people.services import uploads
from people.services.auditing import note_rows_look
from people.services.importing import import_people
from people.services.profiles import bare_name
from people.services.undoing import undo_people, why_not_undone
from people.views.previews import check_kept, day_of, digest_of, preview_of

bp = Blueprint("people_files", __name__, url_prefix="/import/people")

SHOWN_REFUSALS = 50
SHOWN_CHANGES = 100
COLUMN_PREFIX = "column-"
CHOICE_WORDS = {
    **FIELD_LABELS,
    "effective_on": "Changes count from",
    "date_order": "Days such as 03/04/2025",
    "day_first": "day first",
    "month_first": "month first",
}


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
    form = PeopleChoicesForm()
    chosen: Mapping[str, Any] | None = None
    if form.validate_on_submit():
        chosen = _chosen(form, request.form)
        try:
            return _take(upload_id, chosen, form.seen())
        except ConflictError as error:
            form.collide(error, _chosen_meanwhile(chosen, upload.choices))
    checked = check_kept(upload_id, g.viewer.account_id, chosen)
    if request.method == "GET":
        data = _for_form(checked.choices)
        form = PeopleChoicesForm(formdata=None, data=data, version=upload.version)
    page = render_template(
        "people/people_file_check.html",
        upload=upload,
        form=form,
        checked=checked,
        preview=checked.preview,
        seen=digest_of(checked.as_shown()),
        promise=checked.preview.promise() if checked.preview else "",
        changes=checked.changes(SHOWN_CHANGES),
        choices=FIELD_CHOICES,
        shown=SHOWN_REFUSALS,
    )
    return page, form.status


def _chosen_meanwhile(sent: Mapping[str, Any], held: Mapping[str, Any]) -> Conflict:
    return Conflict(differing(sent, held, CHOICE_WORDS), "you, in another window")


def _for_form(choices: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "effective_on": day_of(choices),
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


def _take(upload_id: int, choices: Mapping[str, Any], seen: int | None) -> ResponseReturnValue:
    """Keep what was chosen, and record the file where that is what was looked at.

    Raises:
        ConflictError: Something else was chosen in another window.
    """
    uploads.keep_choices(upload_id, dict(choices), seen=seen)
    again = redirect(url_for(".people_file_check", upload_id=upload_id))
    if request.form.get("action") != "record":
        return again
    if request.form.get("seen") != digest_of(choices):
        flash("The file is now read as you chose. Look again before it is recorded.", "info")
        return again
    return _record(upload_id, choices)


def _record(upload_id: int, choices: Mapping[str, Any]) -> ResponseReturnValue:
    upload = queries.get_upload(upload_id, g.viewer.account_id)
    if upload.batch_id is not None:
        return redirect(url_for(".people_file_detail", batch_id=upload.batch_id))
    try:
        with as_file(upload.content) as path:
            outcome = import_people(
                path,
                file_name=upload.file_name,
                account_id=g.viewer.account_id,
                effective_on=day_of(choices),
                mapping=choices.get("mapping"),
                date_order=choices.get("date_order"),
                upload_id=upload_id,
                promised=request.form.get("promise", ""),
            )
        if outcome.batch is None:
            raise RefusedError("Nothing is recorded: every row is refused.")
    except RefusedError as refusal:
        flash(refusal.message, "error")
        return redirect(url_for(".people_file_check", upload_id=upload_id))
    return redirect(url_for(".people_file_detail", batch_id=outcome.batch))


@bp.get("/<int:upload_id>/refused.csv")
@requires("people:import")
def people_file_check_refused(upload_id: int) -> ResponseReturnValue:
    """Hand over the rows that would be refused, to be mended."""
    preview = preview_of(upload_id, g.viewer.account_id)
    rows = refused_rows_csv(preview.look.header, [asdict(one) for one in preview.refusals])
    return download(rows, f"{bare_name(preview.file_name)} refused rows.csv")


@bp.get("/<int:upload_id>/changes.csv")
@requires("people:import")
def people_file_check_changes(upload_id: int) -> ResponseReturnValue:
    """Hand over everything the file would change, before and after."""
    preview = preview_of(upload_id, g.viewer.account_id)
    rows = changes_csv(preview.changes or ())
    return download(rows, f"{bare_name(preview.file_name)} changes.csv")


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
    problem = why_not_undone(batch_id) if request.method == "GET" else None
    return render_template("people/people_file_undo.html", batch=batch, form=form, problem=problem)

"""Completions another system recorded: choose a file, see what each row does, record it."""

from flask import Response, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core.clock import today
from core.errors import RefusedError
from core.export.refused import RefusedRow, refused_csv
from core.tables import WEB_LIMITS
from core.web.access import requires
from core.web.downloads import download
from core.words import plural
from curricula.forms import CompletionFileForm, ConfirmForm
from curricula.imports import CompletionFile, open_completions
from curricula.rules.completion_files import USUAL_SOURCE
from curricula.services.recording import CompletionImport, import_completions
from curricula.views.learning import bp
from people.imports import as_file
from people.queries.batches import get_upload
from people.services import uploads

KIND = "completions"
SHOWN = 100


@bp.route("/import/completions", methods=["GET", "POST"])
@requires("people:import")
def completion_file() -> ResponseReturnValue:
    """Choose a file of completions."""
    form = CompletionFileForm()
    if form.validate_on_submit():
        name = form.file.data.filename or "completions"
        upload_id = uploads.keep_upload(KIND, name, form.file.data.read(), g.viewer.account_id)
        source = (form.source.data or "").strip() or USUAL_SOURCE
        uploads.keep_choices(upload_id, {"source": source})
        return redirect(url_for(".completion_check", upload_id=upload_id))
    return render_template("curricula/completion_file.html", form=form)


@bp.route("/import/completions/<int:upload_id>", methods=["GET", "POST"])
@requires("people:import")
def completion_check(upload_id: int) -> ResponseReturnValue:
    """Show what each row would do, and record the good ones."""
    form = ConfirmForm()
    record = form.validate_on_submit()
    try:
        file, found = _taken(upload_id, dry_run=not record)
    except RefusedError as refusal:
        flash(f"Not read. {refusal}", "bad")
        return redirect(url_for(".completion_file"))
    if record:
        flash(f"Recorded. {plural(found.new, 'completion is', 'completions are')} new.", "success")
        return redirect(url_for(".completion_file"))
    return render_template(
        "curricula/completion_check.html",
        found=found,
        header=file.header,
        refusals=found.refusals[:SHOWN],
        upload_id=upload_id,
        form=form,
    )


def _taken(upload_id: int, *, dry_run: bool) -> tuple[CompletionFile, CompletionImport]:
    upload = get_upload(upload_id, g.viewer.account_id, KIND)
    source = str(upload.choices.get("source", USUAL_SOURCE))
    with as_file(upload.content) as path:
        file = open_completions(path, source=source, today=today(), limits=WEB_LIMITS)
    found = import_completions(
        file.lines, file.refusals, dry_run=dry_run, account_id=g.viewer.account_id
    )
    return file, found


@bp.get("/import/completions/<int:upload_id>/refused.csv")
@requires("people:import")
def completion_refused(upload_id: int) -> Response:
    """Hand out the refused rows, to be mended and brought again."""
    file, found = _taken(upload_id, dry_run=True)
    rows = [RefusedRow(one.row, one.reason, one.remedy, one.cells) for one in found.refusals]
    return download(refused_csv(file.header, rows), "refused completions.csv")

"""Bringing in a file that says what courses count as: choose, check, record."""

from pathlib import Path

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.errors import RefusedError
from core.tables import WEB_LIMITS
from core.web.access import requires
from core.web.downloads import download
from ledger.exports import refused_rows_csv, share_changes_csv
from ledger.forms import BringFileForm, ConfirmForm
from ledger.imports import open_classification
from ledger.rules.classify_files import ClassifyResult, classify_lines_of
from ledger.services.classification_files import classify_lines
from ledger.views.imports import MOST_SHOWN_REFUSALS, SHOWN_REFUSALS, bp, brought
from ledger.views.previews import one_of_each
from people.imports import as_file
from people.queries.batches import get_upload
from people.services.profiles import bare_name

KIND = "classification"
SHOWN_CHANGES = 100


@bp.route("/import/classification", methods=["GET", "POST"])
@requires("courses:classify")
def import_classification() -> ResponseReturnValue:
    """Choose a file that says what courses count as."""
    form = BringFileForm()
    if form.validate_on_submit():
        upload_id = brought(form, KIND, "classification")
        return redirect(url_for(".classification_check", upload_id=upload_id))
    return render_template("ledger/import_classification.html", form=form)


@bp.route("/import/classification/<int:upload_id>", methods=["GET", "POST"])
@requires("courses:classify")
def classification_check(upload_id: int) -> ResponseReturnValue:
    """Show what a classification file would change, and record it."""
    upload = get_upload(upload_id, g.viewer.account_id, KIND)
    if upload.batch_id is not None:
        return redirect(url_for(".batch_page", batch_id=upload.batch_id))
    form = ConfirmForm()
    if form.validate_on_submit():
        return _record(upload_id)
    outcome, problem = None, None
    with as_file(upload.content) as path:
        try:
            outcome, _ = _run(path, upload.file_name)
        except RefusedError as refusal:
            problem = refusal
    refusals = outcome.refusals if outcome else []
    show_all = request.args.get("refused") == "all"
    return render_template(
        "ledger/classification_check.html",
        upload=get_upload(upload_id, g.viewer.account_id, KIND),
        form=form,
        outcome=outcome,
        promise=outcome.promise() if outcome else "",
        problem=problem,
        changes=outcome.changes[:SHOWN_CHANGES] if outcome else [],
        added=outcome.added[:SHOWN_CHANGES] if outcome else [],
        refusals=refusals[:MOST_SHOWN_REFUSALS]
        if show_all
        else one_of_each(refusals, SHOWN_REFUSALS),
        reasons=_counted(outcome),
        show_all=show_all,
    )


def _counted(outcome: ClassifyResult | None) -> dict[str, int]:
    reasons: dict[str, int] = {}
    for refusal in outcome.refusals if outcome else []:
        reasons[refusal.reason] = reasons.get(refusal.reason, 0) + 1
    return reasons


def _run(
    path: Path,
    file_name: str,
    upload_id: int | None = None,
    *,
    promised: str | None = None,
) -> tuple[ClassifyResult, list[str]]:
    """Return what a file does and its columns; it is recorded where `upload_id` is given."""
    opened = open_classification(path, WEB_LIMITS, file_name)
    lines, refusals = classify_lines_of(opened.table.blocks(), opened.mapping, opened.order)
    outcome = classify_lines(
        lines,
        refusals,
        account_id=g.viewer.account_id,
        source=opened.source(),
        dry_run=upload_id is None,
        upload_id=upload_id,
        promised=promised,
    )
    return outcome, opened.table.header


def _record(upload_id: int) -> ResponseReturnValue:
    upload = get_upload(upload_id, g.viewer.account_id, KIND)
    if upload.batch_id is not None:
        return redirect(url_for(".batch_page", batch_id=upload.batch_id))
    again = redirect(url_for(".classification_check", upload_id=upload_id))
    try:
        with as_file(upload.content) as path:
            outcome, _ = _run(
                path, upload.file_name, upload_id, promised=request.form.get("promise", "")
            )
        if outcome.batch_id is None:
            raise RefusedError("The file says nothing new.")
    except RefusedError as refusal:
        flash(f"Nothing is recorded. {refusal.message}", "error")
        return again
    return redirect(url_for(".batch_page", batch_id=outcome.batch_id))


@bp.get("/import/classification/<int:upload_id>/refused.csv")
@requires("courses:classify")
def classification_refused(upload_id: int) -> Response:
    """Hand out the rows that would be refused, to be mended."""
    upload = get_upload(upload_id, g.viewer.account_id, KIND)
    name = f"{bare_name(upload.file_name)} refused rows.csv"
    with as_file(upload.content) as path:
        outcome, header = _run(path, upload.file_name)
    return download(b"".join(refused_rows_csv(header, outcome.refusals)), name)


@bp.get("/import/classification/<int:upload_id>/changes.csv")
@requires("courses:classify")
def classification_changes(upload_id: int) -> Response:
    """Hand out every course that would count otherwise, before and after."""
    upload = get_upload(upload_id, g.viewer.account_id, KIND)
    name = f"{bare_name(upload.file_name)} changes.csv"
    with as_file(upload.content) as path:
        outcome, _ = _run(path, upload.file_name)
    return download(share_changes_csv(outcome.changes), name)

"""The library that ships, and modules and curricula as one file: out of here, and in."""

from flask import current_app, flash, g, redirect, render_template, request
from flask import url_for as url
from flask.typing import ResponseReturnValue

from core.clock import today
from core.errors import RefusedError
from core.web.access import requires
from core.web.downloads import download
from curricula.exports.exchange import exchange_file
from curricula.forms import BringExchangeForm, ConfirmForm
from curricula.imports import read_exchange_file, read_library
from curricula.queries.curricula import curriculum_rows
from curricula.queries.exchange import chosen_to_hand_on
from curricula.queries.modules import ModuleFilter, module_rows
from curricula.queries.shelf import shelf_of_curricula, shelves_of_modules
from curricula.queries.standings import exchange_standing, library_standing
from curricula.rules.arrivals import Loaded, Outcome
from curricula.services.starter import import_exchange, load_library
from curricula.views.modules import bp
from people.queries.batches import get_upload
from people.services.uploads import keep_upload

KIND = "curricula"
MOST_CHOSEN = 5000


@bp.get("/modules/library")
@requires("curricula:write")
def starter() -> ResponseReturnValue:
    """Show the library and what loading it would do: new, followed, the same, kept."""
    files = read_library()
    loaded = library_standing(files.modules, files.curricula)
    return render_template(
        "curricula/library.html",
        loaded=loaded,
        paths=shelf_of_curricula(files.modules, files.curricula, loaded),
        shelves=shelves_of_modules(files.modules, loaded, today()),
        count=len(files.modules),
        problems=files.problems,
        form=ConfirmForm(),
        outcomes=Outcome,
    )


@bp.post("/modules/library")
@requires("curricula:write")
def starter_load() -> ResponseReturnValue:
    """Load the library; what the organisation changed stays."""
    files = read_library()
    loaded = load_library(files.modules, files.curricula, account_id=g.viewer.account_id)
    flash(f"The library is loaded: {_counts(loaded)}.", "success")
    return redirect(url(".starter"))


def _counts(loaded: Loaded) -> str:
    counts = ((loaded.count(outcome), outcome.value) for outcome in Outcome)
    return ", ".join(f"{count} {word}" for count, word in counts if count)


@bp.route("/modules/files", methods=["GET", "POST"])
@requires("curricula:write")
def exchange() -> ResponseReturnValue:
    """Choose what leaves as a file, or bring a file in."""
    form = BringExchangeForm()
    if form.validate_on_submit():
        name = form.file.data.filename or "curricula file"
        upload_id = keep_upload(KIND, name, form.file.data.read(), g.viewer.account_id)
        return redirect(url(".exchange_check", upload_id=upload_id))
    return render_template(
        "curricula/exchange.html",
        form=form,
        modules=module_rows(ModuleFilter(), today(), drafts=True),
        curricula=curriculum_rows("", today(), drafts=True),
    )


@bp.post("/modules/files/export")
@requires("curricula:write")
def exchange_export() -> ResponseReturnValue:
    """Hand out the chosen modules and curricula as one file, with all they need."""
    chosen = chosen_to_hand_on(
        request.form.getlist("module")[:MOST_CHOSEN],
        request.form.getlist("curriculum")[:MOST_CHOSEN],
        today(),
    )
    if not chosen.modules and not chosen.curricula:
        flash("Tick at least one module or curriculum.", "bad")
        return redirect(url(".exchange"))
    organisation = current_app.config["ORGANISATION"]
    return download(exchange_file(chosen), f"{organisation} curricula {today()}.json")


@bp.get("/modules/files/<int:upload_id>")
@requires("curricula:write")
def exchange_check(upload_id: int) -> ResponseReturnValue:
    """Show what bringing a file in would do with each of its modules and curricula."""
    upload = get_upload(upload_id, g.viewer.account_id, KIND)
    loaded, problems = Loaded(), []
    try:
        file = read_exchange_file(upload.content)
        loaded = exchange_standing(file.modules, file.curricula)
    except RefusedError as refusal:
        problems = refusal.message.splitlines()
    return render_template(
        "curricula/exchange_check.html",
        upload=upload,
        loaded=loaded,
        problems=problems,
        form=ConfirmForm(),
        outcomes=Outcome,
    )


@bp.post("/modules/files/<int:upload_id>")
@requires("curricula:write")
def exchange_record(upload_id: int) -> ResponseReturnValue:
    """Bring a file in as drafts, all of it or nothing."""
    upload = get_upload(upload_id, g.viewer.account_id, KIND)
    try:
        file = read_exchange_file(upload.content)
        loaded = import_exchange(file, account_id=g.viewer.account_id)
    except RefusedError as refusal:
        flash(refusal.message, "bad")
        return redirect(url(".exchange_check", upload_id=upload_id))
    flash(f"Brought in: {_counts(loaded)}. Drafts count when they are published.", "success")
    return redirect(url(".module_list", state="draft"))

"""The balance: the page HR opens every month, and its files."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from core.clock import today
from core.export.charts import trend_svg
from core.export.sheets import csv_bytes, xlsx_bytes
from core.web.access import requires
from core.web.downloads import download, note_download
from core.web.pictures import trend_picture
from people.queries.visibility import BalanceScope, balance_scope, visible_employees
from people.services.auditing import note_look
from planner.exports.pdf import balance_pdf
from planner.exports.sheets import balance_table, balance_tables, people_table
from planner.queries.balances import balance
from planner.queries.choices import Choice, question_of, strip_for
from planner.queries.persons import people_without_soft
from planner.rules.addresses import address_of, address_opened, rows_address
from planner.rules.cuts import Document
from planner.rules.questions import Question, is_shown_to_groups
from planner.services.publishing import publish

bp = Blueprint("planner", __name__)


def asked() -> tuple[Question, Document]:
    """Return the question of the address and its answer, within what the viewer may see."""
    scope = balance_scope(g.viewer, today())
    question = question_of(request.args, scope)
    return question, balance(question, scope, demo=bool(current_app.config["DEMO"]))


def address(endpoint: str, arguments: Mapping[str, str]) -> str:
    """Return the URL of a page with these arguments."""
    values: dict[str, Any] = dict(arguments)
    return url_for(endpoint, **values)


def file_name(document: Document, ending: str) -> str:
    """Return what a file of this balance is called."""
    scope = document["scope"]
    label = scope["label"] if isinstance(scope, dict) else ""
    return f"balance {label} {document['period_label']}.{ending}"


def _shown(choice: Choice) -> dict[str, object]:
    """Return a choice as the strip shows it."""
    options = [
        {
            "label": option.label,
            "hint": option.hint,
            "url": address("planner.balance_page", option.address),
            "current": option.current,
        }
        for option in choice.options
    ]
    shown: dict[str, object] = {"label": choice.label, "value": choice.value, "options": options}
    if choice.asks:
        shown["ask"] = {
            "action": url_for(".balance_page"),
            "kept": choice.kept,
            "fields": [asdict(field) for field in choice.asks],
            "label": "Show",
        }
    return shown


@bp.get("/balance")
@requires("balance:read")
def balance_page() -> ResponseReturnValue:
    """Show the share of soft training with its range, its cuts and the way to the target."""
    question, document = asked()
    scope = balance_scope(g.viewer, today())
    return render_template(
        "planner/balance.html",
        report=document,
        question=question,
        chart=trend_picture(document),
        choices=[_shown(choice) for choice in strip_for(question, scope)],
        link=address("planner.balance_page", address_of(question)),
        opened=lambda row: address("planner.balance_page", address_opened(question, row)),
        rows=lambda cut, row: address("ledger.entry_list", rows_address(question, cut, row)),
        may_rows=not scope.groups_only,
        arguments=address_of(question),
        form=FlaskForm(),
    )


@bp.get("/balance.json")
@requires("balance:read")
def balance_json() -> ResponseReturnValue:
    """Answer the whole balance as one JSON document."""
    note_download("json")
    return asked()[1]


@bp.get("/balance.xlsx")
@requires("balance:read")
def balance_xlsx() -> Response:
    """Hand out every table of the balance as a workbook."""
    document = asked()[1]
    return download(xlsx_bytes(balance_tables(document)), file_name(document, "xlsx"))


@bp.get("/balance.pdf")
@requires("balance:read")
def balance_pdf_file() -> Response:
    """Hand out the balance as a report of one to three pages."""
    document = asked()[1]
    return download(balance_pdf(document), file_name(document, "pdf"))


@bp.get("/balance/<any(unit, level, site, category, delivery, month):cut>.csv")
@requires("balance:read")
def balance_csv(cut: str) -> Response:
    """Hand out one table of the balance."""
    document = asked()[1]
    table = csv_bytes(balance_table(document, cut))
    return download(table, file_name(document, f"by {cut}.csv"))


@bp.get("/balance/trend.svg")
@requires("balance:read")
def balance_trend() -> Response:
    """Hand out the chart by month as an image."""
    document = asked()[1]
    return download(trend_svg(document, "light").encode(), file_name(document, "by month.svg"))


def asked_by_name() -> tuple[Question, BalanceScope]:
    """Return the question of the address and the people whose names the viewer sees."""
    question = question_of(request.args, balance_scope(g.viewer, today()))
    return question, BalanceScope(visible_employees(g.viewer, today()), None, groups_only=False)


@bp.get("/balance/without-soft")
@requires("balance:names")
def balance_without_soft() -> ResponseReturnValue:
    """List who had no soft hour in the period."""
    question, scope = asked_by_name()
    people = people_without_soft(question, scope)
    note_look(g.viewer, [person.id for person in people], "without soft")
    return render_template(
        "planner/balance_without_soft.html",
        report=balance(question, scope, demo=bool(current_app.config["DEMO"])),
        people=people,
        back=address("planner.balance_page", address_of(question)),
        csv=address("planner.balance_without_soft_csv", address_of(question)),
    )


@bp.get("/balance/without-soft.csv")
@requires("balance:names")
def balance_without_soft_csv() -> Response:
    """Hand out who had no soft hour in the period."""
    question, scope = asked_by_name()
    people = people_without_soft(question, scope)
    note_look(g.viewer, [person.id for person in people], "without soft as a file")
    document = balance(question, scope, demo=bool(current_app.config["DEMO"]))
    return download(csv_bytes(people_table(people)), file_name(document, "without soft.csv"))


@bp.get("/balance/publish")
@requires("reports:publish")
def balance_publish_ask() -> ResponseReturnValue:
    """Say what would be frozen, and ask."""
    question, document = asked()
    return render_template(
        "planner/balance_publish_ask.html",
        report=document,
        form=FlaskForm(),
        arguments=address_of(question),
    )


@bp.post("/balance/publish")
@requires("reports:publish")
def balance_publish() -> ResponseReturnValue:
    """Freeze the balance of the address with its figures."""
    question, document = asked()
    as_groups = None
    if is_shown_to_groups(question):
        everybody = BalanceScope(None, None, groups_only=True)
        as_groups = balance(question, everybody, demo=bool(current_app.config["DEMO"]))
    report = publish(document, account_id=g.viewer.account_id, for_groups=as_groups)
    flash("Published. These figures stay as they are.", "success")
    return redirect(url_for("reports.report_page", report_id=report.id))

"""Published reports: what was signed, unchanged."""

from flask import Blueprint, Response, g, render_template, url_for
from flask.typing import ResponseReturnValue

from core.clock import today
from core.errors import NotFoundError
from core.export.sheets import xlsx_bytes
from core.web.access import requires
from core.web.downloads import download
from core.web.pictures import trend_picture
from people.queries.visibility import balance_scope
from planner.exports.pdf import balance_pdf
from planner.exports.sheets import balance_tables
from planner.queries.reports import FrozenReport, get_report, report_rows

bp = Blueprint("reports", __name__, url_prefix="/reports")


def asked(report_id: int) -> FrozenReport:
    """Return the report, if the viewer may see it."""
    return get_report(report_id, balance_scope(g.viewer, today()))


@bp.get("")
@requires("reports:read")
def report_list() -> ResponseReturnValue:
    """List the published reports."""
    rows = report_rows(balance_scope(g.viewer, today()))
    return render_template("planner/report_list.html", reports=rows)


@bp.get("/<int:report_id>")
@requires("reports:read")
def report_page(report_id: int) -> ResponseReturnValue:
    """Show a report as it was published."""
    frozen = asked(report_id)
    return render_template(
        "planner/report_page.html",
        frozen=frozen,
        report=frozen.document,
        chart=trend_picture(frozen.document),
        files={
            kind: url_for(f".report_{kind}", report_id=report_id)
            for kind in ("pdf", "xlsx", "json")
        },
    )


@bp.get("/<int:report_id>.pdf")
@requires("reports:read")
def report_pdf(report_id: int) -> Response:
    """Hand out a published report on paper."""
    frozen = asked(report_id)
    published = {
        "published_at": frozen.published_at.isoformat(),
        "published_by": frozen.published_by,
        "sha256": frozen.sha256,
    }
    return download(balance_pdf(frozen.document, published), f"report {report_id}.pdf")


@bp.get("/<int:report_id>.xlsx")
@requires("reports:read")
def report_xlsx(report_id: int) -> Response:
    """Hand out every table of a published report."""
    return download(
        xlsx_bytes(balance_tables(asked(report_id).document)), f"report {report_id}.xlsx"
    )


@bp.get("/<int:report_id>.json")
@requires("reports:read")
def report_json(report_id: int) -> Response:
    """Hand out the frozen text itself, of which the digest is taken."""
    text = asked(report_id).text
    if text is None:
        raise NotFoundError("The frozen text is for those who see everybody's hours.")
    return download(text.encode(), f"report {report_id}.json")

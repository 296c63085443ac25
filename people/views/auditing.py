"""The audit trail: who acts is noted before each request, exports by themselves, and a page."""

import re
from datetime import date

from flask import Blueprint, Flask, current_app, g, has_request_context, render_template, request
from flask.typing import ResponseReturnValue

from core.web import downloads
from core.web.access import PUBLIC, permission_of, requires
from core.web.paths import id_argument
from people.queries import auditing as queries
from people.rules.auditing import LABELS, Details
from people.rules.plain_words import details_in_words
from people.services.auditing import act_as, act_as_command_line, note

bp = Blueprint("audit", __name__, url_prefix="/audit")

_HARMLESS = re.compile(r"-?[0-9.,-]{1,40}")
WORDS_KEPT = frozenset(
    {"period", "definition", "basis", "structure", "level", "kind", "category", "delivery", "cut"}
)
"""Arguments of addresses whose words are ours; what people type may be a name and is left out."""


def start_audit(app: Flask) -> None:
    """Note who acts, before each request, and let every file that is handed out be recorded."""

    @app.before_request
    def _who_acts() -> None:
        act_as(g.get("viewer"))

    @app.teardown_request
    def _nobody_acts(_error: BaseException | None) -> None:
        act_as_command_line()

    if record_export not in downloads.recorders:
        downloads.recorders.append(record_export)


def record_export(ending: str) -> None:
    """Record that a file is handed out; files without anybody's data, such as examples, are not."""
    if not has_request_context() or request.endpoint is None or request.url_rule is None:
        return
    if permission_of(current_app, request.endpoint) == PUBLIC:
        return
    details: Details = {"page": request.url_rule.rule, "file": ending, "asked": _asked()}
    note("export", of=("file", None), about=id_argument("person"), details=details)


def _asked() -> dict[str, str]:
    given = {**request.args.to_dict(), **{k: str(v) for k, v in (request.view_args or {}).items()}}
    return {
        name: value[:40]
        for name, value in sorted(given.items())
        if re.fullmatch(r"[a-z_]{1,20}", name)
        and (_HARMLESS.fullmatch(value) or (name in WORDS_KEPT and value.isascii()))
    }


@bp.get("")
@requires("audit:read")
def audit_page() -> ResponseReturnValue:
    """Show who did what to whose data, the newest first."""
    wanted = queries.AuditFilter(
        account_id=id_argument("account"),
        employee_id=id_argument("person"),
        kind=_kind(request.args.get("kind", "")),
        from_on=_day(request.args.get("from", "")),
        to_on=_day(request.args.get("to", "")),
    )
    return render_template(
        "people/audit_page.html",
        page=queries.audit_page(wanted, id_argument("before")),
        wanted=wanted,
        kinds=LABELS,
        accounts=queries.accounts_by_name(),
        details_in_words=details_in_words,
    )


def _kind(text: str) -> str | None:
    return text if text in LABELS else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

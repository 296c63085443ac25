"""Published reports, exactly as they were frozen."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from core.db import db
from core.errors import NotFoundError
from people.models import Account
from people.queries.visibility import BalanceScope
from planner.models import PublishedReport
from planner.rules.cuts import Document
from planner.rules.periods import is_calendar_name
from planner.rules.questions import Structure

PAGE = 50
COMMAND_LINE = "Command line"


@dataclass(frozen=True)
class ReportRow:
    """A published report in the list."""

    id: int
    title: str
    period_label: str
    scope_label: str
    published_at: datetime
    published_by: str
    sha256: str


@dataclass(frozen=True)
class FrozenReport:
    """A published report with its figures, and whether it is still what was signed."""

    id: int
    document: Document
    text: str | None
    """What the digest is taken of; None for those who may not see all of it."""
    sha256: str
    published_at: datetime
    published_by: str


def may_see_reports(scope: BalanceScope) -> bool:
    """Tell whether a viewer sees published reports: those who see everybody's balance do."""
    return scope.employees is None and scope.unit_id is None


def _seen(content: Mapping[str, Any], scope: BalanceScope) -> Document | None:
    """Return the report as the viewer sees it, None where it is not for them.

    Who sees groups only gets the version made for them, and none where the page itself would not
    answer: two published periods that differ by a day would tell of very few people.
    """
    report: Document = content["report"]
    if not scope.groups_only:
        return report
    for_groups: Document | None = content.get("report_for_groups")
    return for_groups if _is_for_groups(content["report"]) else None


def _is_for_groups(report: Mapping[str, Any]) -> bool:
    usual = report.get("structure") == Structure.THEN.value and report.get("as_of") is None
    filters = [report["scope"]["unit"], *report["filters"].values()]
    is_one = sum(one is not None for one in filters) <= 1
    return usual and is_one and is_calendar_name(str(report.get("period_name")))


def _with_names() -> Select[PublishedReport, str | None]:
    """Return the question for reports, each with the name its publisher has today."""
    return select(PublishedReport, Account.name).outerjoin(
        Account, Account.id == PublishedReport.account_id
    )


def report_rows(scope: BalanceScope) -> list[ReportRow]:
    """Return the latest published reports that the viewer may see, the latest first."""
    if not may_see_reports(scope):
        return []
    found = db.session.execute(_with_names().order_by(PublishedReport.id.desc()).limit(PAGE))
    rows = []
    for report, by in found:
        content = json.loads(report.content)
        document = _seen(content, scope)
        if document is None:
            continue
        rows.append(
            ReportRow(
                report.id,
                str(document["title"]),
                report.period_label,
                content["report"]["scope"]["label"],
                report.published_at,
                by or COMMAND_LINE,
                report.sha256,
            )
        )
    return rows


def get_report(report_id: int, scope: BalanceScope) -> FrozenReport:
    """Return a published report.

    Raises:
        NotFoundError: There is none, or the viewer may not see it.
    """
    found = db.session.execute(_with_names().where(PublishedReport.id == report_id)).first()
    if found is None or not may_see_reports(scope):
        raise NotFoundError("There is no such report.")
    report, by = found
    content = json.loads(report.content)
    document = _seen(content, scope)
    if document is None:
        raise NotFoundError("There is no such report.")
    return FrozenReport(
        report.id,
        document,
        report.content if document is content["report"] else None,
        report.sha256,
        report.published_at,
        by or COMMAND_LINE,
    )

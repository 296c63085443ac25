"""Published reports, exactly as they were frozen."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core.db import db
from core.errors import NotFoundError
from people.queries.visibility import BalanceScope
from planner.models import PublishedReport
from planner.rules.reports import Document
from planner.rules.suppression import too_few

PAGE = 50


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
    text: str
    sha256: str
    published_at: datetime
    published_by: str


def may_see_reports(scope: BalanceScope) -> bool:
    """Tell whether a viewer sees published reports: those who see everybody's balance do."""
    return scope.employees is None and scope.unit_id is None


def is_safe_for_groups(document: Document) -> bool:
    """Tell whether no figure of a report is about fewer than five people."""
    tables = document["tables"]
    if not isinstance(tables, dict):
        return False
    rows = [row for name in ("unit", "level", "site") for row in tables[name]["rows"]]
    return not any(too_few(row["people"]) for row in rows)


def hides_something(document: Document) -> bool:
    """Tell whether a balance made for groups only hides a figure, in any table."""
    tables, figures, trend = document["tables"], document["figures"], document["trend"]
    if not isinstance(tables, dict) or not isinstance(figures, dict) or not isinstance(trend, list):
        return True
    rows = [figures, *trend, *(row for table in tables.values() for row in table["rows"])]
    return any(row.get("suppressed") or row.get("minutes", 0) is None for row in rows)


def _is_for_groups(content: Document) -> bool:
    told = content.get("for_groups")
    report = content["report"]
    return (
        bool(told) if told is not None else isinstance(report, dict) and is_safe_for_groups(report)
    )


def report_rows(scope: BalanceScope) -> list[ReportRow]:
    """Return the latest published reports that the viewer may see, the latest first."""
    if not may_see_reports(scope):
        return []
    found = db.session.scalars(
        select(PublishedReport).order_by(PublishedReport.id.desc()).limit(PAGE)
    )
    rows = []
    for report in found:
        content = json.loads(report.content)
        if scope.groups_only and not _is_for_groups(content):
            continue
        label = content["report"]["scope"]["label"]
        rows.append(
            ReportRow(
                report.id,
                report.title,
                report.period_label,
                label,
                report.published_at,
                content["published_by"],
                report.sha256,
            )
        )
    return rows


def get_report(report_id: int, scope: BalanceScope) -> FrozenReport:
    """Return a published report.

    Raises:
        NotFoundError: There is none, or the viewer may not see it.
    """
    report = db.session.get(PublishedReport, report_id)
    if report is None or not may_see_reports(scope):
        raise NotFoundError("There is no such report.")
    content = json.loads(report.content)
    if scope.groups_only and not _is_for_groups(content):
        raise NotFoundError("There is no such report.")
    return FrozenReport(
        report.id,
        content["report"],
        report.content,
        report.sha256,
        report.published_at,
        content["published_by"],
    )

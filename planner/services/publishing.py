"""Freeze a balance with its figures, so that it opens unchanged whatever happens later."""

import hashlib
import json

from core.clock import now
from core.db import take_turn, transaction
from core.errors import NotFoundError
from people.services.auditing import record
from planner.models import PublishedReport
from planner.rules.cuts import Document


def frozen_text(document: Document) -> str:
    """Return the one text of a document from which its digest is taken."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(text: str) -> str:
    """Return the SHA-256 of a frozen text."""
    return hashlib.sha256(text.encode()).hexdigest()


def publish(
    document: Document, *, account_id: int | None, for_groups: Document | None = None
) -> PublishedReport:
    """Keep a balance as it is now, signed with its digest.

    The frozen text names nobody, so that it never has to change: who published it stands beside it.

    Args:
        document: The balance, as its page shows it.
        account_id: Who publishes.
        for_groups: The same balance as those see it who see groups only; without it they do
            not see the report.
    """
    moment = now()
    content: Document = {"report": document, "published_at": moment.isoformat()}
    if for_groups is not None:
        content["report_for_groups"] = for_groups
    text = frozen_text(content)
    with transaction() as session:
        take_turn(session, shifts=False)
        report = PublishedReport(
            title=str(document["title"])[:300],
            period_label=str(document["period_label"]),
            content=text,
            sha256=digest_of(text),
            published_at=moment,
            account_id=account_id,
            unit_id=_unit_of(document),
        )
        session.add(report)
        session.flush()
        what = ("report", report.id)
        record(session, "report.publish", of=what, details={"sha256": report.sha256}, by=account_id)
    return report


def _unit_of(document: Document) -> int | None:
    scope = document.get("scope")
    if not isinstance(scope, dict):
        raise NotFoundError("A balance has a scope.")
    unit = scope.get("unit")
    return unit if isinstance(unit, int) else None

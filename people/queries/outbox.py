"""Letters that were written."""

from sqlalchemy import select

from core.db import db
from people.models import OutboxMail


def latest_letters(most: int = 50) -> list[OutboxMail]:
    """Return the latest letters, the newest first."""
    newest = select(OutboxMail).order_by(OutboxMail.id.desc()).limit(most)
    return list(db.session.scalars(newest))

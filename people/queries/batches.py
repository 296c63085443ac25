"""People files: recorded ones, and those somebody brought and has not recorded yet."""

from sqlalchemy import select

from core.db import db
from core.errors import NotFoundError
from people.models import PeopleBatch, Upload

KIND = "people"


def get_batch(batch_id: int) -> PeopleBatch:
    """Return a recorded people file.

    Raises:
        NotFoundError: There is no such file.
    """
    batch = db.session.get(PeopleBatch, batch_id)
    if batch is None:
        raise NotFoundError("There is no such people file.")
    return batch


def recent_batches(limit: int = 20) -> list[PeopleBatch]:
    """Return the people files recorded last, the newest first."""
    return list(
        db.session.scalars(select(PeopleBatch).order_by(PeopleBatch.id.desc()).limit(limit))
    )


def get_upload(upload_id: int, account_id: int, kind: str = KIND) -> Upload:
    """Return a file an account has brought.

    Raises:
        NotFoundError: There is none, or somebody else brought it.
    """
    upload = db.session.get(Upload, upload_id)
    if upload is None or upload.account_id != account_id or upload.kind != kind:
        raise NotFoundError("There is no such file.")
    return upload

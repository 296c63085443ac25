"""Files people bring: kept until they are recorded, so that choices can be tried on them."""

from typing import Any

from sqlalchemy import delete, select, update

from core.clock import now
from core.db import transaction
from core.errors import NotFoundError
from core.reading.cells import shown
from people.models import Upload
from people.rules.auditing import Details
from people.services.auditing import record
from people.services.versions import AnySession, check_unchanged

KEPT_FOR_EACH = 5


def keep_upload(kind: str, file_name: str, content: bytes, account_id: int) -> int:
    """Keep a file somebody brought, instead of their older ones; return its id."""
    with transaction() as session:
        mine = (
            session.query(Upload.id)
            .filter_by(account_id=account_id, kind=kind)
            .order_by(Upload.id.desc())
        )
        old = [one for (one,) in mine.offset(KEPT_FOR_EACH - 1)]
        session.execute(delete(Upload).where(Upload.id.in_(old)))
        upload = Upload(
            kind=kind,
            file_name=shown(" ".join(file_name.split()))[-300:],
            content=content,
            choices={},
            account_id=account_id,
            uploaded_at=now(),
            batch_id=None,
        )
        session.add(upload)
        session.flush()
        size: Details = {"kind": kind, "bytes": len(content)}
        record(session, "file.bring", of=("upload", upload.id), details=size, by=account_id)
        return upload.id


def keep_choices(upload_id: int, choices: dict[str, Any], *, seen: int | None = None) -> None:
    """Remember how the columns of a kept file are to be read.

    It claims nothing: recording the file does, which may follow, and to choose the same twice is
    to choose it once.

    Raises:
        ConflictError: Something else was chosen in another window since they saw it.
    """
    with transaction(claims=False) as session:
        upload = _get(session.get(Upload, upload_id, with_for_update=True))
        if upload.choices != choices:
            check_unchanged(seen, upload.version)
            upload.choices = choices


def batch_of_upload(session: AnySession, upload_id: int) -> int | None:
    """Return the batch a kept file has become already, None while it waits to be recorded.

    Ask it in the unit of work that records the file, after its turn has come: of two that record
    one file at the same time the second finds the batch of the first.

    Raises:
        NotFoundError: There is no such file any more.
    """
    asked = select(Upload.batch_id).where(Upload.id == upload_id).with_for_update()
    found = session.execute(asked).one_or_none()
    if found is None:
        raise NotFoundError("There is no such file.")
    return found[0]


def close_upload(session: AnySession, upload_id: int, batch_id: int) -> None:
    """Note which batch a kept file becomes in this unit of work, and let its content go."""
    became = {"batch_id": batch_id, "content": b""}
    session.execute(update(Upload).where(Upload.id == upload_id).values(became))


def _get(upload: Upload | None) -> Upload:
    if upload is None:
        raise NotFoundError("There is no such file.")
    return upload

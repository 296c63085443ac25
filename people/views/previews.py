"""What the page about a people file shows: how it is read, and what recording it would change."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from core.errors import RefusedError
from core.headers import as_named_in, signature_of
from core.tables import WEB_LIMITS
from people.imports import as_file
from people.queries.batches import get_upload
from people.queries.profiles import PEOPLE, find_profile
from people.rules.changes import PersonChange
from people.services.importing import PeopleImport, import_people
from people.services.reading import FileLook, look_at


@dataclass(frozen=True)
class Checked:
    """What recording a kept file would do, or why it cannot be read.

    Attributes:
        choices: How it is read: as chosen, else as files of its layout were.
        is_known: Nobody has chosen yet, and its layout is remembered.
        look: Its columns; None when it holds no table.
    """

    choices: Mapping[str, Any]
    is_known: bool
    look: FileLook | None
    preview: PeopleImport | None = None
    problem: RefusedError | None = None

    def changes(self, most: int) -> list[PersonChange]:
        """Return the first of the changes."""
        if self.preview is None or self.preview.changes is None:
            return []
        return self.preview.changes.first(most)

    def as_shown(self) -> dict[str, Any]:
        """Return the choices as the form of the page would send them, unchanged."""
        columns = self.look.columns if self.look else ()
        return {
            "effective_on": self.choices.get("effective_on"),
            "date_order": self.choices.get("date_order") or "",
            "mapping": {column.name: column.field for column in columns} or None,
        }


def digest_of(choices: Mapping[str, Any]) -> str:
    """Return a short text that is equal for equal choices."""
    text = json.dumps(choices, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def day_of(choices: Mapping[str, Any]) -> date | None:
    """Return the day from which changes count, None where nobody chose one."""
    day = choices.get("effective_on")
    return date.fromisoformat(day) if day else None


def check_kept(upload_id: int, account_id: int, chosen: Mapping[str, Any] | None = None) -> Checked:
    """Judge every row of a kept people file and record nothing.

    Args:
        upload_id: The file.
        account_id: Whose it is.
        chosen: How it is read, where that is not what was chosen last.
    """
    upload = get_upload(upload_id, account_id)
    choices, is_known = upload.choices if chosen is None else chosen, False
    file_name, content = upload.file_name, upload.content
    with as_file(content) as path:
        if not choices:
            choices = _remembered(path)
            is_known = bool(choices)
        try:
            preview = import_people(
                path,
                file_name=file_name,
                account_id=account_id,
                effective_on=day_of(choices),
                dry_run=True,
                mapping=choices.get("mapping"),
                date_order=choices.get("date_order"),
            )
        except RefusedError as problem:
            look = _look(path, choices.get("mapping"))
            return Checked(choices, is_known, look, problem=problem)
    return Checked(choices, is_known, preview.look, preview)


def preview_of(upload_id: int, account_id: int) -> PeopleImport:
    """Return what recording a kept file would do.

    Raises:
        RefusedError: It cannot be read, or was recorded meanwhile.
    """
    upload = get_upload(upload_id, account_id)
    if upload.batch_id is not None:
        raise RefusedError("The file was recorded; see its report.")
    checked = check_kept(upload_id, account_id)
    if checked.preview is None:
        raise checked.problem or RefusedError("The file cannot be read.")
    return checked.preview


def _remembered(path: Path) -> dict[str, Any]:
    look = _look(path, None)
    held = find_profile(PEOPLE, signature_of(look.header)) if look else None
    if look is None or held is None:
        return {}
    return {**held, "mapping": as_named_in(look.header, held.get("mapping") or {}) or None}


def _look(path: Path, mapping: Mapping[str, str] | None) -> FileLook | None:
    """Return the columns of a file that makes no sense yet; None when it holds no table."""
    try:
        return look_at(path, WEB_LIMITS, mapping)
    except RefusedError:
        return None

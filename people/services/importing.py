"""Bringing in a people file: all of it is read and judged first, then written in one go."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from core.clock import now, today
from core.db import db, take_turn, transaction
from core.errors import RefusedError
from core.headers import signature_of
from core.tables import WEB_LIMITS, Limits
from people.models import PeopleBatch
from people.queries.organisations import organisation_now
from people.queries.profiles import PEOPLE
from people.rules.changes import Changes
from people.rules.files import Refusal
from people.rules.matching import WAITS
from people.rules.moves import check_first_day
from people.rules.plans import Organisation, Plan, plan_changes
from people.services.applying import carry_out
from people.services.auditing import record
from people.services.listeners import tell_recorded
from people.services.profiles import bare_name, keep_profile
from people.services.reading import FileLook, PeopleFile, read_people_file
from people.services.uploads import batch_of_upload, close_upload
from people.services.versions import AnySession

LONGEST_FILE_NAME = 300
COUNTED = ("rows", "new", "same", "changed", "refused")


@dataclass(frozen=True)
class PeopleImport:
    """What an import did, or in a dry run would do; every row of the file is in one count.

    Attributes:
        batch: Number of the batch, None when nothing was saved.
        look: How the file was read.
        rows: `new` + `same` + `changed` + `refused`.
        remarks: Sentences about what was recorded but should be looked at.
        changes: Before and after of everybody who changes; None when the file was recorded.
        refusals: Every row that is not recorded, by row number.
        effective_on: The day the person chose, None for the day of each row or today.
    """

    batch: int | None
    file_name: str
    sha256: str
    look: FileLook
    rows: int = 0
    new: int = 0
    same: int = 0
    changed: int = 0
    refused: int = 0
    effective_on: date | None = None
    remarks: tuple[str, ...] = ()
    changes: Changes | None = field(default=None, repr=False)
    refusals: tuple[Refusal, ...] = field(default=(), repr=False)

    def promise(self) -> str:
        """Return a short text of what recording does, equal where it does the same."""
        counts = "-".join(str(getattr(self, name)) for name in COUNTED)
        return counts if self.changes is None else f"{counts}-{self.changes.digest()}"

    @property
    def good(self) -> int:
        """Rows that are not refused and say something new."""
        return self.new + self.changed

    @property
    def to_mend(self) -> tuple[Refusal, ...]:
        """The refused rows in which something is wrong."""
        return tuple(one for one in self.refusals if not one.reason.startswith(WAITS))

    @property
    def waiting(self) -> int:
        """Refused rows that are good in themselves and wait for the row of their manager."""
        return len(self.refusals) - len(self.to_mend)


def import_people(
    path: Path,
    *,
    file_name: str,
    account_id: int | None,
    effective_on: date | None = None,
    dry_run: bool = False,
    strict: bool = False,
    mapping: Mapping[str, str] | None = None,
    date_order: str | None = None,
    limits: Limits = WEB_LIMITS,
    upload_id: int | None = None,
    promised: str | None = None,
) -> PeopleImport:
    """Read a people file and record its good rows in one transaction.

    Args:
        path: The file.
        file_name: What it was called where it came from.
        account_id: Who brings it; None for the command line.
        effective_on: Day from which changes count; the file's own column goes before it.
        dry_run: Only say what would happen.
        strict: Record nothing when a row is refused.
        mapping: Name of a column to its field, instead of what the names suggest.
        date_order: Order of days and months in all date columns, where the person has told it.
        limits: How much is read.
        upload_id: The kept file this is; it becomes the batch, and its layout is remembered, in
            the same unit of work. When it has become one before, that batch is the answer.
        promised: The `promise` of the dry run that was looked at; None where nobody looked.

    Raises:
        RefusedError: The file as a whole cannot be read or makes no sense, or it would do
            something else by now than what was promised.
    """
    check_first_day(effective_on)
    people_file = read_people_file(path, limits, mapping, date_order)
    outcome = PeopleImport(
        batch=None,
        file_name=file_name[-LONGEST_FILE_NAME:],
        sha256=_digest(path),
        look=people_file.look,
        effective_on=effective_on,
    )
    if dry_run:
        organisation = organisation_now()
        plan = _plan(people_file, organisation, effective_on, today())
        db.session.rollback()
        return _counted(outcome, people_file, plan, organisation)
    with transaction() as session:
        take_turn(session)
        earlier = batch_of_upload(session, upload_id) if upload_id is not None else None
        if earlier is not None:
            return replace(outcome, batch=earlier)
        recorded_at = now()
        organisation = organisation_now()
        plan = _plan(people_file, organisation, effective_on, recorded_at.date())
        outcome = _counted(outcome, people_file, plan, organisation)
        _check_promised(outcome, promised)
        if outcome.refused and (strict or outcome.refused == outcome.rows):
            session.rollback()
            return outcome
        batch = _new_batch(outcome, account_id, recorded_at)
        session.add(batch)
        session.flush()
        carry_out(session, plan, organisation, batch)
        batch_id = batch.id
        _note(session, outcome, batch_id, account_id)
        if upload_id is not None:
            close_upload(session, upload_id, batch_id)
            _remember(session, outcome, date_order)
        tell_recorded(session, batch_id)
    return replace(outcome, batch=batch_id, changes=None)


def _check_promised(outcome: PeopleImport, promised: str | None) -> None:
    if promised is not None and promised != outcome.promise():
        raise RefusedError(
            "The people recorded have changed since you looked, and the file would now do "
            "something else. Look again."
        )


def _note(
    session: AnySession, outcome: PeopleImport, batch_id: int, account_id: int | None
) -> None:
    counts = {name: getattr(outcome, name) for name in COUNTED}
    record(session, "people.import", of=("people file", batch_id), details=counts, by=account_id)


def _remember(session: AnySession, outcome: PeopleImport, date_order: str | None) -> None:
    look = outcome.look
    choices = {
        "mapping": {column.name: column.field for column in look.columns},
        "date_order": date_order or "",
    }
    name = bare_name(outcome.file_name)
    keep_profile(session, PEOPLE, name, signature_of(look.header), choices)


def _plan(
    people_file: PeopleFile, organisation: Organisation, effective_on: date | None, day: date
) -> Plan:
    return plan_changes(people_file.rows, people_file.sheet, organisation, effective_on, day)


def _counted(
    outcome: PeopleImport, people_file: PeopleFile, plan: Plan, organisation: Organisation
) -> PeopleImport:
    counts = Counter(plan.outcomes.values())
    refusals = people_file.refusals()
    return replace(
        outcome,
        rows=people_file.row_count,
        new=counts["new"],
        same=counts["same"] + people_file.repeats,
        changed=counts["changed"],
        refused=len(refusals),
        remarks=tuple(plan.remarks),
        changes=Changes(plan, organisation, people_file.sheet.rows),
        refusals=tuple(refusals),
    )


def _new_batch(outcome: PeopleImport, account_id: int | None, recorded_at: datetime) -> PeopleBatch:
    return PeopleBatch(
        file_name=outcome.file_name,
        sha256=outcome.sha256,
        recorded_at=recorded_at,
        account_id=account_id,
        counts={
            "rows": outcome.rows,
            "new": outcome.new,
            "same": outcome.same,
            "changed": outcome.changed,
            "refused": outcome.refused,
            "header": list(outcome.look.header),
            "remarks": list(outcome.remarks),
        },
        before={},
        refused=[asdict(refusal) for refusal in outcome.refusals],
    )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

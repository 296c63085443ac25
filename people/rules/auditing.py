"""The audit trail: what an event is, and the chain of digests that shows when one was touched.

An event never holds a name, an address or a score: it names people and accounts by their ids, so
that erasing a person needs no change here and the chain stays whole.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

Plain = str | int | bool | None
Detail = Plain | Sequence["Detail"] | Mapping[str, "Detail"]
Details = Mapping[str, Detail]

BEGINNING = "0" * 64
"""What stands as the digest before the first event."""

PRUNED = "audit.retain"
EVERYBODY = "everybody"
"""Stands in the details of a look at more people than can be named."""

LABELS: Mapping[str, str] = {
    "account.add": "Account made",
    "account.change": "Account changed",
    "account.roles": "Roles changed",
    "aptitude.ask": "Assessment asked for",
    "aptitude.assess": "Person assessed",
    "aptitude.counted": "Answers of peers, direct reports and observers counted",
    "aptitude.comment": "Assessment commented on or contested",
    "aptitude.answer": "Comment on an assessment answered",
    "aptitude.framework": "Framework of aptitude begun, changed or published",
    "aptitude.panel": "Panel of experts asked, closed or made a key",
    "aptitude.workshop": "Anchor workshop opened, handed in or closed",
    "aptitude.scenario": "Scenario loaded, changed, published or retired",
    "aptitude.target": "Target of aptitude set",
    "aptitude.withdraw": "Request for an assessment withdrawn or declined",
    "assignment.add": "Curriculum assigned",
    "assignment.change": "Assignment ended, exempted or due on another day",
    "audience.change": "Audience of a curriculum changed",
    "audit.retain": "Old audit events removed",
    "catalogue.record": "Course catalogue recorded",
    "category.add": "Category added",
    "category.move": "Category moved to another side",
    "certificate.revoke": "Certificate revoked",
    "completion.import": "Completions of a file recorded",
    "courses.classify": "Courses classified",
    "curricula.import": "Modules and curricula brought in",
    "curricula.starter": "Library loaded",
    "curriculum.add": "Curriculum begun",
    "curriculum.change": "Curriculum changed",
    "curriculum.publish": "Curriculum published",
    "curriculum.retire": "Curriculum retired",
    "entry.correct": "Entry corrected",
    "enrolment.change": "Seat of a session changed",
    "export": "File handed out",
    "file.bring": "File brought in",
    "hours.attend": "Hours of a session recorded",
    "hours.import": "Hours recorded",
    "hours.undo": "Import of hours undone",
    "look": "Somebody’s data looked at",
    "module.add": "Module begun",
    "module.change": "Module changed",
    "module.material": "File of a module added or removed",
    "module.owner": "Owner of a module changed",
    "module.publish": "Module published",
    "module.retire": "Module retired",
    "module.review": "Module sent to review or back",
    "module.still-right": "Module found still right",
    "calendar.make": "Address of one’s own calendar made",
    "calendar.revoke": "Address of one’s own calendar taken back",
    "notice.choose": "Choice of how to hear of things changed",
    "people.erase": "Person erased",
    "people.import": "People file recorded",
    "profile.keep": "Way of reading files remembered",
    "people.undo": "People file undone",
    "privacy.retain": "Old data removed",
    "report.publish": "Report published",
    "setting.change": "Setting changed",
    "staffing.set": "Minimum staffing set",
    "session.add": "Session scheduled",
    "session.cancel": "Session cancelled",
    "session.end": "Session ended early",
    "session.change": "Session changed",
    "session.close": "Attendance sheet closed",
    "session.reopen": "Closing of an attendance sheet undone",
    "sign-in": "Signed in",
    "sign-in.failed": "Sign-in refused",
    "sign-out": "Signed out",
    "target.set": "Target set",
}


@dataclass(frozen=True)
class Event:
    """Something that happened.

    Attributes:
        account_id: Who did it; None for the command line and for strangers.
        capacity: As whom: the roles held at that moment, or "command line".
        kind: What, as a word of `LABELS`.
        object_kind: What kind of thing it was done to, such as "batch".
        employee_id: Whose data it is about, where it is about one person.
        details: Canonical JSON: before and after, or counts.
        previous: The digest of the event before.
        digest: The digest of this one.
    """

    id: int
    at: datetime
    account_id: int | None
    capacity: str
    kind: str
    object_kind: str | None
    object_id: int | None
    employee_id: int | None
    details: str
    previous: str
    digest: str = ""


@dataclass(frozen=True)
class Chain:
    """Both ends of the chain: the last event removed by retention, and the last one there is."""

    pruned_id: int
    pruned_digest: str
    last_id: int
    last_digest: str


def details_text(details: Details | None) -> str:
    """Return details in the one way they are written, stored and digested."""
    return json.dumps(details or {}, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def listed(ids: Iterable[int | None]) -> str:
    """Return ids as details keep them, with a comma on both sides of each: ",4,11,"."""
    return f",{','.join(map(str, ids))},"


def canonical_text(event: Event) -> str:
    """Return the one text of an event from which its digest is taken."""
    return json.dumps(
        [
            event.id,
            event.at.astimezone(UTC).isoformat(timespec="microseconds"),
            event.account_id,
            event.capacity,
            event.kind,
            event.object_kind,
            event.object_id,
            event.employee_id,
            event.details,
            event.previous,
        ],
        ensure_ascii=True,
        separators=(",", ":"),
    )


def digest_of(event: Event) -> str:
    """Return the SHA-256 of an event, the digest of the one before included."""
    return hashlib.sha256(canonical_text(event).encode()).hexdigest()


@dataclass(frozen=True)
class Break:
    """The first place where the chain does not hold, and why."""

    event_id: int
    reason: str


def first_break(events: Iterable[Event], chain: Chain) -> Break | None:
    """Return where the chain is broken first; None when every event is as it was written.

    Args:
        events: All of them, by id.
        chain: Both ends, kept apart from the events, so that a missing end is seen too.
    """
    expected, previous = chain.pruned_id + 1, chain.pruned_digest
    is_pruned_openly = chain.pruned_id == 0 and previous == BEGINNING
    for event in events:
        if event.id != expected:
            return Break(expected, "this event is missing")
        if event.previous != previous:
            return Break(event.id, "it does not follow the event before it")
        if digest_of(event) != event.digest:
            return Break(event.id, "it was changed after it was written")
        if event.kind == PRUNED:
            is_pruned_openly = is_pruned_openly or _tells_of(event, chain)
        expected, previous = event.id + 1, event.digest
    if expected - 1 != chain.last_id or previous != chain.last_digest:
        return Break(expected, "events at the end are missing or were added")
    if not is_pruned_openly:
        return Break(chain.pruned_id, "events up to here are gone and nothing says why")
    return None


def _tells_of(event: Event, chain: Chain) -> bool:
    told = json.loads(event.details)
    return (told.get("until"), told.get("digest")) == (chain.pruned_id, chain.pruned_digest)

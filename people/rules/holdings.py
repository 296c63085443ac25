"""What is held in each column of each table: nothing about a person, personal data, or sensitive.

Everything the product promises about personal data follows from these declarations: what "my
data" shows, what erasing a person takes away, and the record of processing. A test fails when a
table or column is declared nowhere.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum


class Care(Enum):
    """How much care a column asks for."""

    NONE = "none"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"


class Fate(Enum):
    """What becomes of a column when the person it is about is erased."""

    KEEP = "kept under the pseudonym, so that totals stay right"
    PSEUDONYM = "replaced by a pseudonym"
    CLEAR = "emptied"
    SCRUB = "cleaned of the person’s name, number and address"
    DROP = "the row is deleted"


KEEP, PSEUDONYM, CLEAR, SCRUB, DROP = Fate


class Realm(Enum):
    """Which tables are closed together, until it is decided who may read them."""

    PEOPLE = "who people are, where they stand and what they learned"
    LOGINS = "how people sign in"
    TRAIL = "what was done with data of people"
    FILES = "what files hold that people brought"
    APTITUDE = "how people are assessed, and what the company owes them for it"
    RATERS = "who assessed whom"


@dataclass(frozen=True)
class Held:
    """What one table holds.

    Attributes:
        table: Its name in the database.
        what: What a row is, in plain words.
        why: What it is needed for.
        none: Columns that say nothing about a person.
        personal: Columns that identify or belong to a person, with their fate at erasure.
        sensitive: Columns that could hurt a person when others know them, with their fate.
        secret: Those of them that are never shown to anybody, such as digests of passwords.
        of_employee: Columns that name the employee whose row it is.
        of_account: Columns that name the account whose row it is.
        of_address: Columns that hold the e-mail address of the person whose row it is.
        of_author: Columns that name somebody else who wrote the row: it stays when they are erased.
        shown_where: A column, and with which of its values the person sees the row. The others
            hold what several said who must not be told apart; it is shown as a figure of them all.
            "assessment_id.source" is the column of the row that another one leads to.
        only_with: A column without which the person does not see the row: it says nothing yet, but
            that it is there would tell that somebody has said something.
        hidden: Columns the person does not see, because they move with what is not shown yet or
            is of others.
        own_numbers: Rows are numbered anew for whoever looks: the numbers of the table tell how
            many others were written in between.
        quiet: Whoever is only mentioned in it does not see it: it is about somebody else.
        untold: Nobody else learns that there is such a row: erasing a person names neither the
            table nor a number.
        label: The column that says in words which row is meant.
        kept: How long, in words.
        closed_with: The realm, where the columns alone would lead to another one.
    """

    table: str
    what: str
    why: str
    none: tuple[str, ...] = ()
    personal: Mapping[str, Fate] = field(default_factory=dict)
    sensitive: Mapping[str, Fate] = field(default_factory=dict)
    secret: frozenset[str] = frozenset()
    of_employee: tuple[str, ...] = ()
    of_account: tuple[str, ...] = ()
    of_address: tuple[str, ...] = ()
    of_author: tuple[str, ...] = ()
    shown_where: tuple[str, frozenset[Enum]] | None = None
    only_with: str | None = None
    hidden: frozenset[str] = frozenset()
    own_numbers: bool = False
    quiet: bool = False
    untold: bool = False
    label: str | None = None
    kept: str = "as long as the organisation uses the product"
    closed_with: Realm | None = None

    def columns(self) -> Iterator[tuple[str, Care]]:
        """Yield every declared column with its care."""
        yield from ((name, Care.NONE) for name in self.none)
        yield from ((name, Care.PERSONAL) for name in self.personal)
        yield from ((name, Care.SENSITIVE) for name in self.sensitive)

    @property
    def about_people(self) -> Mapping[str, Fate]:
        """Return the columns about people, with what becomes of them at erasure."""
        return {**self.personal, **self.sensitive}

    @property
    def scrubbed(self) -> tuple[str, ...]:
        """Return the columns in which people may be mentioned anywhere."""
        return tuple(name for name, fate in self.about_people.items() if fate is SCRUB)

    @property
    def realm(self) -> Realm | None:
        """Return with which tables this one is closed; None where nothing is in it to close.

        It follows from the declaration alone, so a new table about people is closed from its
        first day. What only names the account that did something, such as set a target, is open.
        """
        if self.closed_with is not None or not self.about_people:
            return self.closed_with
        with_account = not self.of_employee and set(self.about_people.values()) == {Fate.DROP}
        if with_account or self.of_account == ("id",):
            return Realm.LOGINS
        if self.of_employee:
            return Realm.TRAIL if self.of_account else Realm.PEOPLE
        return Realm.FILES if self.sensitive else None

    @property
    def unnamed(self) -> frozenset[str]:
        """Return the columns that stay when a person is erased: groups are counted by them."""
        kept = {name for name, fate in self.personal.items() if fate is Fate.KEEP}
        return frozenset(kept | set(self.none))

    @property
    def has_owner(self) -> bool:
        """Tell whether each row is somebody's."""
        return bool(self.of_employee or self.of_account or self.of_address)


WITH_THE_PERSON = "with the person; leavers are erased after the retention period"
WITH_THE_ACCOUNT = "with the account"

PEOPLE = (
    Held(
        "employee",
        "A person who works or worked here",
        "to know whose training hours are counted",
        none=("id",),
        personal={
            "number": PSEUDONYM,
            "name": PSEUDONYM,
            "name_key": PSEUDONYM,
            "email": CLEAR,
            "hired_on": CLEAR,
            "left_on": KEEP,
        },
        sensitive={"gender": CLEAR},
        of_employee=("id",),
        label="name",
        kept=WITH_THE_PERSON,
    ),
    Held(
        "assignment",
        "Where a person stood from a day to a day",
        "to count hours where people stood, and to know who may see whom",
        none=("id", "recorded_at", "superseded_at", "batch_id"),
        personal={
            "employee_id": KEEP,
            "from_on": KEEP,
            "until_on": KEEP,
            "unit_id": KEEP,
            "site_id": KEEP,
            "level": KEEP,
            "job_title": CLEAR,
            "manager_id": KEEP,
            "fte_percent": KEEP,
            "employment": CLEAR,
        },
        of_employee=("employee_id",),
        kept=WITH_THE_PERSON,
    ),
    Held(
        "reporting_line",
        "Who stands above and below whom, worked out from the assignments",
        "to know who may see whom",
        none=("depth",),
        personal={"above_id": KEEP, "below_id": KEEP, "from_on": KEEP, "until_on": KEEP},
        of_employee=("below_id",),
        kept=WITH_THE_PERSON,
    ),
    Held(
        "account",
        "A login",
        "to let somebody in, and to say who did something",
        none=("id", "active", "demo_role", "version"),
        personal={
            "email": PSEUDONYM,
            "employee_id": CLEAR,
            "name": PSEUDONYM,
            "added_at": KEEP,
        },
        sensitive={
            "password": CLEAR,
            "fs_uniquifier": PSEUDONYM,
            "totp_secret": CLEAR,
            "totp_counter": CLEAR,
            "handle": CLEAR,
        },
        secret=frozenset({"password", "fs_uniquifier", "totp_secret", "totp_counter", "handle"}),
        of_employee=("employee_id",),
        of_account=("id",),
        label="name",
        kept="until the person is erased",
    ),
    Held(
        "account_role",
        "A role an account holds",
        "to know what somebody may do",
        none=("from_group",),
        personal={"account_id": DROP, "role_id": DROP},
        of_account=("account_id",),
        kept=WITH_THE_ACCOUNT,
    ),
    Held(
        "account_session",
        "A visit of somebody who has signed in",
        "to keep people signed in, and to let them end visits that are not theirs",
        none=("id",),
        personal={
            "account_id": DROP,
            "how": DROP,
            "device": DROP,
            "second_factor": DROP,
            "started_at": DROP,
            "last_seen_at": DROP,
            "proven_at": DROP,
        },
        sensitive={"digest": DROP},
        secret=frozenset({"digest"}),
        of_account=("account_id",),
        kept="until it ends, then for the retention period of visits",
    ),
    Held(
        "passkey",
        "A key of somebody’s device to sign in with",
        "to sign in without a password",
        none=("id", "sign_count", "transports"),
        personal={
            "account_id": DROP,
            "name": DROP,
            "added_at": DROP,
            "used_at": DROP,
        },
        sensitive={"credential": DROP, "public_key": DROP},
        secret=frozenset({"credential", "public_key"}),
        of_account=("account_id",),
        kept=WITH_THE_ACCOUNT,
    ),
    Held(
        "recovery_code",
        "A code for when the second factor is lost",
        "to sign in once without it",
        none=("id",),
        personal={"account_id": DROP},
        sensitive={"digest": DROP},
        secret=frozenset({"digest"}),
        of_account=("account_id",),
        kept=WITH_THE_ACCOUNT,
    ),
    Held(
        "ticket",
        "Something begun, such as a new password, that its owner may finish",
        "to finish what was begun in another window or by mail",
        none=("id", "kind", "expires_at"),
        personal={"account_id": DROP},
        sensitive={"digest": DROP, "content": DROP},
        secret=frozenset({"digest", "content"}),
        of_account=("account_id",),
        kept="until it is used or too old",
    ),
    Held(
        "submission",
        "A form that was sent and acted on",
        "to act once when it comes twice, and to answer it alike",
        none=("id",),
        personal={
            "account_id": DROP,
            "endpoint": DROP,
            "recorded_at": DROP,
            "status": DROP,
            "location": DROP,
        },
        sensitive={"sealed": DROP},
        secret=frozenset({"sealed"}),
        of_account=("account_id",),
        kept="for the retention period of forms",
    ),
    Held(
        "attempts",
        "How often signing in failed lately; who and from where is a digest only",
        "to slow down those who guess passwords",
        none=("key", "count", "last_at", "closed_until"),
        kept="a few days",
    ),
    Held(
        "outbox",
        "A letter to somebody",
        "to send new passwords and warnings",
        none=("id", "made_at", "next_try_at", "sent_at", "tries"),
        personal={"to_address": DROP, "subject": DROP, "problem": DROP},
        sensitive={"body": DROP, "files": DROP},
        secret=frozenset({"body", "files"}),
        of_address=("to_address",),
        kept="for the retention period of letters",
    ),
    Held(
        "identity",
        "Who an account is at the provider of single sign-on",
        "to sign in with the organisation’s own sign-in",
        none=("id", "issuer"),
        personal={"account_id": DROP, "subject": DROP, "linked_at": DROP},
        of_account=("account_id",),
        kept=WITH_THE_ACCOUNT,
    ),
    Held(
        "people_batch",
        "A people file that was recorded",
        "to show what it brought and to take it back",
        none=("id", "sha256", "recorded_at", "undone_at"),
        personal={"account_id": KEEP, "file_name": SCRUB, "counts": SCRUB},
        sensitive={"before": SCRUB, "refused": SCRUB},
        of_account=("account_id",),
        kept="refused rows for their retention period, the rest with the organisation",
    ),
    Held(
        "upload",
        "A file somebody brought and has not recorded yet",
        "to try how it is read before it is recorded",
        none=("id", "kind", "batch_id", "choices", "version"),
        personal={"account_id": KEEP, "file_name": SCRUB, "uploaded_at": KEEP},
        sensitive={"content": SCRUB},
        secret=frozenset({"content"}),
        of_account=("account_id",),
        kept="until it is recorded, at most the retention period of files",
    ),
    Held(
        "audit_event",
        "Something that happened: who did what, and who looked at whose data",
        "to protect the people in these data, never to judge work or to analyse log-ins",
        none=("id", "object_kind", "object_id", "previous", "digest"),
        personal={
            "at": KEEP,
            "account_id": KEEP,
            "capacity": KEEP,
            "kind": KEEP,
            "employee_id": KEEP,
            "details": KEEP,
        },
        of_employee=("employee_id",),
        of_account=("account_id",),
        kept="for the retention period of the audit trail",
    ),
    Held(
        "erasure",
        "That a person was erased, on what ground and when",
        "to prove that it was done, and to do it again after a backup was restored",
        none=("id", "erased_at", "ground"),
        personal={"employee_id": KEEP, "account_id": KEEP, "why": SCRUB},
        of_employee=("employee_id",),
    ),
    Held(
        "audit_chain",
        "Both ends of the chain of audit events",
        "to see when events are missing",
        none=("id", "pruned_id", "pruned_digest", "last_id", "last_digest"),
    ),
    Held(
        "setting",
        "A decision of the organisation",
        "to work as decided",
        none=("key", "value", "version"),
    ),
    Held(
        "unit",
        "A node of the organisation tree",
        "to count by unit",
        none=("id", "parent_id", "name", "path", "path_key", "depth"),
        label="path",
    ),
    Held(
        "unit_path",
        "Which units are below which",
        "to count by unit",
        none=("ancestor_id", "unit_id", "depth"),
    ),
    Held(
        "site",
        "A place where people work",
        "to count by site",
        none=("id", "name", "name_key"),
        label="name",
    ),
    Held(
        "profile",
        "How files of one layout are read",
        "to read the next one alike",
        none=("id", "kind", "name", "signature", "choices"),
    ),
    Held(
        "role",
        "A role",
        "to name what accounts may do",
        none=("id", "name", "description"),
        label="name",
    ),
    Held(
        "group_role",
        "Which role members of a group hold",
        "to give roles by single sign-on",
        none=("id", "group_name", "role_id"),
    ),
    Held(
        "job",
        "Something that is done later",
        "to do it once, and to say how far it is",
        none=(
            "id",
            "kind",
            "key",
            "payload",
            "queued_at",
            "started_at",
            "finished_at",
            "done",
            "parts",
            "problem",
        ),
        personal={"account_id": CLEAR},
        of_account=("account_id",),
        kept="for the retention period of jobs",
    ),
    Held(
        "job_part",
        "A part of it that is done",
        "to do no part twice",
        none=("job_id", "number", "done_at"),
    ),
    Held("job_worker", "A worker", "to see which are alive", none=("name", "seen_at")),
    Held(
        "data_version",
        "The count of changes",
        "to take turns",
        none=("id", "version", "turns", "shifts"),
    ),
)

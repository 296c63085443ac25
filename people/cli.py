"""Commands about people and accounts."""

import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask import current_app

from core.errors import RefusedError
from core.tables import COMMAND_LIMITS
from core.web.commands import Commands, finish, print_json, tell_refused
from core.web.work import duties
from core.words import plural
from people.exports import changes_csv, refused_rows_csv
from people.queries.auditing import verify_audit
from people.queries.employees import find_employee
from people.queries.holdings import holdings
from people.queries.profiles import PEOPLE, get_profile
from people.rules.erasing import GROUNDS, pseudonym_number
from people.rules.levels import RoleName
from people.rules.processing import processing_record, sight_table
from people.rules.retention import PERIOD_OF, PERIODS
from people.services.accounts import add_account
from people.services.erasing import erase_person
from people.services.importing import PeopleImport, import_people
from people.services.outbox import mail_server, send_waiting
from people.services.retaining import retain
from people.services.settings import set_retention
from people.services.undoing import undo_people

SHOWN_REFUSALS = 100


@duties.append
def send_letters() -> None:
    """Send the letters that wait, where there is a mail server: a duty of the worker."""
    server = mail_server(current_app.config)
    if server is not None:
        send_waiting(server)


people_cli = Commands("people", help="People, where they stand, and who may sign in.")


@people_cli.command("import")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--effective-on", type=click.DateTime(["%Y-%m-%d"]), help="Changes count from here.")
@click.option("--date-order", type=click.Choice(["day_first", "month_first"]))
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@click.option("--rejects", type=click.Path(dir_okay=False, path_type=Path), help="CSV to mend.")
@click.option(
    "--changes",
    type=click.Path(dir_okay=False, path_type=Path),
    help="With --dry-run: CSV of what changes, before and after.",
)
@click.option(
    "--profile", help="How the columns are read: a name remembered from an earlier import."
)
@click.option("--strict", is_flag=True, help="Record nothing when a row is refused.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text")
def import_command(
    path: Path,
    effective_on: datetime | None,
    date_order: str | None,
    dry_run: bool,
    rejects: Path | None,
    changes: Path | None,
    profile: str | None,
    strict: bool,
    format_: str,
) -> None:
    """Record the people of a file; exit with 1 if a row was refused."""
    if changes is not None and not dry_run:
        raise RefusedError("--changes shows what a dry run would change; add --dry-run.")
    held = get_profile(PEOPLE, profile)
    outcome = import_people(
        path,
        file_name=path.name,
        account_id=None,
        effective_on=effective_on.date() if effective_on else None,
        mapping=held.get("mapping"),
        date_order=date_order or held.get("date_order") or None,
        dry_run=dry_run,
        strict=strict,
        limits=COMMAND_LIMITS,
    )
    if rejects is not None:
        refusals = [asdict(refusal) for refusal in outcome.refusals]
        rejects.write_bytes(refused_rows_csv(outcome.look.header, refusals))
    if changes is not None:
        changes.write_bytes(changes_csv(outcome.changes or ()))
    if format_ == "json":
        print_json(_as_json(outcome))
    else:
        _tell(outcome, dry_run=dry_run, strict=strict)
    refused = outcome.refused > 0
    finish(partly=refused, nothing=refused and strict and not dry_run)


def _as_json(outcome: PeopleImport) -> dict[str, Any]:
    return {
        "batch": outcome.batch,
        "rows": outcome.rows,
        "new": outcome.new,
        "same": outcome.same,
        "changed": outcome.changed,
        "refused": outcome.refused,
        "remarks": list(outcome.remarks),
        "refusals": [
            {
                "row": refusal.row,
                "column": refusal.column,
                "value": refusal.value,
                "reason": refusal.reason,
                "remedy": refusal.remedy,
            }
            for refusal in outcome.refusals[:SHOWN_REFUSALS]
        ],
    }


def _tell(outcome: PeopleImport, *, dry_run: bool, strict: bool) -> None:
    click.echo(
        f"{plural(outcome.rows, 'row', 'rows')}: {outcome.new} new, {outcome.same} same, "
        f"{outcome.changed} changed, {outcome.refused} refused."
    )
    for remark in outcome.remarks:
        click.echo(remark)
    if outcome.batch is not None:
        click.echo(f"Recorded as people file {outcome.batch}.")
    elif dry_run:
        click.echo("Nothing is recorded: this was a dry run.")
    elif strict:
        click.echo("Nothing is recorded: --strict, and rows were refused.")
    else:
        click.echo("Nothing is recorded: every row is refused.")
    tell_refused(outcome.refusals, outcome.refused, "; --rejects writes them to a file")


@people_cli.command("undo")
@click.argument("batch", type=click.IntRange(1, 2**31 - 1))
def undo_command(batch: int) -> None:
    """Take back everything a people file brought."""
    undone = undo_people(batch)
    click.echo(
        f"{plural(undone.removed, 'person', 'people')} removed, "
        f"{plural(undone.restored, 'person', 'people')} as before."
    )


@people_cli.command("add-account")
@click.argument("email")
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice([role.value for role in RoleName]),
    help="May be given several times.",
)
@click.option("--employee", help="Number of the person in the organisation.")
@click.option("--name", help="How the person is addressed.")
def add_account_command(
    email: str, roles: tuple[str, ...], employee: str | None, name: str | None
) -> None:
    """Let somebody sign in; the password is read from standard input."""
    if sys.stdin.isatty():
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    add_account(
        email,
        [RoleName(role) for role in roles],
        password=password,
        name=name,
        employee_number=employee,
    )
    click.echo(f"{email} can sign in.")


audit_cli = Commands("audit", help="The audit trail.")


@audit_cli.command("verify")
@click.option("--head", help="Digest of an event noted earlier; it has to be in the chain still.")
def verify_command(head: str | None) -> None:
    """Go through every event; exit with 1 and the first broken one if any was touched."""
    verdict = verify_audit(head)
    if verdict.broken is not None:
        click.echo(f"Event {verdict.broken.event_id}: {verdict.broken.reason}.", err=True)
        finish(partly=True)
    click.echo(f"{plural(verdict.events, 'event', 'events')}, none touched.")
    click.echo(f"Digest of the last one: {verdict.head}")


privacy_cli = Commands("privacy", help="Erasing people, letting go of old data, and the record.")


@privacy_cli.command("erase")
@click.argument("number")
@click.option("--ground", type=click.Choice(list(GROUNDS)), required=True, help="Legal ground.")
@click.option("--why", default="", help="Anything to remember, without naming the person.")
@click.confirmation_option(prompt="This cannot be taken back. Erase this person?")
def erase_command(number: str, ground: str, why: str) -> None:
    """Replace all that identifies the person with this number by a pseudonym; totals stay."""
    person = find_employee(number)
    if person is None:
        raise RefusedError(f"Nobody has the employee number {number}.")
    employee_id = person.id
    erased = erase_person(employee_id, ground, why)
    for what, counts in (("cleaned", erased.cleaned), ("deleted", erased.deleted)):
        for table, count in sorted(counts.items()):
            click.echo(f"{table}: {plural(count, 'row', 'rows')} {what}")
    click.echo(f"Erased. The hours stay under {pseudonym_number(employee_id)}.")


@privacy_cli.command("retain")
@click.option("--dry-run", is_flag=True, help="Only list what would go.")
def retain_command(dry_run: bool) -> None:
    """Let go of everything that was kept long enough; the list comes first."""
    for due in retain(dry_run=dry_run):
        count = "any" if due.count is None else f"{due.count:,}"
        click.echo(f"{due.kind}: {count} older than {due.days:,} days. {due.what}.")
    click.echo("Nothing was removed: this was a dry run." if dry_run else "Removed.")


@privacy_cli.command("keep")
@click.argument("kind", type=click.Choice([period.kind for period in PERIODS]))
@click.argument("days", type=int)
def keep_command(kind: str, days: int) -> None:
    """Decide for how many days one kind of data is kept."""
    set_retention(kind, days)
    click.echo(f"{PERIOD_OF[kind].what}: {plural(days, 'day', 'days')}.")


@privacy_cli.command("record")
def record_command() -> None:
    """Print the record of processing: what is held, why and for how long."""
    click.echo(processing_record(holdings()), nl=False)


@privacy_cli.command("sight")
def sight_command() -> None:
    """Print who may see and do what, as the rules decide it."""
    click.echo(sight_table(), nl=False)

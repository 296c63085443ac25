"""Commands of the ledger; their names and answers are relied on by scripts."""

import json
from pathlib import Path
from typing import Any

import click

from core.errors import RefusedError
from core.headers import as_named_in
from core.web.commands import Commands, finish, tell_refused
from core.words import plural
from ledger.exports import refused_rows_csv
from ledger.imports import HoursFile, open_catalogue, open_classification, open_hours
from ledger.queries.checking import check_rollups
from ledger.rules.classify_files import classify_lines_of
from ledger.rules.hours_files import ImportResult, Reading
from ledger.rules.judging import Refusal
from ledger.rules.kinds import Basis
from ledger.services.catalogue import record_catalogue
from ledger.services.classification_files import classify_lines
from ledger.services.correcting import undo_batch
from ledger.services.importing import import_hours
from people.queries.profiles import HOURS, get_profile
from people.queries.settings import day_minutes

ledger_cli = Commands("ledger", help="Training hours: import, classify, undo, check.")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FORMAT = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")


@ledger_cli.command("import")
@click.argument("path", type=FILE)
@click.option(
    "--profile", help="How the columns are read: a name remembered from an earlier import."
)
@click.option("--basis", type=click.Choice([b.value for b in Basis]))
@click.option("--dry-run", is_flag=True, help="Judge every row and record nothing.")
@click.option(
    "--rejects", type=click.Path(dir_okay=False, path_type=Path), help="Write refused rows here."
)
@click.option("--strict", is_flag=True, help="Record nothing when a row is refused.")
@click.option("--allow-long", is_flag=True, help="Take lines of more than 24 hours.")
@click.option("--allow-future", is_flag=True, help="Take days in the future.")
@click.option("--add-people", is_flag=True, help="Add people of whom only the number is known.")
@click.option("--date-order", type=click.Choice(["day_first", "month_first"]))
@click.option("--day-minutes", type=click.IntRange(1, 1440), help="Minutes in a day of training.")
@click.option("--sheet", help="The sheet of a workbook.")
@FORMAT
def import_(path: Path, **options: Any) -> None:
    """Record the hours of FILE; exit with 1 when rows were refused."""
    hours = open_hours(path, sheet=options["sheet"])
    reading = _reading(hours, options)
    missing = hours.missing(reading.basis is Basis.LEARNER)
    if missing:
        raise RefusedError(missing)
    try:
        result = import_hours(
            hours.source(),
            reading,
            dry_run=options["dry_run"],
            keep_all=options["rejects"] is not None,
        )
    except RefusedError as refusal:
        if refusal.field != "date_order":
            raise
        remedy = "Say --date-order day_first or --date-order month_first."
        raise RefusedError(f"{refusal.message} {remedy}") from refusal
    if options["rejects"]:
        _write_rejects(options["rejects"], hours.table.header, result.refusals)
    if options["form"] == "json":
        click.echo(json.dumps(as_json(result), ensure_ascii=False, indent=2))
    else:
        _tell(result, options["dry_run"])
    if result.refused:
        finish(partly=True, nothing=reading.strict and not options["dry_run"])


def _reading(hours: HoursFile, options: dict[str, Any]) -> Reading:
    choices = get_profile(HOURS, options["profile"])
    header = list(hours.table.header)
    named = as_named_in(header, choices.get("mapping") or {})
    if named:
        hours.mapping.clear()
        hours.mapping.update({f: header.index(c) for c, f in named.items() if f and c in header})
    return Reading(
        basis=Basis(options["basis"] or choices.get("basis") or Basis.LEARNER.value),
        day_minutes=options["day_minutes"] or choices.get("day_minutes") or day_minutes(),
        date_order=options["date_order"] or choices.get("date_order") or None,
        statuses=dict(choices.get("statuses") or {}),
        allow_long=options["allow_long"],
        allow_future=options["allow_future"],
        add_people=options["add_people"] or bool(choices.get("add_people")),
        strict=options["strict"],
    )


def as_json(result: ImportResult) -> dict[str, Any]:
    """Return the answer of `ledger import --format json`; documented in docs/cli.md."""
    return {
        "batch": result.batch_id,
        "rows": result.rows,
        "new": result.new,
        "same": result.same,
        "changed": result.changed,
        "ignored": result.ignored,
        "refused": result.refused,
        "minutes": result.minutes,
        "refusals": [_refusal(refusal) for refusal in result.refusals[:100]],
    }


def _refusal(refusal: Refusal) -> dict[str, Any]:
    return {
        "row": refusal.row,
        "column": refusal.column,
        "value": refusal.value,
        "reason": refusal.reason,
        "remedy": refusal.remedy,
    }


def _tell(result: ImportResult, dry_run: bool) -> None:
    if dry_run:
        click.echo("Dry run: nothing is recorded.")
    elif result.batch_id is None:
        click.echo(f"Nothing is recorded{_why_nothing(result)}.")
    else:
        click.echo(f"Batch {result.batch_id}.")
    click.echo(
        f"{plural(result.rows, 'row', 'rows')}: {result.new} new, {result.same} same,"
        f" {result.changed} changed, "
        f"{result.ignored} ignored, {result.refused} refused. {result.minutes} minutes."
    )
    for note in result.notes:
        click.echo(note)
    tell_refused(result.refusals, result.refused, "; --rejects writes them to a file")


def _why_nothing(result: ImportResult) -> str:
    if not result.refused:
        return ": nothing in the file is new"
    return ": every row is refused" if result.refused == result.rows else ""


def _write_rejects(path: Path, header: list[str], refusals: list[Refusal]) -> None:
    """Write refused rows so that they can be mended and imported again."""
    with path.open("wb") as stream:
        stream.writelines(refused_rows_csv(header, refusals))


@ledger_cli.command("classify")
@click.argument("path", type=FILE)
@click.option("--dry-run", is_flag=True, help="Judge every row and record nothing.")
@click.option(
    "--rejects", type=click.Path(dir_okay=False, path_type=Path), help="Write refused rows here."
)
@FORMAT
def classify(path: Path, dry_run: bool, rejects: Path | None, form: str) -> None:
    """Record what courses count as, from FILE; exit with 1 when rows were refused."""
    opened = open_classification(path)
    lines, refusals = classify_lines_of(opened.table.blocks(), opened.mapping, opened.order)
    result = classify_lines(
        lines, refusals, account_id=None, source=opened.source(), dry_run=dry_run
    )
    if rejects:
        _write_rejects(rejects, opened.table.header, result.refusals)
    if form == "json":
        counts = {
            "batch": result.batch_id,
            "rows": result.rows,
            "classified": result.classified,
            "same": result.unchanged,
            "new_courses": result.new_courses,
            "refused": len(result.refusals),
            "refusals": [_refusal(refusal) for refusal in result.refusals[:100]],
        }
        click.echo(json.dumps(counts, ensure_ascii=False, indent=2))
    else:
        if result.batch_id is not None:
            click.echo(f"Batch {result.batch_id}.")
        else:
            click.echo("Dry run: nothing is recorded." if dry_run else "Nothing is recorded.")
        click.echo(
            f"{plural(result.rows, 'row', 'rows')}:"
            f" {plural(result.classified, 'course', 'courses')} classified, {result.unchanged} as"
            f" before, {plural(result.refused, 'row', 'rows')} refused,"
            f" {plural(result.new_courses, 'course', 'courses')} added."
        )
        tell_refused(result.refusals, len(result.refusals), "; --rejects writes them to a file")
    if result.refusals:
        raise SystemExit(1)


@ledger_cli.command("catalogue")
@click.argument("path", type=FILE)
@FORMAT
def catalogue(path: Path, form: str) -> None:
    """Add the courses of FILE with their planned lengths to the catalogue."""
    result = record_catalogue(open_catalogue(path))
    counts = {
        "courses": result.courses,
        "minutes": result.minutes,
        "new": result.new,
        "refused": len(result.refusals),
        "refusals": [_refusal(refusal) for refusal in result.refusals[:100]],
    }
    if form == "json":
        click.echo(json.dumps(counts, ensure_ascii=False, indent=2))
    else:
        click.echo(
            f"{plural(result.courses, 'course', 'courses')}, {result.minutes} minutes planned;"
            f" {result.new} of them new."
        )
        tell_refused(result.refusals, len(result.refusals))
    if result.refusals:
        raise SystemExit(1)


@ledger_cli.command("undo")
@click.argument("batch", type=int)
def undo(batch: int) -> None:
    """Take back everything that BATCH recorded, by reversing entries."""
    done = undo_batch(batch, account_id=None)
    if "courses" in done.counts:
        courses = plural(done.counts["courses"], "course counts", "courses count")
        what = f"{courses} as without this file"
    else:
        what = f"{done.counts['reversed']} entries reversed"
    click.echo(f"Batch {batch} is undone by batch {done.id}: {what}.")


@ledger_cli.command("check")
def check() -> None:
    """Recount every roll-up from the entries; exit with 1 when one differs."""
    result = check_rollups()
    click.echo(f"{result.entries} entries, {result.cells} cells recounted.")
    for difference in result.differences:
        click.echo(
            f"{difference.table} {difference.cell}: stored {difference.stored}, "
            f"recounted {difference.recounted}",
            err=True,
        )
    if result.difference_count:
        click.echo(f"{result.difference_count} cells differ.", err=True)
        raise SystemExit(1)
    click.echo("Roll-ups equal entries.")

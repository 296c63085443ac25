"""Commands of the curricula; their names and answers are relied on by scripts."""

from pathlib import Path

import click

from core.clock import today
from core.web.commands import Commands, finish, print_json, tell_refused
from core.words import hours, percent1, plural
from curricula.exports.exchange import exchange_file
from curricula.imports import open_completions, read_exchange_file, read_library
from curricula.queries.exchange import all_to_hand_on
from curricula.queries.mixes import mix_of_curriculum
from curricula.rules.arrivals import Loaded, Outcome, Told
from curricula.rules.completion_files import USUAL_SOURCE
from curricula.rules.mixing import Mix
from curricula.services.recording import import_completions
from curricula.services.starter import import_exchange, load_library

curricula_cli = Commands("curricula", help="Modules and curricula: library, mix, exchange.")
library_cli = Commands("library", help="The library that ships.")
curricula_cli.add_command(library_cli)
EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
MOST_REFUSALS = 100
FORMAT = click.Choice(["text", "json"])


@library_cli.command("load")
@click.option("--format", "form", type=FORMAT, default="text")
def library_load(form: str) -> None:
    """Bring the library in; what the organisation changed stays as it is."""
    library = read_library()
    loaded = load_library(library.modules, library.curricula, account_id=None)
    for name, message in library.problems:
        loaded.tell("file", name, Outcome.REFUSED, message)
    _tell(loaded, form)


@curricula_cli.command("import")
@click.argument(
    "path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--format", "form", type=FORMAT, default="text")
def import_file(path: Path, form: str) -> None:
    """Bring modules and curricula in as drafts, all of a file or nothing."""
    loaded = import_exchange(read_exchange_file(path.read_bytes()), account_id=None)
    _tell(loaded, form)


@curricula_cli.command("export")
@click.argument("path", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
def export_file(path: Path) -> None:
    """Write every module and curriculum into one file."""
    exchange = all_to_hand_on(today())
    path.write_bytes(exchange_file(exchange))
    click.echo(f"{len(exchange.modules)} modules and {len(exchange.curricula)} curricula in {path}")


@curricula_cli.command("mix")
@click.argument("curriculum")
@click.option("--format", "form", type=FORMAT, default="text")
def mix(curriculum: str, form: str) -> None:
    """Say how hard and soft a curriculum is, narrow and broad."""
    found = mix_of_curriculum(curriculum, today())
    required, elective = found.mix.required, found.mix.elective
    if form == "json":
        print_json(
            {
                "curriculum": found.code,
                "title": found.title,
                "modules": found.mix.required_modules,
                **_figures(required),
                "elective_modules": found.mix.elective_modules,
                "elective": _figures(elective),
            }
        )
        return
    click.echo(f"{found.code} {found.title}")
    click.echo(f"Soft, narrow  {hours(required.soft_minutes_narrow)}"
               f"  {percent1(required.narrow_share)}")  # fmt: skip
    click.echo(f"Soft, broad   {hours(required.soft_minutes_broad)}"
               f"  {percent1(required.broad_share)}")  # fmt: skip
    click.echo(f"Hard          {hours(required.hard_minutes)}")
    click.echo(f"In all        {hours(required.total_minutes)}")
    if elective.total_minutes:
        click.echo(f"Electives     {hours(elective.total_minutes)}, counted apart")


def _figures(one: Mix) -> dict[str, int | float | None]:
    return {
        "soft_minutes_narrow": one.soft_minutes_narrow,
        "soft_minutes_broad": one.soft_minutes_broad,
        "hard_minutes": one.hard_minutes,
        "unclassified_minutes": one.unclassified_minutes,
        "total_minutes": one.total_minutes,
        "soft_share_narrow": None if one.narrow_share is None else float(one.narrow_share),
        "soft_share_broad": None if one.broad_share is None else float(one.broad_share),
    }


def _tell(loaded: Loaded, form: str) -> None:
    refused = loaded.count(Outcome.REFUSED)
    if form == "json":
        print_json(
            {
                "added": loaded.count(Outcome.ADDED),
                "renewed": loaded.count(Outcome.RENEWED),
                "same": loaded.count(Outcome.SAME),
                "kept": loaded.count(Outcome.KEPT),
                "refused": refused,
                "told": [_plain(one) for one in loaded.told],
            }
        )
    else:
        counts = (
            f"{loaded.count(outcome)} {outcome.value}"
            for outcome in Outcome
            if loaded.count(outcome)
        )
        click.echo(", ".join(counts) or "nothing to bring in")
        for one in loaded.told:
            if one.outcome in {Outcome.KEPT, Outcome.RENEWED, Outcome.REFUSED}:
                click.echo(f"{one.code}: {_why(one)}", err=one.outcome is Outcome.REFUSED)
    finish(partly=bool(refused))


def _why(one: Told) -> str:
    return f"{one.outcome.value}, {one.why}" if one.why else one.outcome.value


def _plain(one: Told) -> dict[str, str]:
    return {"what": one.what, "code": one.code, "outcome": one.outcome.name.lower(),
            "why": one.why}  # fmt: skip


@curricula_cli.command("completions")
@click.argument("path", type=EXISTING)
@click.option("--source", default=USUAL_SOURCE, help="The system the file comes from.")
@click.option("--dry-run", is_flag=True, help="Only say what would be recorded.")
@click.option("--format", "form", type=FORMAT, default="text")
def completions(path: Path, source: str, dry_run: bool, form: str) -> None:
    """Record completions of an LMS or SCORM packages; exit with 1 when rows were refused."""
    file = open_completions(path, source=source, today=today())
    found = import_completions(file.lines, file.refusals, dry_run=dry_run, account_id=None)
    counts = {
        "rows": found.rows,
        "new": found.new,
        "same": found.same,
        "ignored": found.ignored,
        "refused": found.refused,
    }
    if form == "json":
        shown = [
            {
                "row": one.row,
                "column": one.column,
                "value": one.value,
                "reason": one.reason,
                "remedy": one.remedy,
            }
            for one in found.refusals[:MOST_REFUSALS]
        ]
        print_json({**counts, "refusals": shown})
    else:
        rest = ", ".join(f"{count} {name}" for name, count in counts.items() if name != "rows")
        click.echo(f"{plural(found.rows, 'row', 'rows')}: {rest}.")
        tell_refused(found.refusals, found.refused)
    finish(partly=bool(found.refused))

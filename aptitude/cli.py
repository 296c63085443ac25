"""Commands of service aptitude; their names and answers are relied on by scripts."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from aptitude.exports.analysis_text import analysis_lines, further_lines
from aptitude.imports import read_aptitude_library, read_ratings
from aptitude.rules.analysis import Analysis, analyse
from aptitude.rules.further import further
from aptitude.rules.own_words import headline
from aptitude.services.agreement import measure_now
from aptitude.services.frameworks import load_framework
from aptitude.services.scenario_library import load_scenarios
from aptitude.services.standings import rebuild_standings
from core.errors import RefusedError
from core.web.commands import Commands, finish, print_json, tell_refused
from core.words import plural

aptitude_cli = Commands(
    "aptitude", help="Service aptitude: its framework, and what ratings are worth."
)
library_cli = Commands("library", help="The framework and the scenarios that ship.")
aptitude_cli.add_command(library_cli)


@aptitude_cli.command("analyse")
@click.argument("path", metavar="FILE", type=click.Path(
    exists=True, dir_okay=False, path_type=Path))  # fmt: skip
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.option("--more", is_flag=True, help="Omega, other measures of agreement, Rasch severities.")
def analyse_file(path: Path, form: str, more: bool) -> None:
    """Say how reliable the ratings of FILE are, and how severe each rater is."""
    file = read_ratings(path)
    tell_refused(file.refusals, len(file.refusals))
    if len(file.refusals) == file.rows:
        raise RefusedError("No row of the file can be used; mend it first.")
    found = analyse(file)
    beyond = further(file, connected=found.connected) if more else None
    if form == "json":
        print_json(as_json(found) | ({"more": asdict(beyond)} if beyond else {}))
    else:
        for line in (*analysis_lines(found), *(further_lines(beyond) if beyond else ())):
            click.echo(line)
    finish(partly=bool(file.refusals))


@library_cli.command("load")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def library_load(form: str) -> None:
    """Bring framework and scenarios in; what the organisation changed stays as it is."""
    library = read_aptitude_library()
    for problem in library.problems:
        click.echo(f"{problem.where}: {problem.message}", err=True)
    has_framework = library.framework is not None and load_framework(
        library.framework, account_id=None
    )
    found = load_scenarios(library.items, account_id=None)
    if form == "json":
        print_json({"framework": has_framework, **asdict(found)})
    else:
        click.echo("Framework: loaded." if has_framework else "Framework: as it is.")
        for word, codes in asdict(found).items():
            click.echo(f"Scenarios {word}: {len(codes)}")
    finish(partly=bool(library.problems))


def as_json(found: Analysis) -> dict[str, Any]:
    """Return the answer of `aptitude analyse --format json`; documented in docs/cli.md."""
    return {
        "overall": asdict(found.overall),
        "dimensions": {name: asdict(figures) for name, figures in found.dimensions.items()},
        "raters": {
            name: {"n": one.count, "mean": one.mean, "severity": one.severity}
            for name, one in found.raters.items()
        },
        "connected": found.connected,
    }


@aptitude_cli.command("rebuild")
def rebuild() -> None:
    """Work out anew, from everything that was said, where people stand."""
    click.echo(f"{plural(rebuild_standings(), 'person', 'people')} worked out anew.")


@aptitude_cli.command("measure")
def measure() -> None:
    """Measure how far the organisation's own raters agree; done each week by itself."""
    click.echo(headline(measure_now()))

"""Commands of service aptitude; their names and answers are relied on by scripts."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from aptitude.imports import read_aptitude_library, read_ratings
from aptitude.rules.analysis import Analysis, Figures, analyse
from aptitude.rules.own_words import headline
from aptitude.rules.severity import RaterFigure
from aptitude.services.agreement import measure_now
from aptitude.services.frameworks import load_framework
from aptitude.services.scenario_library import load_scenarios
from aptitude.services.standings import rebuild_standings
from core.errors import RefusedError
from core.headers import listed
from core.web.commands import Commands, finish, print_json, tell_refused
from core.words import plural

aptitude_cli = Commands(
    "aptitude", help="Service aptitude: its framework, and what ratings are worth."
)
library_cli = Commands("library", help="The framework and the scenarios that ship.")
aptitude_cli.add_command(library_cli)
MOST_RATERS = 100
NOT_KNOWN = "–"
COLUMNS = (
    ("SD", "sd"), ("alpha", "alpha"), ("ICC1", "icc1"), ("ICC2", "icc2"), ("ICC3", "icc3"),
    ("ICC1k", "icc1k"), ("ICC2k", "icc2k"), ("ICC3k", "icc3k"), ("SEM", "sem"), ("MDC95", "mdc95"),
)  # fmt: skip


@aptitude_cli.command("analyse")
@click.argument("path", metavar="FILE", type=click.Path(
    exists=True, dir_okay=False, path_type=Path))  # fmt: skip
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def analyse_file(path: Path, form: str) -> None:
    """Say how reliable the ratings of FILE are, and how severe each rater is."""
    file = read_ratings(path)
    tell_refused(file.refusals, len(file.refusals))
    if len(file.refusals) == file.rows:
        raise RefusedError("No row of the file can be used; mend it first.")
    found = analyse(file)
    if form == "json":
        print_json(as_json(found))
    else:
        for line in _as_text(found):
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


def _as_text(found: Analysis) -> Iterator[str]:
    tables = {"Overall": found.overall, **found.dimensions}
    width = min(40, max(len(name) for name in tables))
    yield _line("", ["persons", "raters", "mean", *(title for title, _ in COLUMNS)], width)
    for name, figures in tables.items():
        yield _line(name, _cells(figures), width)
    told: dict[str, list[str]] = {}
    for name, figures in tables.items():
        for note in figures.notes:
            told.setdefault(note, []).append(name)
    for note, names in told.items():
        yield f"{listed(names, 8)}: {note}"
    yield "The design is connected." if found.connected else "The design is not connected."
    yield from _raters(found.raters)


def _cells(figures: Figures) -> list[str]:
    values = asdict(figures)
    return [
        str(figures.persons),
        str(figures.raters),
        *(_number(values[name]) for name in ("mean", *(name for _, name in COLUMNS))),
    ]


def _raters(raters: dict[str, RaterFigure]) -> Iterator[str]:
    width = min(40, max(map(len, ["Rater", *raters])))
    shown = list(raters.items())[:MOST_RATERS]
    if shown:
        yield _line("Rater", ["n", "mean", "severity"], width)
    for name, one in shown:
        yield _line(name, [str(one.count), _number(one.mean), _number(one.severity)], width)
    if len(raters) > len(shown):
        yield f"… {plural(len(raters), 'rater', 'raters')} in all; --format json names each."


def _line(name: str, cells: list[str], width: int) -> str:
    return f"{name[:width]:<{width}}" + "".join(f"{cell:>9}" for cell in cells)


def _number(value: float | None) -> str:
    return NOT_KNOWN if value is None else f"{round(value, 3) + 0.0:.3f}".replace("-", "−")


@aptitude_cli.command("rebuild")
def rebuild() -> None:
    """Work out anew, from everything that was said, where people stand."""
    click.echo(f"{plural(rebuild_standings(), 'person', 'people')} worked out anew.")


@aptitude_cli.command("measure")
def measure() -> None:
    """Measure how far the organisation's own raters agree; done each week by itself."""
    click.echo(headline(measure_now()))

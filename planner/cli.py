"""Commands of the planner; their names and answers are relied on by scripts."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from core.clock import today
from core.errors import RefusedError
from core.web.commands import Commands, print_json
from core.words import hours, percent1
from ledger.rules.kinds import Basis, Definition
from people.queries.units import unit_by_name_or_path
from planner.exports.pdf import balance_pdf
from planner.exports.sheets import groups_csv
from planner.queries.balances import balance, month_figures
from planner.queries.persons import person_figures
from planner.rules.answers import balance_answer, gap_answer, groups_of, named_groups
from planner.rules.cuts import Document
from planner.rules.periods import Period, all_recorded, between
from planner.rules.questions import Question, Structure

planner_cli = Commands("planner", help="The hard/soft mix: balance, gap, report.")
DAY = click.DateTime(formats=["%Y-%m-%d"])
CUTS = ["unit", "site", "level", "month", "category", "delivery", "person"]
BY_NAME = {"person": person_figures, "month": month_figures}


def _question_options(command: Any) -> Any:
    """Add the options every question has."""
    for option in reversed(
        (
            click.option("--unit", help="A unit by name or path; everything below it is included."),
            click.option("--from", "from_on", type=DAY, help="First day of training that counts."),
            click.option("--to", "to_on", type=DAY, help="Last day of training that counts."),
            click.option(
                "--as-of", type=DAY, help="Count what was recorded by the end of this day."
            ),
            click.option(
                "--definition", type=click.Choice([d.value for d in Definition]), default="narrow"
            ),
            click.option("--basis", type=click.Choice([b.value for b in Basis]), default="learner"),
            click.option(
                "--structure", type=click.Choice([s.value for s in Structure]), default="then"
            ),
        )
    ):
        command = option(command)
    return command


def _question(options: dict[str, Any], target_percent: int | None = None) -> Question:
    unit = options.get("unit")
    return Question(
        period=_period(options.get("from_on"), options.get("to_on")),
        basis=Basis(options["basis"]),
        definition=Definition(options["definition"]),
        structure=Structure(options["structure"]),
        as_of=_day(options.get("as_of")),
        unit_id=unit_by_name_or_path(unit).id if unit else None,
        target_percent=target_percent,
    )


def _day(moment: datetime | None) -> Any:
    return moment.date() if moment else None


def _period(first: datetime | None, last: datetime | None) -> Period:
    if first is None and last is None:
        return all_recorded()
    return between(_day(first), _day(last))


def _percent(target: str | None) -> int | None:
    """Return a target as a whole percentage: "20", "20%" and "0.2" are the same."""
    if target is None:
        return None
    text = target.removesuffix("%").strip()
    try:
        value = float(text)
    except ValueError as error:
        raise RefusedError(f"A target is a whole percentage from 1 to 99, not {target}.") from error
    if 0 < value < 1:
        value *= 100
    percent = round(value)
    if not 1 <= percent <= 99 or abs(percent - value) > 1e-9:  # a whole percentage
        raise RefusedError(f"A target is a whole percentage from 1 to 99, not {target}.")
    return percent


@planner_cli.command("balance")
@click.option("--by", type=click.Choice(CUTS), help="Add one table.")
@click.option("--target", help="Test this percentage instead of the organisation's target.")
@click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text")
@_question_options
def balance_(by: str | None, target: str | None, form: str, **options: Any) -> None:
    """Print the share of soft training with its range, in total and by one cut."""
    question = _question(options, _percent(target))
    document = balance(question)
    groups = named_groups(BY_NAME[by](question)) if by in BY_NAME else groups_of(document, by)
    if form == "json":
        print_json(balance_answer(document, groups))
    elif form == "csv":
        click.echo(groups_csv(document, groups), nl=False)
    else:
        _tell(document, groups)


def _tell(document: Document, groups: list[dict[str, object]]) -> None:
    click.echo(document["title"])
    click.echo(document["lede"])
    gap: Any = document["gap"]
    if gap:
        click.echo(" ".join(filter(None, [gap["sentence"], gap["floor_sentence"]])))
    for group in groups:
        row: Any = group
        click.echo(
            f"{row['label']}: {percent1(row['soft_share'])}, "
            f"{hours(row['soft_minutes'] or 0)} soft of {hours(row['total_minutes'] or 0)}"
        )


@planner_cli.command("gap")
@click.option("--target", required=True, help="The percentage to reach.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@_question_options
def gap(target: str, form: str, **options: Any) -> None:
    """Print the hours to add, or to swap, to reach a target."""
    document = balance(_question(options, _percent(target)))
    if form == "json":
        print_json(gap_answer(document))
        return
    found: Any = document["gap"]
    click.echo(found["sentence"])
    if found["floor_sentence"]:
        click.echo(found["floor_sentence"])


@planner_cli.command("report")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--target", help="Test this percentage instead of the organisation's target.")
@_question_options
def report(path: Path, target: str | None, **options: Any) -> None:
    """Write the balance as a PDF of one to three pages."""
    document = balance(_question(options, _percent(target)))
    path.write_bytes(balance_pdf(document))
    click.echo(f"Wrote {path} on {today():%Y-%m-%d}.")

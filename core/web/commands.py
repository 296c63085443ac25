"""How the terminal shows what the domain refuses, and prints what programs read."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import click
from flask.cli import AppGroup

from core.config import MisconfiguredError
from core.errors import DomainError
from core.words import plural

DONE, PARTLY_DONE, NOT_DONE = 0, 1, 2
MOST_REFUSED, LONGEST_VALUE = 100, 200


class RefusedRow(Protocol):
    """A row of a file that was not taken, whichever feature read it."""

    @property
    def row(self) -> int:
        """Return its number in the file."""

    @property
    def column(self) -> str:
        """Return the column that is to blame; "" for the row as a whole."""

    @property
    def value(self) -> str:
        """Return what stands there."""

    @property
    def reason(self) -> str:
        """Return why, as a sentence."""

    @property
    def remedy(self) -> str:
        """Return what to do, as a sentence."""


class NotDone(click.ClickException):
    """What was asked for was not done, and why."""

    exit_code = NOT_DONE


class Commands(AppGroup):
    """A group of commands; a refusal becomes one plain line and exit code 2: not done."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except DomainError as refusal:
            raise NotDone(str(refusal)) from refusal


@contextmanager
def settings_told() -> Iterator[None]:
    """Say in the terminal what has to be mended in the settings: exit code 2, no traceback.

    A server that is started otherwise hears of it as an error, as of any other.
    """
    try:
        yield
    except MisconfiguredError as error:
        if click.get_current_context(silent=True) is None:
            raise
        NotDone(str(error)).show()
        raise SystemExit(NOT_DONE) from error  # help would go on after any other error


def tell_refused(refusals: Sequence[RefusedRow], count: int, more: str = "") -> None:
    """Say on the error stream which rows were refused, where, why, and what to do.

    Args:
        refusals: The first of them, or all.
        count: How many there are.
        more: What brings the others, where there are more than are told.
    """
    told = refusals[:MOST_REFUSED]
    for one in told:
        long = "…" if len(one.value) > LONGEST_VALUE else ""
        cell = f", {one.column} “{one.value[:LONGEST_VALUE]}{long}”" if one.column else ""
        click.echo(f"Row {one.row}{cell}: {one.reason} {one.remedy}", err=True)
    if count > len(told):
        click.echo(f"… {plural(count, 'row', 'rows')} refused in all{more}.", err=True)


def print_json(value: object) -> None:
    """Write one JSON document to standard output, where nothing else goes."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def finish(*, partly: bool = False, nothing: bool = False) -> None:
    """End a command: exit code 1 when rows were refused or a check failed, 2 when not done."""
    raise SystemExit(NOT_DONE if nothing else PARTLY_DONE if partly else DONE)

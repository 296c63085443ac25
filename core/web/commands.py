"""How the terminal shows what the domain refuses, and prints what programs read."""

import json
from typing import Any

import click
from flask.cli import AppGroup

from core.errors import DomainError

DONE, PARTLY_DONE, NOT_DONE = 0, 1, 2


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


def print_json(value: object) -> None:
    """Write one JSON document to standard output, where nothing else goes."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def finish(*, partly: bool = False, nothing: bool = False) -> None:
    """End a command: exit code 1 when rows were refused or a check failed, 2 when not done."""
    raise SystemExit(NOT_DONE if nothing else PARTLY_DONE if partly else DONE)

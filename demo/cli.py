"""Commands about the demo organisation."""

import click
from flask.cli import AppGroup

from core.web.commands import Commands
from demo.services.loading import load_demo

demo_cli: AppGroup = Commands("demo", help="The demo organisation.")


@demo_cli.command("load")
def load() -> None:
    """Fill an empty database with the demo organisation."""
    loaded = load_demo()
    if loaded.was_there:
        click.echo("The demo organisation is here already; nothing was done.")
    else:
        click.echo(
            f"Loaded the demo organisation: {loaded.people} people, {loaded.entries} entries "
            f"in {loaded.batches} batches."
        )

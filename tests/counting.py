"""Counting which lines and branches the tests run: `./test` fails when they are too few.

slipcover takes its hands off a line that has been run often, so that counting costs next to
nothing. It has to be there before anything it counts is imported, in every worker of xdist:
therefore the environment asks for it (`PYTEST_PLUGINS=tests.counting`, with `-n`). The process that
starts the workers puts together what they have counted. `[tool.slipcover]` in pyproject.toml says
what is counted, and how much of it has to be run.
"""

import ast
import io
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from slipcover import FileMatcher, ImportManager, Slipcover, merge_coverage, print_coverage
from slipcover.branch import preinstrument
from slipcover.config import read_config

ROOT = Path.cwd()
SETTINGS = read_config(ROOT / "pyproject.toml")
SOURCES = [ROOT / name for name in SETTINGS["source"]]
WIDTH_OF_MISSING = 60

Counted = dict[str, Any]
COUNTED = pytest.StashKey[Counted]()


RUN_OFTEN = 100_000
"""So often a line that was counted runs again before slipcover takes its hands off all such lines.

Each time it does so it looks through every module: after every 50 that took a fourteenth of the
time of all tests, and a counted line that runs again costs next to nothing.
"""


def new_counter() -> Slipcover:
    return Slipcover(branch=True, d_miss_threshold=RUN_OFTEN, exclude_also=SETTINGS["exclude-also"])


def started() -> Slipcover:
    """Count what is imported from now on."""
    counter = new_counter()
    ImportManager(counter, FileMatcher(sources=SOURCES)).__enter__()
    return counter


COUNTER = started() if "PYTEST_XDIST_WORKER" in os.environ else None


def files() -> Iterator[Path]:
    """Yield every file of which something has to be run."""
    for source in SOURCES:
        yield from sorted(source.rglob("*.py")) if source.is_dir() else [source]


def never_imported(counted: Counted) -> Counted:
    """Return the lines of the files that no worker has opened."""
    counter = new_counter()
    for path in files():
        if str(path.relative_to(ROOT)) not in counted["files"]:
            counter.instrument(compile(preinstrument(ast.parse(path.read_bytes())), path, "exec"))
    return counter.get_coverage()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Add what a worker has counted; one that broke down has told nothing, and fails the run."""
    told = getattr(node, "workeroutput", {}).get("counted")
    if told:
        stash = node.config.stash
        counted = json.loads(told)
        stash[COUNTED] = merge_coverage(stash[COUNTED], counted) if COUNTED in stash else counted


def share(config: pytest.Config) -> float:
    """Return how much of all lines and branches has been run, in per cent."""
    return (
        float(config.stash[COUNTED]["summary"]["percent_covered"]) if COUNTED in config.stash else 0
    )


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if COUNTER:
        session.config.workeroutput["counted"] = json.dumps(COUNTER.get_coverage())
        return
    stash = session.config.stash
    if COUNTED in stash:
        stash[COUNTED] = merge_coverage(stash[COUNTED], never_imported(stash[COUNTED]))
    if share(session.config) < SETTINGS["fail-under"] and not session.exitstatus:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    table = io.StringIO()
    print_coverage(
        config.stash.get(COUNTED, {}),
        outfile=table,
        skip_covered=True,
        missing_width=WIDTH_OF_MISSING,
    )
    terminalreporter.write(table.getvalue())
    word = "enough" if share(config) >= SETTINGS["fail-under"] else "too few"
    terminalreporter.write_line(
        f"The tests run {share(config):.1f} % of all lines and branches,"
        f" {word}: {SETTINGS['fail-under']} % it must be."
    )

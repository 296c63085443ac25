"""Measure, and write docs/benchmarks.md: `python -m benchmarks [--sizes 1e5,1e6] [--full]`.

What counts are the ratios: both sides of one are measured in the same run on the same machine, so
a busy machine does not decide. Every measured import is checked against a full recount.
"""

import argparse
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import records
from benchmarks.aptitude import PEOPLE, section
from benchmarks.engines import ENGINES, Engines
from benchmarks.hostile import ROWS as HOSTILE_ROWS
from benchmarks.hostile import HostileFile, write_hostile
from benchmarks.memory import Peak, run_watched
from benchmarks.starting import Start, first_start
from core.clock import today
from core.words import day

ROOT = Path(__file__).parents[1]
REPORT = ROOT / "docs" / "benchmarks.md"
SMALL, LARGE = "1e5,1e6", "1e5,1e6,1e7"
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
GOALS = {"sqlite": 2.0, "postgresql": 3.0}
ASKED = ("anew", "again", "page", "json", "pdf")
SUITE = """## The whole suite

`make test` on a fresh clone, on a machine with 2 cores, with SQLite, PostgreSQL and a real
browser: 7 min 58 s for 9,090 tests, on 22 November 2026. `make bench` does not run it."""


@dataclass
class Figures:
    """What was measured on one engine with one number of rows."""

    engine: str
    rows: int
    imports: list[dict[str, Any]] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    recount: dict[str, Any] = field(default_factory=dict)
    balance: dict[str, Any] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        """Median of the imports."""
        return statistics.median(float(run["seconds"]) for run in self.imports)

    @property
    def ratio(self) -> float:
        """Median of an import for each bare load beside it."""
        pairs = zip(self.imports, self.bare, strict=True)
        return statistics.median(float(run["seconds"]) / bare for run, bare in pairs)


def child(*words: object) -> dict[str, Any]:
    """Run one measurement in a process of its own, and watch what memory it takes."""
    call = [sys.executable, "-m", "benchmarks.child", *map(str, words)]
    done, peak = run_watched(call, ROOT)
    if done.returncode:
        raise SystemExit(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    found["reader_mb"], found["together_mb"] = peak.others, peak.together
    found["private_mb"] = peak.together_private
    return found


@dataclass(frozen=True)
class Endured:
    """What a hostile file took."""

    name: str
    rows: int
    seconds: float
    peak: Peak


def endure(engines: Engines, file: HostileFile, rows: int) -> Endured:
    """Import a hostile file by the command people use, into a fresh SQLite database."""
    url = engines.new("sqlite")
    child("prepare", url, engines.folder)
    own = {"DATABASE_URL": url, "TRAINING_MIX_DATA": str(engines.folder / "data")}
    call = [sys.executable, "-m", "flask", "ledger", "import", str(file.path), "--format", "json"]
    start = time.perf_counter()
    done, peak = run_watched(call, ROOT, {**os.environ, **own})
    seconds = time.perf_counter() - start
    if json.loads(done.stdout)["refused"] != file.refused:
        raise SystemExit(f"{file.name}: not as many refused as expected: {done.stdout[:500]}")
    engines.drop(url)
    say(f"{file.name} {rows:,}: {seconds:.2f} s, {peak.together} MB")
    return Endured(file.name, rows, seconds, peak)


def measure(engines: Engines, engine: str, written: records.Written, runs: int) -> Figures:
    """Import one file `runs` times into fresh databases, each beside its bare load."""
    figures = Figures(engine, written.rows)
    for run in range(runs):
        url, other = engines.new(engine), engines.new(engine)
        child("prepare", url, written.path.parent)
        done = child("import", url, written.path)
        accounted = done["new"] + done["same"] + done["ignored"] + done["refused"]
        expected = (written.rows, written.refused, written.ignored)
        if (accounted, done["refused"], done["ignored"]) != expected:
            raise SystemExit(f"not every row is accounted for: {done}")
        figures.imports.append(done)
        figures.bare.append(float(child("bare", url, other)["seconds"]))
        if run == runs - 1:
            figures.recount = child("check", url)
            if figures.recount["differences"]:
                raise SystemExit(f"roll-ups differ from entries: {figures.recount}")
            figures.balance = child("balance", url)
        engines.drop(url)
        engines.drop(other)
        say(f"{NAMES[engine]} {written.rows:,}: {done['seconds']:.2f} s, {done['together_mb']} MB")
    return figures


def say(words: str) -> None:
    """Tell how far it is."""
    sys.stderr.write(words + "\n")


def power(rows: int) -> str:
    """Return 10⁶ for a million."""
    digits = len(str(rows)) - 1
    return "10" + str(digits).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))


def report(
    found: list[Figures],
    endured: list[Endured],
    started: Start | None,
    command: str,
    aptitude: Sequence[str] = (),
) -> str:
    """Return the figures as a page of Markdown."""
    lines = [
        "# Benchmarks",
        "",
        f"Written by `{command}` on {day(today())}, on a machine with",
        f"{os.cpu_count()} processors, Python {platform.python_version()}, {platform.system()}. "
        "Times are medians; what counts are the",
        "ratios, both sides of which are measured in the same run.",
        "",
        "The rows are generated from a seed: 10,000 people in 288 teams, 400 courses, three years,",
        "in no order; one row in a hundred is not as it should be.",
        "",
        "## Import",
        "",
        "With reading, judging every row, finding duplicates, foreign keys, all indexes and",
        "roll-ups, in one durable transaction. *Bare* is the same rows, clean, typed and sorted in",
        "memory, into a table of the same columns with its primary key and the key that tells",
        "entries apart in place, in the order of that key, in the same engine (`executemany`,",
        "`COPY`). After the last run every roll-up is recounted from the entries and has to be",
        "equal.",
        "",
        "| engine | rows | import | rows/s | bare | ratio | goal | writer | reader | together "
        "| private | recount |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for one in found:
        bare = statistics.median(one.bare)
        peak = max(run["peak_mb"] for run in one.imports)
        reader = max(run["reader_mb"] for run in one.imports)
        together = max(run["together_mb"] for run in one.imports)
        private = max(run["private_mb"] for run in one.imports)
        lines.append(
            f"| {NAMES[one.engine]} | {power(one.rows)} | {one.seconds:.2f} s "
            f"| {one.rows / one.seconds:,.0f} | {bare:.2f} s | {one.ratio:.2f} "
            f"| ≤ {GOALS[one.engine]} at 10⁶ | {peak} MB | {reader} MB | {together} MB "
            f"| {private} MB "
            f"| {float(one.recount['seconds']):.1f} s |"
        )
    lines += [
        "",
        "*Writer* and *reader* are the peak memory of the two processes of an import; a small file",
        "is read and written by one. *Together* is the most both held at one moment, *private* the",
        "same without pages of files, such as libraries. The database server is not counted.",
        "",
        *_hostile(endured),
        "## Balance",
        "",
        "Everything recorded, learner basis, narrow, with all tables. *Anew* is the answer",
        "computed from the roll-ups, *again* the same question about unchanged data, *page*,",
        "*JSON* and *PDF* the whole thing as HR opens it, asked for again. PostgreSQL has written",
        "down and tidied what was imported (`VACUUM ANALYZE`, `CHECKPOINT`), as it does by itself",
        "in minutes. No statement of page or JSON reads entries: months of units, by their key.",
        "",
        "| engine | rows | cells | anew | again | page | JSON | PDF |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for one in found:
        times = (f"{float(one.balance[name]) * 1000:,.1f} ms" for name in ASKED)
        lines.append(
            f"| {NAMES[one.engine]} | {power(one.rows)} | {one.balance['cells']:,} "
            f"| {' | '.join(times)} |"
        )
    lines += ["", *aptitude] if aptitude else [""]
    if started is not None:
        lines += [*started.section(), ""]
    lines += SUITE.splitlines()
    return "\n".join(lines) + "\n"


def _hostile(endured: list[Endured]) -> list[str]:
    if not endured:
        return []
    return [
        "## Hostile files",
        "",
        "Hardly a value comes twice, nearly every row is refused; `flask ledger import`, SQLite.",
        "In every run of the tests `tests/ledger/test_rules_memory.py` holds that what such a file",
        "names is forgotten block by block, so that memory does not grow with the rows.",
        "",
        "| distinct | rows | import | writer | reader | together | private |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        *(
            f"| {one.name} | {one.rows:,} | {one.seconds:.1f} s | {one.peak.first} MB "
            f"| {one.peak.others} MB | {one.peak.together} MB | {one.peak.together_private} MB |"
            for one in endured
        ),
        "",
    ]


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--sizes", help=f"numbers of rows, {SMALL} unless told")
    parser.add_argument("--full", action="store_true", help=f"{LARGE}; takes several minutes")
    parser.add_argument("--engines", default=",".join(ENGINES))
    parser.add_argument(
        "--hostile", type=int, default=HOSTILE_ROWS, help="rows of hostile files, 0: none"
    )
    parser.add_argument("--runs", type=int, default=3, help="runs of each, up to a million rows")
    parser.add_argument(
        "--people", type=int, default=PEOPLE, help="people whose aptitude is measured, 0: none"
    )
    chosen = parser.parse_args()
    listed = chosen.sizes or (LARGE if chosen.full else SMALL)
    sizes = [int(float(size)) for size in listed.split(",")]
    found: list[Figures] = []
    with Engines() as engines:
        records.write_people(engines.folder / "people.csv")
        records.write_classification(engines.folder / "classification.csv")
        for rows in sizes:
            written = records.write_hours(engines.folder / "hours.csv", rows)
            runs = chosen.runs if rows <= 1_000_000 else 1  # a million
            found += [
                measure(engines, engine, written, runs) for engine in chosen.engines.split(",")
            ]
        hostile = write_hostile(engines.folder, chosen.hostile) if chosen.hostile else []
        endured = [endure(engines, file, chosen.hostile) for file in hostile]
    found.sort(key=lambda one: (ENGINES.index(one.engine), one.rows))
    aptitude = section(chosen.engines.split(","), chosen.people) if chosen.people else []
    words = " ".join(["python -m benchmarks", *sys.argv[1:]])
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(report(found, endured, first_start(ROOT), words, aptitude), encoding="utf-8")
    say(f"Written to {REPORT.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()

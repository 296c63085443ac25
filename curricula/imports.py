"""Reading files: library and exchange files to drafts, completions to rows, with clear errors."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import yaml

from core.days import DayOrder, decide_order
from core.errors import RefusedError
from core.headers import match_headers
from core.tables import COMMAND_LIMITS, Limits, open_table
from curricula.rules.characters import check_characters
from curricula.rules.completion_files import (
    FIELDS,
    CompletionLine,
    FieldProblem,
    Refusal,
    Sheet,
    check_source,
    missing_columns,
    read_line,
)
from curricula.rules.contents import CurriculumDraft, ModuleDraft, Plain, Problem, Reading
from curricula.rules.exchange import Exchange, read_exchange
from curricula.rules.files import read_curriculum, read_module

LIBRARY = Path(__file__).parent / "library"
MOST_BYTES = 20_000_000
TOO_LONG = "The file holds a number too long to be one."
Value = TypeVar("Value")


@dataclass
class Library:
    """What the files of a library say, and what is wrong with them.

    Attributes:
        problems: The name of a file with a sentence, for every file left out.
    """

    modules: list[ModuleDraft] = field(default_factory=list)
    curricula: list[CurriculumDraft] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)


def read_library(folder: Path = LIBRARY) -> Library:
    """Return the modules and curricula of a folder, by code."""
    library = Library()
    for path, data in _files(folder / "modules", library):
        reading = Reading()
        module = read_module(data, reading)
        _keep(path, module, reading, library.modules, library)
    for path, data in _files(folder / "curricula", library):
        reading = Reading()
        curriculum = read_curriculum(data, reading)
        _keep(path, curriculum, reading, library.curricula, library)
    return library


def _files(folder: Path, library: Library) -> Iterator[tuple[Path, Plain]]:
    for path in sorted(folder.glob("*.yaml")):
        try:
            yield path, parse_yaml(path.read_text(encoding="utf-8"))
        except RefusedError as refusal:
            library.problems.append((path.name, refusal.message))
        except UnicodeDecodeError:
            library.problems.append((path.name, "This is not text in UTF-8; save it as UTF-8."))


def _keep(
    path: Path, draft: Value | None, reading: Reading, kept: list[Value], library: Library
) -> None:
    library.problems += [(path.name, str(problem)) for problem in reading.problems]
    if draft is None:
        return
    code = getattr(draft, "code", "")
    if code.casefold() != path.stem.casefold():
        library.problems.append(
            (path.name, f"code: the file says {code}; name the file {code}.yaml.")
        )
    else:
        kept.append(draft)


if TYPE_CHECKING:
    Base = yaml.SafeLoader
else:
    Base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # five times as fast, where it is built


class _Loader(Base):
    """Plain YAML in which days stay text and a name stands once."""


_Loader.yaml_implicit_resolvers = {
    sign: [(tag, pattern) for tag, pattern in known if tag != "tag:yaml.org,2002:timestamp"]
    for sign, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(loader.construct_object(key_node, deep=True))
        if key in found:
            line = key_node.start_mark.line + 1
            raise RefusedError(f"Line {line}: “{key}” stands twice; take one out.")
        found[key] = loader.construct_object(value_node, deep=True)
    return found


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def parse_yaml(text: str) -> Plain:
    """Return what a YAML text says: names, texts, whole numbers, lists.

    Raises:
        RefusedError: It is not YAML; the sentence names the line.
    """
    loader = _Loader(text)
    try:
        found: Plain = loader.get_single_data()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"Line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise RefusedError(
            f"{where}{error.problem or 'this cannot be read'}. Put texts with a colon or a hash"
            " into quotes, and check the indentation."
        ) from None
    except ValueError:  # Python reads no number of thousands of digits
        raise RefusedError(f"{TOO_LONG} Mend it or put it into quotes.") from None
    except (yaml.YAMLError, RecursionError):
        raise RefusedError("This is not a YAML file that can be read; check the text.") from None
    finally:
        loader.dispose()
    return found


def read_exchange_file(content: bytes) -> Exchange:
    """Return the modules and curricula of one exchange file.

    Raises:
        RefusedError: It is too large, no JSON, or not written by this product; the sentence says
            what is wrong where.
    """
    if len(content) > MOST_BYTES:
        raise RefusedError(f"The file is larger than {MOST_BYTES // 1_000_000} MB; split it.")
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise RefusedError("The file is not text in UTF-8. Export it again.") from None
    except json.JSONDecodeError as error:
        raise RefusedError(
            f"Line {error.lineno}, column {error.colno}: this is not JSON ({error.msg})."
            " Export it again."
        ) from None
    except RecursionError:
        raise RefusedError("The file is nested too deeply. Export it again.") from None
    except ValueError:  # Python reads no number of thousands of digits
        raise RefusedError(f"{TOO_LONG} Export it again.") from None
    reading = Reading()
    check_characters(data, reading)
    found = None if reading.problems else read_exchange(data, reading)
    if found is None:
        raise RefusedError(_told(reading.problems))
    return found


def _told(problems: Sequence[Problem], most: int = 10) -> str:
    told = "\n".join(f"- {problem}" for problem in problems[:most])
    more = f"\n- and {len(problems) - most} more" if len(problems) > most else ""
    return f"Nothing was brought in; mend the file first.\n{told}{more}"


@dataclass(frozen=True)
class CompletionFile:
    """A file of completions: the rows that could be read, and those that could not."""

    header: tuple[str, ...]
    lines: list[CompletionLine]
    refusals: list[Refusal]


def open_completions(
    path: Path, *, source: str, today: date, limits: Limits = COMMAND_LIMITS
) -> CompletionFile:
    """Read a file of completions, every row of it.

    Args:
        path: The file.
        source: The system it comes from, where no column says so.
        today: No completion lies after it.
        limits: How much is read.

    Raises:
        RefusedError: It is not a table, lacks a column, or its days can be read two ways.
        ValueProblem: The name of the system is too long to be kept.
    """
    check_source(source)
    table = open_table(path, limits)
    at = {name: match.column for name, match in match_headers(table.header, FIELDS).items()}
    missing_columns(list(at))
    days = {text for block in table.blocks() for text in block.columns[at["completed_on"]]}
    order = decide_order(days - {""})
    if order is DayOrder.AMBIGUOUS:
        raise RefusedError("The days can be read two ways; write them as 2026-06-01.", "file")
    sheet = Sheet(table.header, at, order, source)
    found = CompletionFile(tuple(table.header), [], [])
    for block in table.blocks():
        found.refusals.extend(
            Refusal(bad.row, "", "", bad.reason, bad.remedy, bad.cells) for bad in block.bad
        )
        for place, row in enumerate(block.rows):
            _read_row(row, tuple(column[place] for column in block.columns), sheet, today, found)
    return found


def _read_row(
    row: int, cells: tuple[str, ...], sheet: Sheet, today: date, found: CompletionFile
) -> None:
    try:
        found.lines.append(read_line(row, cells, sheet, today))
    except FieldProblem as problem:
        name = problem.field
        value = cells[sheet.at[name]] if name in sheet.at else ""
        found.refusals.append(
            Refusal(row, sheet.column(name), value, problem.reason, problem.remedy, cells)
        )

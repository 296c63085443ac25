"""Print the files and functions worth a second look: `python -m tests.architecture.shape`.

This reports and never fails. A long file is a question, not an offence.
"""

import ast
from pathlib import Path

from tests.architecture.files import ROOT, own_files

LONG_FILE, LONG_FUNCTION = 250, 40
LONG_TEMPLATE = 100


def long_things(path: Path) -> list[str]:
    """Return one line of text for each long file, function or method in `path`."""
    source = (ROOT / path).read_text(encoding="utf-8")
    size = source.count("\n")
    found = [f"{path}: {size} lines"] if size > LONG_FILE else []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > LONG_FUNCTION:
                found.append(f"{path}:{node.lineno}: {node.name} is {length} lines")
    return found


def long_template(path: Path) -> list[str]:
    """Return a line of text if the template in `path` is long."""
    size = (ROOT / path).read_text(encoding="utf-8").count("\n")
    return [f"{path}: {size} lines"] if size > LONG_TEMPLATE else []


def report() -> list[str]:
    """Return a line of text for everything worth a second look."""
    code = [path for path in own_files(".py") if path.parts[0] != "migrations"]
    found = [line for path in code for line in long_things(path)]
    return found + [line for path in own_files(".html") for line in long_template(path)]


if __name__ == "__main__":
    print(*report(), sep="\n")  # noqa: T201  # this is a command

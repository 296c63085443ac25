"""The project's own files, for the tests that read them."""

import ast
import os
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SKIPPED = {".venv", ".git", "instance", "node_modules", "__pycache__", ".hypothesis"}
TEXT = {
    ".py",
    ".html",
    ".css",
    ".js",
    ".md",
    ".toml",
    ".txt",
    ".in",
    ".csv",
    ".sh",
    ".json",
    ".svg",
}


def own_files(*endings: str) -> list[Path]:
    """Return the project's own files with one of these endings, relative to its root, sorted."""
    return [path for path in _all_files() if path.suffix in endings]


@cache
def _all_files() -> tuple[Path, ...]:
    """Return the project's own files as they were at first; of others no folder is entered."""
    found = []
    for folder, below, names in os.walk(ROOT):
        below[:] = [name for name in below if name not in SKIPPED]
        found += [Path(folder, name).relative_to(ROOT) for name in names if name not in SKIPPED]
    return tuple(sorted(found))


def product_code() -> list[Path]:
    """Return the Python files that run in production."""
    return [
        path
        for path in own_files(".py")
        if path.parts[0] not in {"tests", "benchmarks", "migrations"}
    ]


def tree_of(path: Path) -> ast.Module:
    """Return what a Python file of the project says."""
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def product_trees() -> dict[Path, ast.Module]:
    """Return what the Python files that run in production say."""
    return {path: tree_of(path) for path in product_code()}

"""The project's own files, for the tests that read them."""

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
    return sorted(
        path.relative_to(ROOT)
        for path in ROOT.rglob("*")
        if path.suffix in endings
        and not SKIPPED & set(path.relative_to(ROOT).parts)
        and path.is_file()
    )


def product_code() -> list[Path]:
    """Return the Python files that run in production."""
    return [
        path
        for path in own_files(".py")
        if path.parts[0] not in {"tests", "benchmarks", "migrations"}
    ]

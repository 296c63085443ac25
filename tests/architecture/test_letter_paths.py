"""Every path a message leads to is a page that there is."""

import ast
from pathlib import Path

import pytest
from werkzeug.exceptions import NotFound

from tests.architecture.files import ROOT
from tests.databases import application

APP = application("sqlite://")
SERVICES = sorted(
    file for part in ("curricula", "aptitude") for file in (ROOT / part / "services").glob("*.py")
)


def paths_in(file: Path) -> list[str]:
    """Return the paths a file writes out, with 7 wherever a number or word is filled in."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    inner = {id(part) for one in ast.walk(tree) if isinstance(one, ast.JoinedStr)
             for part in one.values}  # fmt: skip
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inner:
            found.append(node.value)
        if isinstance(node, ast.JoinedStr):
            parts = (part.value if isinstance(part, ast.Constant) else "7" for part in node.values)
            found.append("".join(parts))
    return [one for one in found if one.startswith("/") and " " not in one]


def leads_somewhere(path: str) -> bool:
    """Tell whether there is such a page, or pages below it, where it is the beginning of a path."""
    for tried in (path, f"{path}/7"):
        try:
            APP.url_map.bind("localhost").match(tried, method="GET")
        except NotFound:
            continue
        return True
    return False


@pytest.mark.parametrize("file", SERVICES, ids=lambda file: file.stem)
def test_messages_lead_to_pages_there_are(file):
    assert [path for path in paths_in(file) if not leads_somewhere(path)] == []


def test_paths_are_found_and_a_wrong_one_is_noticed():
    found = [path for file in SERVICES for path in paths_in(file)]

    assert {"/learning", "/learning/curricula/7", "/sessions/7/attendance"} <= set(found)
    assert not leads_somewhere("/learning/team")

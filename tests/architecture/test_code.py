"""What must not stand in the code, whoever wrote it and however good the reason seemed."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.files import ROOT, TEXT, own_files, product_trees, tree_of

CALLS = {"eval", "exec", "compile", "__import__", "Markup", "pickle", "marshal", "shelve"}
ALLOWED: dict[tuple[str, str], str] = {
    # (file, name): the reason why it is safe there
    ("core/aside.py", "pickle"): "both ends are our own process, talking over a private pipe",
    ("core/web/pictures.py", "Markup"): "an SVG that is drawn, parsed and serialised by ourselves",
    ("core/web/markdown.py", "Markup"): "Markdown without HTML, cleaned by nh3 after it is parsed",
}

HEAVY = {"altair", "krippendorff", "openbadgeslib", "pandas", "scipy", "statsmodels", "vl_convert"}
"""Libraries that take long to load; whoever starts the application does not wait for them."""

SECRETS = {
    "private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    "cloud key": r"\b(AKIA|ASIA)[0-9A-Z]{16}\b",
    "access token": r"\b(ghp|gho|ghs|github_pat|glpat|xox[abp])[-_][0-9A-Za-z_-]{16,}",
    "password in an address": r"\w+://[^\s:/@\"'{}$<]+:[^\s:/@\"'{}$<]{3,}@(?!localhost|host\b)",
}


def called_name(call: ast.Call) -> str:
    """Return "eval" for eval(...), "pickle" for pickle.loads(...), "Markup" for x.Markup(...)."""
    target = call.func
    if isinstance(target, ast.Attribute):
        return target.value.id if isinstance(target.value, ast.Name) else target.attr
    return target.id if isinstance(target, ast.Name) else ""


def attribute_name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else called_name(call)


def dangers(tree: ast.AST) -> set[str]:
    """Return the dangerous things this code does."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names} & CALLS
        if isinstance(node, ast.ImportFrom):
            found |= {str(node.module)} & CALLS
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) or attribute_name(node) == "Markup":
            found |= {attribute_name(node)} & CALLS
        if called_name(node) == "yaml" and attribute_name(node) == "load":
            found.add("yaml.load")
        if any(
            word.arg == "shell" and getattr(word.value, "value", True) is not False
            for word in node.keywords
        ):
            found.add("shell=True")
    return found


@pytest.fixture(scope="module")
def trees() -> dict[Path, ast.Module]:
    return product_trees()


def test_no_code_turns_text_into_code_or_markup(trees):
    found = {(path.as_posix(), name) for path, tree in trees.items() for name in dangers(tree)}

    assert found - ALLOWED.keys() == set()


def test_every_exception_is_still_needed_and_has_a_reason():
    for (path, name), reason in ALLOWED.items():
        assert name in dangers(tree_of(Path(path))), f"{path} no longer uses {name}"
        assert len(reason) > 20


@pytest.mark.parametrize(
    "source",
    [
        "eval('1')",
        "import pickle",
        "from pickle import loads",
        "yaml.load(text)",
        "subprocess.run(line, shell=True)",
        "markupsafe.Markup(text)",
        "Markup(text)",
    ],
)
def test_the_check_sees_each_danger(source):
    assert dangers(ast.parse(source))


@pytest.mark.parametrize("source", ["subprocess.run(line, shell=False)", "re.compile('a')"])
def test_the_check_leaves_harmless_code_alone(source):
    assert dangers(ast.parse(source)) == set()


def test_only_the_pdf_module_makes_paragraphs(trees):
    """It escapes every value and cuts every endless word; reportlab's markup does neither."""
    makers = [
        path.as_posix()
        for path, tree in trees.items()
        if any(
            isinstance(node, ast.Call) and attribute_name(node) == "Paragraph"
            for node in ast.walk(tree)
        )
    ]

    assert set(makers) <= {"core/export/pdf.py"}


def test_whoever_may_move_people_tells_those_who_hold_places_in_memory(trees):
    """All others take their turn without shifts: after one, a year of everybody is read anew."""
    tables = {"Assignment", "Employee", "ReportingLine", "Site", "Unit", "UnitPath"}
    shifting, writing = set(), set()
    for path, tree in trees.items():
        for node in ast.walk(tree) if path.parts[0] != "demo" else ():
            if not isinstance(node, ast.Call):
                continue
            first = node.args[0].id if node.args and isinstance(node.args[0], ast.Name) else ""
            if called_name(node) == "take_turn" and not node.keywords:
                shifting.add(path.as_posix())
            if called_name(node) in {"insert", "update", "delete"} and first in tables:
                writing.add(path.as_posix())

    assert shifting == {
        "people/services/erasing.py",
        "people/services/importing.py",
        "people/services/retaining.py",
        "people/services/undoing.py",
    }
    assert writing == {
        "people/services/applying.py",  # asked by importing
        "people/services/closure.py",  # asked by importing and undoing
        "people/services/erasing.py",
        "people/services/undoing.py",
        "ledger/services/writing.py",  # people in an hours file only, who stand nowhere yet
    }


def test_packages_hold_a_docstring_and_nothing_else(trees):
    packages = {path: tree for path, tree in trees.items() if path.name == "__init__.py"}

    assert [path for path, tree in packages.items() if not ast.get_docstring(tree)] == []
    assert [path for path, tree in packages.items() if len(tree.body) != 1] == []


def loaded_first(tree: ast.Module) -> set[str]:
    """Return the libraries that are loaded with a file."""
    names = set()
    for node in tree.body:
        if isinstance(node, ast.Import):
            names |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(str(node.module))
    return {name.partition(".")[0] for name in names}


def test_heavy_libraries_are_loaded_when_they_are_used(trees):
    found = {(path, name) for path, tree in trees.items() for name in loaded_first(tree) & HEAVY}

    assert found == set()


def test_no_module_has_a_name_nobody_can_guess_the_content_of():
    vague = {"utils", "helpers", "common", "manager", "misc"}

    assert [path for path in own_files(".py") if path.stem in vague] == []


@pytest.mark.parametrize("kind", SECRETS)
def test_no_secret_is_kept_with_the_code(kind):
    holders = [
        path.as_posix()
        for path in own_files(*TEXT)
        if path.as_posix() != "tests/architecture/test_code.py"
        and re.search(SECRETS[kind], (ROOT / path).read_text(encoding="utf-8", errors="replace"))
    ]

    assert holders == []


def test_nothing_of_somebody_else_is_kept_with_the_code():
    copied = [path for path in own_files(".js", ".css", ".woff2", ".ttf") if ".min." in path.name]

    assert copied == []
    assert own_files(".woff", ".woff2", ".ttf", ".otf") == []

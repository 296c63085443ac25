"""No package is older than the release that closed a known hole in it."""

import re
from importlib.metadata import PackageNotFoundError, version

import pytest
from packaging.version import Version

from tests.architecture.files import ROOT

FLOORS = {
    "flask": "3.1.3",  # CVE-2026-27205, CVE-2025-47278
    "werkzeug": "3.1.6",  # CVE-2026-21860, CVE-2026-27199, and the multipart ones before them
    "jinja2": "3.1.6",  # CVE-2025-27516
    "flask-security-too": "5.9",
    "authlib": "1.6.9",  # critical headers, state, "none", embedded keys
    "reportlab": "5.1",  # code in documents
    "openpyxl": "3.1.5",
    "waitress": "3.0.2",
}


def installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


@pytest.mark.parametrize("name", [name for name in FLOORS if installed(name)])
def test_no_package_is_older_than_its_floor(name):
    assert Version(installed(name)) >= Version(FLOORS[name])


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_and_none_names_an_index(name):
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    asked = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]

    assert asked
    assert [line for line in asked if not re.match(r"[a-z0-9._-]+(\[[a-z,]+\])?==\S+", line)] == []
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links", "\n".join(lines))


def test_the_lock_holds_what_is_asked_for():
    def pins(name: str) -> set[str]:
        text = (ROOT / name).read_text(encoding="utf-8")
        return set(re.findall(r"^([a-z0-9._-]+)(?:\[[a-z,]+\])?(?===)", text.lower(), re.M))

    for asked, locked in [
        ("requirements.in", "requirements.txt"),
        ("requirements-dev.in", "requirements-dev.txt"),
    ]:
        assert pins(asked) <= pins(locked)

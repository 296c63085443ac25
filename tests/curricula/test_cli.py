"""The commands of the curricula, on the library that ships."""

import json

import pytest
from flask import Flask

pytestmark = pytest.mark.usefixtures("database")


def run(app: Flask, *args: str, exit_code: int = 0) -> str:
    result = app.test_cli_runner().invoke(args=["curricula", *args])
    assert result.exit_code == exit_code, result.output
    return str(result.stdout)


def test_the_library_loads_once_and_its_first_path_has_the_promised_mix(app):
    first = run(app, "library", "load")
    again = json.loads(run(app, "library", "load", "--format", "json"))

    assert first == "42 added\n"
    assert (again["added"], again["same"], again["kept"], again["refused"]) == (0, 42, 0, 0)
    mix = json.loads(run(app, "mix", "PATH-1", "--format", "json"))
    assert mix["soft_minutes_narrow"] == mix["soft_minutes_broad"] == 1110
    assert (mix["hard_minutes"], mix["total_minutes"]) == (1470, 2580)
    assert round(mix["soft_share_narrow"], 3) == 0.43
    assert "43.0\u202f%" in run(app, "mix", "path-1")


def test_a_curriculum_nobody_has_ends_with_two(app):
    run(app, "mix", "PATH-9", exit_code=2)


@pytest.mark.engines("sqlite")
def test_what_is_exported_is_brought_in_again_without_a_change(app, tmp_path):
    run(app, "library", "load")
    file, second = tmp_path / "one.json", tmp_path / "two.json"

    run(app, "export", str(file))
    brought = json.loads(run(app, "import", str(file), "--format", "json"))
    run(app, "export", str(second))

    assert (brought["same"], brought["added"], brought["renewed"]) == (42, 0, 0)
    assert file.read_bytes() == second.read_bytes()


@pytest.mark.engines("sqlite")
def test_a_file_of_something_else_is_not_brought_in(app, tmp_path):
    file = tmp_path / "other.json"
    file.write_text("{}")

    run(app, "import", str(file), exit_code=2)

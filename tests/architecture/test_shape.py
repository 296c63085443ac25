"""The report about long files works; what it finds are questions, not failures."""

from pathlib import Path

from tests.architecture.shape import long_things, report


def test_the_report_lists_files_and_functions_with_their_size():
    assert all(" lines" in line for line in report())


def test_a_short_file_is_not_worth_a_second_look():
    assert long_things(Path("core/clock.py")) == []

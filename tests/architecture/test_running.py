"""How the tests are run: what is counted, and what goes first."""

from coverage import Coverage

from tests.architecture.files import ROOT
from tests.covering import GO_WHERE_OTHERS_WERE
from tests.ordering import LONGEST


def test_nothing_is_counted_here():
    assert Coverage.current() is None


def test_folders_and_files_named_apart_are_there():
    folders = [ROOT / "tests" / name for name in GO_WHERE_OTHERS_WERE]
    files = [ROOT / "tests" / name for name in LONGEST]

    assert [one for one in folders if not one.is_dir()] == []
    assert [one for one in files if not one.is_file()] == []

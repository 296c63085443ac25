"""How the tests are run: what goes first."""

from tests.architecture.files import ROOT
from tests.ordering import LONGEST


def test_files_named_apart_are_there():
    files = [ROOT / "tests" / name for name in LONGEST]

    assert [one for one in files if not one.is_file()] == []

"""The library that ships: complete, teachable, and with the hours it promises."""

import pytest

from core.export.pdf import pages_of
from curricula.exports.pdf import guide_pdf, handout_pdf
from curricula.imports import read_library
from curricula.rules.completeness import gaps
from curricula.rules.modules import missing_to_publish
from curricula.rules.paths import order_problems
from ledger.rules.kinds import STARTING_CATEGORIES, Side

LIBRARY = read_library()
MODULES = {module.code: module for module in LIBRARY.modules}
CURRICULA = {curriculum.code: curriculum for curriculum in LIBRARY.curricula}
SIDES = {category.code: category.side for category in STARTING_CATEGORIES}
NEEDS = {code: module.prerequisites for code, module in MODULES.items()}

HOURS = {
    "HOS": (2, 2.5, 2, 2, 3, 4),
    "REL": (2, 2, 2.5, 2, 2, 3),
    "REC": (2.5, 2.5, 3, 2, 2, 3),
    "EXP": (3, 4, 3, 2, 2, 4),
    "TEC": (6, 6, 4, 3, 1.5, 4, 6, 3, 3, 4, 3, 2),
}
FAMILIES = {
    "HOS": "hospitality",
    "REL": "relationship",
    "REC": "service_recovery",
    "EXP": "experiential",
}
PATHS = {
    "PATH-1": (18.5, 24.5),
    "PATH-2": (17.5, 5),
    "PATH-3": (20, 7),
    "PATH-4": (23, 4.5),
    "PATH-5": (21, 3),
    "PATH-6": (14, 0),
}


def is_soft(code: str) -> bool:
    return SIDES[MODULES[code].shares[0][0]] is Side.SOFT


def test_every_file_can_be_read():
    assert LIBRARY.problems == []
    assert set(CURRICULA) == set(PATHS)


def test_the_modules_are_there_with_their_hours():
    expected = {
        f"{family}-{place:02d}": round(hours * 60)
        for family, lengths in HOURS.items()
        for place, hours in enumerate(lengths, start=1)
    }

    assert {code: module.minutes for code, module in MODULES.items()} == expected


def test_soft_modules_count_as_their_family():
    for code, module in MODULES.items():
        if code[:3] in FAMILIES:
            assert module.shares == ((FAMILIES[code[:3]], 100),)
        else:
            assert not is_soft(code)


@pytest.mark.parametrize("code", MODULES)
def test_a_module_can_be_taught_from(code):
    assert gaps(MODULES[code], soft=is_soft(code)) == []


@pytest.mark.parametrize("code", MODULES)
def test_a_module_can_be_published(code):
    open_to = {name: module.levels for name, module in MODULES.items()}

    assert missing_to_publish(MODULES[code], SIDES, open_to) == []


@pytest.mark.parametrize("code", MODULES)
def test_a_handout_is_one_printed_page(code):
    assert pages_of(handout_pdf(MODULES[code], "version 1", "Meridian")) == 1


def test_a_guide_holds_the_whole_module():
    guide = guide_pdf(MODULES["HOS-01"], "version 1", "Meridian", {"hospitality": "Hospitality"})

    assert guide.startswith(b"%PDF")
    assert 5 <= pages_of(guide) <= 10


@pytest.mark.parametrize("code", CURRICULA)
def test_a_path_has_the_hours_it_promises_in_an_order_that_works(code):
    curriculum = CURRICULA[code]
    lengths = {True: 0, False: 0}
    for item in curriculum.items:
        lengths[is_soft(item.module)] += MODULES[item.module].minutes

    assert (lengths[True] / 60, lengths[False] / 60) == PATHS[code]
    assert order_problems(curriculum, NEEDS) == []
    assert set(curriculum.renewal) <= {item.module for item in curriculum.items}
    for item in curriculum.items:
        assert set(curriculum.levels) <= set(MODULES[item.module].levels)

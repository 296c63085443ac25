"""The faces are cut from their packages: small for pages, complete for paper."""

import time
from shutil import copytree

import pytest
from fontTools.ttLib import TTFont

from core.export import fonts

ON_PAPER = "Zażółć Ångström Đặng Thị Αθήνα Київ Ж 1\u202f050 − → € ₫ “”"


@pytest.fixture(scope="module")
def cuts(tmp_path_factory, font_cuts):
    folder = tmp_path_factory.mktemp("assets") / "cuts"
    copytree(font_cuts, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRAINING_MIX_CACHE", str(folder))
        yield folder


def test_both_faces_together_are_small(cuts):
    sizes = [fonts.page_cut(name).stat().st_size for name in fonts.ON_PAGES]
    assert len(sizes) == 2
    assert sum(sizes) <= 180 * 1024


@pytest.mark.parametrize("name", ["inter.woff2", "source-serif-4.woff2"])
def test_pages_get_every_weight_between_text_and_total(cuts, name):
    with TTFont(fonts.page_cut(name)) as font:
        axes = {axis.axisTag: (axis.minValue, axis.maxValue) for axis in font["fvar"].axes}
        assert axes == {"wght": (400, 650)}
        assert {0x202F, 0x2192, ord("ł"), ord("€")} <= set(font.getBestCmap())


@pytest.mark.parametrize("family", ["inter", "serif"])
@pytest.mark.parametrize("weight", [400, 600])
def test_paper_gets_every_letter_of_europe_and_vietnam(cuts, family, weight):
    with TTFont(fonts.static_cut(family, weight)) as font:
        letters = font.getBestCmap()
        assert [one for one in ON_PAPER if ord(one) not in letters] == []
        assert "fvar" not in font
        assert font["OS/2"].usWeightClass == weight
        assert font["name"].getDebugName(6).endswith(f"-{weight}")


@pytest.mark.parametrize("family", ["inter", "serif"])
def test_digits_on_paper_stand_under_each_other(cuts, family):
    with TTFont(fonts.static_cut(family, 400)) as font:
        letters = font.getBestCmap()
        assert len({font["hmtx"][letters[ord(digit)]][0] for digit in "0123456789"}) == 1


def test_a_cut_is_made_once_and_leaves_no_drafts(cuts):
    first = fonts.static_cut("inter", 400)
    changed_at = first.stat().st_mtime_ns
    started = time.perf_counter()
    assert fonts.static_cut("inter", 400) == first
    assert time.perf_counter() - started < 0.1
    assert first.stat().st_mtime_ns == changed_at
    assert sorted(path.suffix for path in cuts.iterdir()) == [".ttf"] * 4 + [".woff2"] * 2


def test_another_recipe_is_another_file(cuts, monkeypatch):
    first = fonts.page_cut("inter.woff2")
    monkeypatch.setattr(fonts, "RECIPE", 99)
    assert fonts.page_cut("inter.woff2") != first


def test_pages_have_two_fonts_and_no_other():
    with pytest.raises(KeyError):
        fonts.page_cut("comic.woff2")

"""Where the marks of figures stand."""

from fractions import Fraction

import pytest

from core.web import geometry
from core.web.geometry import Part


@pytest.mark.parametrize(
    ("share", "scale", "at"),
    [
        (Fraction(1, 11), 0.3, "30.30%"),
        (0, 0.3, "0.00%"),
        (0.3, 0.3, "100.00%"),
        (0.9, 0.3, "100.00%"),
        (-0.1, 0.3, "0.00%"),
        (0.5, 1.0, "50.00%"),
    ],
)
def test_a_share_stands_on_the_scale_and_never_outside(share, scale, at):
    assert geometry.place(share, scale) == at


def test_a_band_is_clipped_at_the_end_of_the_scale():
    assert geometry.stretch(Fraction(90, 1050), Fraction(150, 1050)) == Part("28.57%", "19.05%")
    assert geometry.stretch(0.2, 0.8, 0.3) == Part("66.67%", "33.33%")
    assert geometry.stretch(0.5, 0.8, 0.3) == Part("100.00%", "0.00%")


@pytest.mark.parametrize(
    ("scale", "labels"),
    [
        (0.3, ["0", "", "10", "", "20", "", "30"]),
        (0.6, ["0", "", "20", "", "40", "", "60"]),
        (1.0, ["0", "", "50", "", "100"]),
    ],
)
def test_every_second_mark_has_its_number(scale, labels):
    ticks = geometry.ticks(scale)
    assert [tick.label for tick in ticks] == labels
    assert [tick.is_last for tick in ticks][-2:] == [False, True]
    assert ticks[-1].at == "100.00%"


def test_one_scale_holds_every_share_of_a_page():
    assert geometry.scale_for(0.09, None, 0.2) == 0.3
    assert geometry.scale_for(0.3) == 0.3
    assert geometry.scale_for(0.31) == 0.6
    assert geometry.scale_for(0.61) == 1.0
    assert geometry.scale_for(None) == 0.3


def test_labels_stay_inside_and_apart():
    assert [geometry.side(at) for at in (0.01, 0.1, 0.29)] == ["", "mid", "end"]
    assert not geometry.labels_touch(0.1, 0.2)
    assert geometry.labels_touch(0.1, 0.15)


def test_the_parts_of_a_mix_fill_the_bar():
    assert geometry.mix_parts(900, 60, 90) == (
        Part("0.00%", "85.71%"),
        Part("85.71%", "5.71%"),
        Part("91.43%", "8.57%"),
    )
    assert geometry.mix_parts(0, 0, 0) is None

"""Two versions beside each other."""

from curricula.rules.comparing import Piece, compare
from curricula.rules.contents import Step
from tests.curricula.worlds import module


def test_the_same_version_has_no_difference():
    assert compare(module(), module()) == []


def test_a_changed_word_is_shown_inside_its_line():
    [section] = compare(
        module(handout="# Greet\nLook up at once\nSmile"),
        module(handout="# Greet\nLook up in time\nSmile"),
    )

    assert section.title == "Handout"
    changed = section.rows[1]
    assert changed.old == (Piece("same", "Look up"), Piece("gone", "at once"))
    assert changed.new == (Piece("same", "Look up"), Piece("new", "in time"))
    assert [row.is_changed for row in section.rows] == [False, True, False]


def test_a_new_step_stands_at_the_right_alone():
    plan = (*module().plan, Step(5, "End", "talk", ""))

    [section] = compare(module(), module(plan=plan))

    assert section.rows[-1].old is None
    assert section.rows[-1].new == (Piece("new", "5 min · End (talk)"),)


def test_facts_say_what_changed():
    [section] = compare(module(), module(shares=(("hospitality", 60), ("relationship", 40))))

    assert section.title == "Facts"
    [row] = [row for row in section.rows if row.is_changed]
    assert "".join(piece.text for piece in row.new if piece.kind == "new") == (
        "60, relationship 40"
    )

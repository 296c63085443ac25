"""Reading module and curriculum files: what they say, and what is wrong where."""

import pytest

from core.errors import RefusedError
from curricula.imports import parse_yaml, read_exchange_file, read_library
from curricula.rules.contents import (
    Reading,
    digest_of,
    digest_of_curriculum,
    plain_of,
    plain_of_curriculum,
)
from curricula.rules.files import read_curriculum, read_module
from tests.curricula.worlds import curriculum, module


def problems(data) -> list[str]:
    reading = Reading()
    assert read_module(data, reading) is None
    return [str(problem) for problem in reading.problems]


def test_what_a_module_says_is_read_back_as_it_was():
    reading = Reading()

    assert read_module(plain_of(module()), reading) == module()
    assert reading.problems == []


def test_what_a_curriculum_says_is_read_back_as_it_was():
    draft = curriculum("PATH-1", "HOS-01", due_days=90, renewal=("HOS-01",), renewal_days=365)

    assert read_curriculum(plain_of_curriculum(draft), Reading()) == draft


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("minutes", "two hours", "minutes: this should be a whole number from 1 to 6000."),
        ("minutes", True, "minutes: this should be a whole number from 1 to 6000."),
        ("title", None, "title: this is missing; write a text."),
        ("title", "  ", "title: this is empty; write a text."),
        ("colour", "red", "colour: there is no such field; there are assessment,"),
        ("levels", ["boss"], "levels: “boss” is none of frontline, senior, team_lead"),
        ("levels", ["senior", "senior"], "levels: something is named twice; name it once."),
        ("shares", {}, "shares: this should name categories with percentages"),
        ("shares", {"hospitality": 0}, "shares, hospitality: this should be a whole number"),
        ("plan", "an hour of talk", "plan: this should be a list."),
        ("code", "HOS 01", "code: letters, digits, hyphens, dots and underscores only"),
    ],
)
def test_what_is_wrong_with_a_field_is_said_where_it_is(field, value, said):
    [problem] = problems({**plain_of(module()), field: value})

    assert problem.startswith(said)


def test_what_is_wrong_inside_a_list_names_the_place():
    plain = plain_of(module())
    plain["plan"][1]["minutes"] = 0
    plain["plan"][1]["kind"] = "song"
    plain["quiz"][2]["options"][0]["score"] = 9
    plain["role_plays"][0]["customer_card"] = ""

    assert problems(plain) == [
        "plan, step 2, minutes: this should be a whole number from 1 to 1440.",
        "plan, step 2, kind: this should be one of talk, demonstration, discussion, practice,"
        " reflection, assessment, break.",
        "role_plays, role-play 1, customer_card: this is empty; write a text.",
        "quiz, item 3, options, option 1, score: this should be a whole number from 0 to 3.",
    ]


def test_a_file_that_is_no_module_says_so():
    assert problems(["HOS-01"]) == ["this should be a set of named fields, such as “title: …”."]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: b: c", "Line 1, column 5: mapping values are not allowed"),
        ("a: 1\na: 2", "Line 2: “a” stands twice"),
        ("a: !!python/object:os.system x", "Line 1, column 4: could not determine a constructor"),
    ],
)
def test_yaml_that_cannot_be_read_names_the_line(text, said):
    with pytest.raises(RefusedError) as refusal:
        parse_yaml(text)

    assert refusal.value.message.startswith(said)


def test_days_and_numbers_with_zeros_in_front_stay_what_they_are():
    assert parse_yaml("day: 2026-03-01\ncode: '007'") == {"day": "2026-03-01", "code": "007"}


def test_a_library_names_the_file_that_is_wrong_and_reads_the_others(tmp_path):
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules" / "BAD-1.yaml").write_text("code: BAD-1\n  title: x")
    (tmp_path / "modules" / "HOS-02.yaml").write_text(
        "code: HOS-01\ntitle: One\nminutes: 60\nshares: {hospitality: 100}\nreview_days: 90\n"
    )
    (tmp_path / "modules" / "HOS-03.yaml").write_text(
        "code: HOS-03\ntitle: Three\nminutes: 60\nshares: {hospitality: 100}\nreview_days: 90\n"
    )

    library = read_library(tmp_path)

    assert [draft.title for draft in library.modules] == ["Three"]
    assert [name for name, _ in library.problems] == ["BAD-1.yaml", "HOS-02.yaml"]
    assert library.problems[1][1] == "code: the file says HOS-01; name the file HOS-01.yaml."


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe", "The file is not text in UTF-8."),
        (b"{", "Line 1, column 2: this is not JSON"),
        (b"[]", "“format” should be “training-mix curricula”"),
        (b'{"format": "training-mix curricula", "version": 9}', "version: this should be 1"),
        (
            b'{"format": "training-mix curricula", "version": 1, "modules": [{"code": "A-1"}]}',
            "modules, A-1, title: this is missing; write a text.",
        ),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_an_exchange_file_that_cannot_be_read_says_why(content, said):
    with pytest.raises(RefusedError) as refusal:
        read_exchange_file(content)

    assert said in refusal.value.message


def test_digests_follow_what_is_taught_and_nothing_else():
    assert digest_of(module("A-1", title="T")) == digest_of(module("B-1", title="T"))
    assert digest_of(module()) == digest_of(module(owner_role="Somebody else"))
    assert digest_of(module()) != digest_of(module(handout="## Another page"))
    assert digest_of_curriculum(curriculum("P", "A", "B")) != digest_of_curriculum(
        curriculum("P", "B", "A")
    )


def test_a_number_too_long_to_be_one_is_told_like_any_other_mistake():
    digits = "9" * 5000

    with pytest.raises(RefusedError, match="too long"):
        read_exchange_file(f'{{"a": {digits}}}'.encode())
    with pytest.raises(RefusedError, match="too long"):
        parse_yaml(f"a: {digits}")

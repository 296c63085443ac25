"""The library of aptitude: a complete framework, and scenarios that give nothing away."""

import copy
import re
from collections import Counter
from pathlib import Path
from statistics import correlation

import pytest

from aptitude.imports import LIBRARY, read_aptitude_library
from aptitude.rules.promises import left_out, repeated, shown_purpose
from aptitude.rules.starter import Area, read_framework, read_scenarios, refuse_doubles
from curricula.imports import parse_yaml
from curricula.rules.contents import Reading

SHIPPED = read_aptitude_library()
ITEMS = {item.id: item for item in SHIPPED.items}
OPTIONS = [option for item in SHIPPED.items for option in item.options]
BEST = {item.id: max(item.options, key=lambda one: one.key).letter for item in SHIPPED.items}
WORST = {item.id: min(item.options, key=lambda one: one.key).letter for item in SHIPPED.items}
LEVELS = ["frontline", "senior", "team_lead", "manager", "executive"]
DIMENSIONS = ["D1", "D2", "D3", "D4", "D5", "D6", "D7"]


def plain(name: str):
    """Return the plain data of a file that ships, to be spoilt."""
    return copy.deepcopy(parse_yaml((LIBRARY / name).read_text(encoding="utf-8")))


def words(text: str) -> int:
    return len(text.split())


def test_every_file_can_be_read():
    assert SHIPPED.problems == []
    assert SHIPPED.framework is not None
    assert len(ITEMS) == len(SHIPPED.items) == 72


def test_every_dimension_has_five_anchors_for_each_level():
    dimensions = SHIPPED.framework.dimensions
    anchors = [anchor for one in dimensions for anchor in one.anchors]

    assert [one.code for one in dimensions] == DIMENSIONS
    assert len(anchors) == len({anchor.text for anchor in anchors}) == 175
    assert Counter((one.dimension, one.level) for one in anchors) == {
        (code, level): 5 for code in DIMENSIONS for level in LEVELS
    }
    first = anchors[0]
    assert (first.level, first.value) == ("frontline", 1)
    assert first.text == "Answers the words only; misses plain signs of hurry or distress"
    assert anchors[-1].text == "The company learns faster than its customers' expectations move"


def test_targets_start_at_three_and_at_four_where_a_level_teaches_others():
    levels = {one.level: one for one in SHIPPED.framework.levels}
    fours = {name: [c for c, to in one.targets.items() if to == 4] for name, one in levels.items()}

    assert fours == {
        "frontline": [],
        "senior": ["D2"],
        "team_lead": ["D1", "D5"],
        "manager": ["D4", "D7"],
        "executive": ["D3", "D4"],
    }
    assert {to for one in levels.values() for to in one.targets.values()} == {3, 4}
    assert [one.floor for one in levels.values()] == [2, 2, 3, 3, 3]
    assert [len(one.required) for one in levels.values()] == [5, 5, 7, 7, 7]


def test_the_purpose_says_what_it_is_for_and_leaves_who_sees_it_to_the_setting():
    purpose = SHIPPED.framework.purpose

    assert "What it is for." in purpose
    assert "Your manager" not in purpose
    assert "groups" not in purpose
    assert (shown_purpose(purpose), left_out(purpose), repeated(purpose)) == (
        purpose.strip(), [], [])  # fmt: skip
    assert "starting values" in SHIPPED.framework.targets_note


def test_scenarios_cover_areas_levels_channels_and_dimensions():
    assert Counter(item.area for item in SHIPPED.items) == dict.fromkeys(Area, 18)
    assert Counter(level for item in SHIPPED.items for level in item.levels) == {
        "frontline": 20,
        "senior": 20,
        "team_lead": 18,
        "manager": 19,
        "executive": 17,
    }
    assert Counter(item.channel for item in SHIPPED.items) == {
        "face_to_face": 22,
        "phone": 14,
        "email": 14,
        "chat": 9,
        "text": 7,
        "social": 6,
    }
    trained = Counter(code for item in SHIPPED.items for code in item.dimensions)
    assert sorted(trained) == DIMENSIONS
    assert min(trained.values()) >= 11
    pairs = {(item.area.value, level) for item in SHIPPED.items for level in item.levels}
    assert len(pairs) == 4 * 5


def test_every_key_is_a_starting_value():
    assert {item.is_calibrated for item in SHIPPED.items} == {False}
    assert {item.key_version for item in SHIPPED.items} == {1}
    assert {item.question for item in SHIPPED.items} == {"How good is each answer?"}


@pytest.mark.parametrize("item", SHIPPED.items, ids=ITEMS)
def test_an_item_is_written_to_measure(item):
    keys = [option.key for option in item.options]

    assert 50 <= words(item.situation) <= 110
    assert len(keys) == len(set(keys)) in {4, 5}
    assert all(12 <= words(option.text) <= 45 for option in item.options)
    assert all(5 <= words(option.why) <= 32 for option in item.options)
    assert all(option.why.endswith(".") for option in item.options)
    assert 1 <= min(keys) <= 3.2
    assert 5.5 <= max(keys) <= 7
    assert max(keys) - min(keys) >= 3


def test_no_situation_option_or_reason_stands_twice():
    for texts in (
        [item.situation for item in SHIPPED.items],
        [item.title for item in SHIPPED.items],
        [option.text for option in OPTIONS],
        [option.why for option in OPTIONS],
    ):
        assert len(set(texts)) == len(texts)


def test_the_place_of_an_option_tells_nothing():
    of_four = [name for name, item in ITEMS.items() if len(item.options) == 4]
    places = {letter: [] for letter in "abcd"}
    for name in of_four:
        for option in ITEMS[name].options:
            places[option.letter].append(option.key)
    means = [sum(keys) / len(keys) for keys in places.values()]

    for ends in (BEST, WORST):
        shares = Counter(ends[name] for name in of_four)
        assert max(shares.values()) - min(shares.values()) <= 2
    assert max(means) - min(means) < 0.3
    assert {BEST[name] for name in ITEMS if name not in of_four} >= {"a", "c", "e"}


@pytest.mark.parametrize("level", LEVELS)
def test_no_level_finds_the_best_in_one_place(level):
    best = Counter(BEST[item.id] for item in SHIPPED.items if level in item.levels)

    assert max(best.values()) <= 0.4 * best.total()


def test_the_length_of_an_option_tells_nothing():
    lengths = [words(option.text) for option in OPTIONS]
    beside = [
        words(option.text) - sum(words(one.text) for one in item.options) / len(item.options)
        for item in SHIPPED.items
        for option in item.options
    ]
    keys = [option.key for option in OPTIONS]

    assert abs(correlation(lengths, keys)) < 0.15
    assert abs(correlation(beside, keys)) < 0.15


def test_the_best_answer_is_seldom_the_shortest_or_the_longest_alone():
    shortest = longest = 0
    for item in SHIPPED.items:
        best, *others = sorted(item.options, key=lambda one: one.key, reverse=True)
        shortest += all(words(best.text) < words(one.text) for one in others)
        longest += all(words(best.text) > words(one.text) for one in others)

    assert shortest <= 0.3 * len(ITEMS)
    assert longest <= 0.3 * len(ITEMS)


@pytest.mark.parametrize("cue", ["“", r"\b(since|because|so that|so as|to avoid)\b"])
def test_the_wording_of_an_option_tells_nothing(cue):
    found = [float(bool(re.search(cue, option.text))) for option in OPTIONS]

    assert sum(found) > 15
    assert abs(correlation(found, [option.key for option in OPTIONS])) < 0.15


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        ({"id": "rcv 1"}, "id: three capitals, a hyphen and two digits, such as STD-01."),
        ({"levels": []}, "levels: name at least one of frontline, senior, team_lead"),
        ({"levels": ["boss"]}, "levels: “boss” is none of frontline, senior"),
        ({"channel": "fax"}, "channel: this should be one of face_to_face, phone"),
        ({"dimensions": ["D8"]}, "dimensions: “D8” is none of D1, D2"),
        ({"situation": "Too short."}, "situation: this has 2 words; write 50 to 110."),
        ({"situation": None}, "situation: this is missing; write a text."),
        ({"calibrated": "perhaps"}, "calibrated: this should be true or false."),
        ({"key_version": 0}, "key_version: this should be a whole number from 1"),
        ({"colour": "red"}, "colour: there is no such field; there are calibrated"),
        ({"options": []}, "options: there are 0; write 4 or 5."),
    ],
)
def test_what_is_wrong_with_an_item_names_file_item_and_field(spoil, said):
    data = plain("scenarios/recovery.yaml")
    data["items"] = [{**data["items"][1], **spoil}]
    reading = Reading()

    assert read_scenarios(data, "recovery.yaml", reading) == []
    [problem] = map(str, reading.problems)
    assert problem.startswith(f"recovery.yaml, {spoil.get('id', 'RCV-02')}, {said}")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        ({"key": 7.1}, "key: this should be a number from 1.0 to 7.0."),
        ({"key": True}, "key: this should be a number from 1.0 to 7.0."),
        ({"key": "good"}, "key: this should be a number from 1.0 to 7.0."),
        ({"key": 5.25}, "key: 5.25 has more than one decimal; round it."),
        ({"text": "Say sorry."}, "text: this has 2 words; write 12 to 45."),
        ({"why": ""}, "why: this is empty; write a text."),
    ],
)
def test_what_is_wrong_with_an_option_names_its_place(spoil, said):
    data = plain("scenarios/recovery.yaml")
    data["items"] = [data["items"][1]]
    data["items"][0]["options"][2].update(spoil)
    reading = Reading()

    assert read_scenarios(data, "recovery.yaml", reading) == []
    [problem] = map(str, reading.problems)
    assert problem == f"recovery.yaml, RCV-02, option 3, {said}"


def test_an_item_whose_answers_are_about_as_good_is_refused():
    data = plain("scenarios/recovery.yaml")
    data["items"] = [data["items"][1]]
    for place, option in enumerate(data["items"][0]["options"]):
        option["key"] = 4 + place
    data["items"][0]["options"][3]["key"] = 6.9
    reading = Reading()

    assert read_scenarios(data, "recovery.yaml", reading) == []
    [problem] = map(str, reading.problems)
    assert problem == (
        "recovery.yaml, RCV-02, options: the keys lie within 2.9; best and worst need 3.0 between."
    )


def test_one_bad_item_leaves_the_others():
    data = plain("scenarios/recovery.yaml")
    data["items"][4]["title"] = ""
    reading = Reading()

    read = read_scenarios(data, "recovery.yaml", reading)

    assert len(read) == 17
    assert "RCV-05" not in {item.id for item in read}


def test_an_unknown_area_is_refused_with_its_file():
    reading = Reading()

    assert read_scenarios({"area": "sales", "question": "?"}, "sales.yaml", reading) == []
    assert str(reading.problems[0]).startswith("sales.yaml, area: this should be one of service_")


def test_ids_and_texts_that_stand_twice_are_told():
    item = ITEMS["RCV-02"]
    reading = Reading()

    refuse_doubles([item, item], reading)

    assert "RCV-02: this id stands twice; give one item another." in map(str, reading.problems)
    reading = Reading()
    data = plain("scenarios/recovery.yaml")
    data["items"] = [data["items"][1]]
    options = data["items"][0]["options"]
    options[3]["text"] = options[0]["text"]
    refuse_doubles(read_scenarios(data, "recovery.yaml", Reading()), reading)
    assert [str(problem) for problem in reading.problems] == [
        "RCV-02, option d: the same text stands in RCV-02; write another."
    ]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda d: d["dimensions"].pop(), "framework.yaml, dimensions: this should name D1, D2"),
        (lambda d: d["levels"].reverse(), "framework.yaml, levels: this should name frontline"),
        (
            lambda d: d["dimensions"][2]["anchors"]["manager"].pop(),
            "framework.yaml, D3, anchors, manager: there are 4 anchors; write one for each of 1",
        ),
        (
            lambda d: d["levels"][1]["targets"].pop("D5"),
            "framework.yaml, senior, targets, D5: this should be a whole number from 1 to 5.",
        ),
        (lambda d: d.pop("purpose"), "framework.yaml, purpose: this is missing; write a text."),
    ],
    ids=["dimension", "order", "anchor", "target", "purpose"],
)
def test_what_is_wrong_with_the_framework_is_said_where_it_is(spoil, said):
    data = plain("framework.yaml")
    spoil(data)
    reading = Reading()

    assert read_framework(data, "framework.yaml", reading) is None
    [problem] = map(str, reading.problems)
    assert problem.startswith(said)


def test_files_that_cannot_be_read_are_told_by_name(tmp_path: Path):
    folder = tmp_path / "scenarios"
    folder.mkdir()
    (folder / "a.yaml").write_text("area: [unclosed", encoding="utf-8")
    (folder / "b.yaml").write_bytes(b"area: \xff\xfe")
    (folder / "c.yaml").write_text("just words", encoding="utf-8")

    library = read_aptitude_library(tmp_path)

    assert (library.framework, library.items) == (None, [])
    told = [str(problem) for problem in library.problems]
    assert told[0] == "framework.yaml: this file is missing; put it back."
    assert told[1].startswith("a.yaml: Line ")
    assert told[2] == "b.yaml: this is not text in UTF-8; save it as UTF-8."
    assert told[3].startswith("c.yaml: this should be a set of named fields")

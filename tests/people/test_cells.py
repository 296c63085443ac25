import pytest

from core.errors import ValueProblem
from people.rules.cells import (
    email_from,
    fte_percent_from,
    gender_from,
    level_from,
    name_key,
    name_words,
    short_name_key,
    unit_path_from,
)
from people.rules.levels import Gender, Level


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("", None),
        ("Front line", Level.FRONTLINE),
        ("front-line", Level.FRONTLINE),
        ("AGENT", Level.FRONTLINE),
        ("senior", Level.SENIOR),
        ("Team Lead", Level.TEAM_LEAD),
        ("team_lead", Level.TEAM_LEAD),
        ("Supervisor", Level.TEAM_LEAD),
        ("manager", Level.MANAGER),
        ("Executive", Level.EXECUTIVE),
    ],
)
def test_levels_in_the_words_people_use(text, level):
    assert level_from(text) is level


def test_another_level_is_refused_with_the_five_there_are():
    with pytest.raises(ValueProblem) as problem:
        level_from("Director")

    assert problem.value.reason == "This is none of the five levels."
    assert problem.value.remedy == "Write front line, senior, team lead, manager or executive."


@pytest.mark.parametrize(
    ("text", "gender"),
    [
        ("", None),
        ("F", Gender.FEMALE),
        ("W", Gender.FEMALE),
        ("m", Gender.MALE),
        ("Non-binary", Gender.OTHER),
        ("prefer not to say", Gender.UNDISCLOSED),
    ],
)
def test_genders_in_the_words_people_use(text, gender):
    assert gender_from(text) is gender


@pytest.mark.parametrize(
    ("text", "percent"),
    [
        ("", None),
        ("1", 100),
        ("1.0", 100),
        ("0.5", 50),
        ("0,8", 80),
        ("80 %", 80),
        ("1%", 1),
        ("100", 100),
        ("37,5", 38),
    ],
)
def test_working_time_as_a_part_or_in_percent(text, percent):
    assert fte_percent_from(text) == percent


@pytest.mark.parametrize("text", ["0", "140", "full", "-1", "nan", "1e2", "٥"])  # noqa: RUF001
def test_other_working_time_is_refused(text):
    with pytest.raises(ValueProblem):
        fte_percent_from(text)


def test_an_address_is_compared_without_case():
    assert email_from("Ana@Example.ORG") == "ana@example.org"
    with pytest.raises(ValueProblem):
        email_from("ana at example")


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("", ()),
        ("Sales", ("Sales",)),
        ("Operations / Contact centre / Team 4", ("Operations", "Contact centre", "Team 4")),
        ("Operations > Team 4", ("Operations", "Team 4")),
        ("IT/IS", ("IT/IS",)),
        ("  Sales   East ", ("Sales East",)),
    ],
)
def test_units_are_paths_or_plain_names(text, path):
    assert unit_path_from(text) == path


@pytest.mark.parametrize("text", ["A /  / B", "/ B", "A" * 301, " / ".join(["A"] * 51)])
def test_broken_paths_of_units_are_refused(text):
    with pytest.raises(ValueProblem):
        unit_path_from(text)


def test_names_are_compared_in_the_order_in_which_they_are_spoken():
    assert name_words("Adinolfi, Wilson  K") == name_words("Wilson K. Adinolfi")
    assert name_key("Ait Sidi, Karthikeyan   ") == "karthikeyan ait sidi"
    assert name_key("Alagbe,Trina") == "trina alagbe"
    assert name_key("NA") == "na"


def test_initials_inside_a_name_may_be_left_out():
    assert short_name_key(name_words("LeBlanc, Brandon  R")) == "brandon leblanc"
    assert short_name_key(name_words("Cher")) == "cher"

"""What the words in a people file mean: levels, genders, working time, names and units."""

import re
import unicodedata

from core.errors import ValueProblem
from people.rules.levels import LEVEL_LABELS, LEVELS_TOP_DOWN, Gender, Level

LONGEST_NAME = 300
LONGEST_NUMBER = 120
LONGEST_PATH = 1000
DEEPEST_UNIT = 50

_LEVEL_WORDS = {
    Level.FRONTLINE: (
        "front line", "frontline", "front-line", "front line staff", "agent", "mitarbeiter",
        "mitarbeiterin", "mitarbeiter/in",
    ),
    Level.SENIOR: ("senior", "senior agent", "senior staff"),
    Level.TEAM_LEAD: (
        "team lead", "team leader", "teamlead", "team_lead", "lead", "supervisor", "teamleiter",
        "teamleiterin", "teamleitung", "gruppenleiter", "gruppenleiterin", "gruppenleitung",
    ),
    Level.MANAGER: (
        "manager", "middle manager", "managerin", "abteilungsleiter", "abteilungsleiterin",
        "abteilungsleitung", "bereichsleiter", "bereichsleiterin", "bereichsleitung",
    ),
    Level.EXECUTIVE: (
        "executive", "exec", "c-level", "executive board", "geschäftsführung", "geschäftsleitung",
        "geschäftsführer", "geschäftsführerin", "vorstand",
    ),
}  # fmt: skip
_LEVELS = {word: level for level, words in _LEVEL_WORDS.items() for word in words}

_GENDER_WORDS = {
    Gender.FEMALE: ("f", "female", "w", "woman", "women", "weiblich", "frau"),
    Gender.MALE: ("m", "male", "man", "men", "männlich", "herr"),
    Gender.OTHER: ("x", "d", "other", "diverse", "non-binary", "nonbinary", "non binary", "divers"),
    Gender.UNDISCLOSED: (
        "undisclosed",
        "not disclosed",
        "prefer not to say",
        "not stated",
        "keine angabe",
    ),
}
_GENDERS = {word: gender for gender, words in _GENDER_WORDS.items() for word in words}

_FTE = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]{1,4}))?\s*(%?)", re.ASCII)
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+")
_SEPARATOR = re.compile(r"(?:^|(?<= ))[/>](?= |$)")
_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")


def folded(text: str) -> str:
    """Return `text` as it is compared: one form of each letter, no case, single blanks."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def level_from(text: str) -> Level | None:
    """Return the level a cell names, None for an empty cell.

    Raises:
        ValueProblem: The word is none of the five levels.
    """
    if not text:
        return None
    level = _LEVELS.get(folded(text))
    if level is None:
        known = [LEVEL_LABELS[each].lower() for each in reversed(LEVELS_TOP_DOWN)]
        raise ValueProblem(
            "This is none of the five levels.",
            f"Write {', '.join(known[:-1])} or {known[-1]}.",
        )
    return level


def gender_from(text: str) -> Gender | None:
    """Return the gender a cell names; None for an empty cell, as nobody has asked.

    Raises:
        ValueProblem: The word is not known.
    """
    if not text:
        return None
    gender = _GENDERS.get(folded(text))
    if gender is None:
        raise ValueProblem(
            "This word is not known here.",
            "Write female, male, other or undisclosed, or leave the cell empty.",
        )
    return gender


def fte_percent_from(text: str) -> int | None:
    """Return working time in whole percent: "1", "1.0", "100" and "100 %" are 100, "0,5" is 50.

    A number up to 1 is a part of a full job, a larger one or one with "%" is a percentage.

    Raises:
        ValueProblem: The text is no such number, or lies outside 1 to 100 percent.
    """
    if not text:
        return None
    found = _FTE.fullmatch(text.strip())
    remedy = "Write a part of a full job such as 0.8, or a percentage such as 80 %."
    if found is None:
        raise ValueProblem("This is not an amount of working time.", remedy)
    whole, decimals, sign = found.groups()
    value = float(f"{whole}.{decimals or 0}")
    percent = round(value * 100) if value <= 1 and not sign else round(value)
    if not 1 <= percent <= 100:
        raise ValueProblem("Working time lies between 1 and 100 percent of a full job.", remedy)
    return percent


def email_from(text: str) -> str | None:
    """Return an e-mail address in the form it is compared in, None for an empty cell.

    Raises:
        ValueProblem: The text cannot be an address.
    """
    if not text:
        return None
    if len(text) > 254 or not _EMAIL.fullmatch(text):
        raise ValueProblem(
            "This is not an e-mail address.", "Write it like name@example.org, or leave it empty."
        )
    return text.casefold()


def short_text_from(text: str, longest: int) -> str | None:
    """Return `text` with single blanks, None for an empty cell.

    Raises:
        ValueProblem: The text is longer than `longest` characters.
    """
    text = " ".join(text.split())
    if len(text) > longest:
        raise ValueProblem(f"This is longer than {longest} characters.", "Shorten it.")
    return text or None


def unit_path_from(text: str) -> tuple[str, ...]:
    """Return the names of a unit's path, "Sales / Shop 4" as ("Sales", "Shop 4").

    Only a slash or ">" with blanks on both sides parts names, so "IT/IS" is one name.

    Raises:
        ValueProblem: A name is empty, or the path is too long or too deep.
    """
    text = " ".join(text.split())
    if not text:
        return ()
    names = tuple(name.strip() for name in _SEPARATOR.split(text))
    if not all(names):
        raise ValueProblem(
            "A name is missing in this path of units.", "Write it like Sales / Shop 4."
        )
    if len(" / ".join(names)) > LONGEST_PATH or len(names) > DEEPEST_UNIT:
        raise ValueProblem("This path of units is too long.", "Shorten it.")
    if max(map(len, names)) > LONGEST_NAME:
        raise ValueProblem("A name in this path of units is too long.", "Shorten it.")
    return names


def path_text(names: tuple[str, ...]) -> str:
    """Return a path as it is written: names joined by a slash between blanks."""
    return " / ".join(names)


def name_words(text: str) -> tuple[str, ...]:
    """Return the words of a person's name in the order they are spoken, as they are compared.

    "Adinolfi, Wilson  K" and "Wilson K Adinolfi" are the same words; dots of initials are dropped.
    """
    family, comma, given = text.partition(",")
    spoken = f"{given} {family}" if comma else text
    return tuple(_WORD.findall(folded(spoken)))


def name_key(text: str) -> str:
    """Return a name in the one form in which names are compared and searched."""
    return " ".join(name_words(text))[:LONGEST_NAME]


def short_name_key(words: tuple[str, ...]) -> str:
    """Return a name without its inner initials: "wilson k adinolfi" is "wilson adinolfi"."""
    inner = [word for word in words[1:-1] if len(word) > 1]
    return " ".join([*words[:1], *inner, *words[1:][-1:]])

"""Titles and names as keys: two spellings of one title are one course."""

import re
import unicodedata

from ledger.rules.problems import ValueProblem

LONGEST_TITLE = 300
LONGEST_CODE = 120
LONGEST_KEY = 330

_BETWEEN_WORDS = re.compile(r"[\W_]+")


def title_key(text: str) -> str:
    """Return the text by which titles are matched: NFKC, casefolded, blanks collapsed."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", " ".join(folded.split()))


def course_key(code: str, title: str) -> str:
    """Return what a course is known by: its code, or its title where it has none."""
    return f"code:{code.casefold()}" if code else f"title:{title_key(title)}"


def is_long_code(code: str) -> bool:
    """Tell whether a code has more letters than are kept, as written or in small letters."""
    return len(code) > LONGEST_CODE or len(course_key(code, "")) > LONGEST_KEY


def check_course_name(code: str, title: str) -> None:
    """Refuse names of which only a part could be kept.

    Raises:
        ValueProblem: The row names no course, or the title or code is too long.
    """
    if not code and not title:
        raise ValueProblem("The row names no course.", "Fill in a title or a code.")
    if is_long_code(code) or max(len(title), len(title_key(title or code))) > LONGEST_TITLE:
        raise ValueProblem(
            "The name of the course is too long.",
            f"Shorten the title to {LONGEST_TITLE} and the code to {LONGEST_CODE} letters.",
        )


def word_key(text: str) -> str:
    """Return the words of `text` alone, so that "No-show" and "no_show " are one key."""
    return _BETWEEN_WORDS.sub(" ", title_key(text)).strip()

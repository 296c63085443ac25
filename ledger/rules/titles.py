"""Titles and names as keys: two spellings of one title are one course."""

import re
import unicodedata

_BETWEEN_WORDS = re.compile(r"[\W_]+")


def title_key(text: str) -> str:
    """Return the text by which titles are matched: NFKC, casefolded, blanks collapsed."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", " ".join(folded.split()))


def word_key(text: str) -> str:
    """Return the words of `text` alone, so that "No-show" and "no_show " are one key."""
    return _BETWEEN_WORDS.sub(" ", title_key(text)).strip()

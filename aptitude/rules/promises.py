"""What a purpose text says of who sees a profile and what it is not for.

Both are said on every form by what is set, so a purpose that says it too repeats or contradicts it.
"""

import re

SAID_BEFORE = (
    "You see all of your own profile.",
    "Your manager sees it, and so does the manager above; those further up see groups of five "
    "people or more.",
    "Every look at your profile is recorded.",
    "It is not for hiring or dismissal, and people are never ranked by it.",
    "Do not use it for these.",
)
"""Sentences an earlier framework shipped with: fixed, whatever is set. They are not shown."""

SAID_WELL = (
    "HR sees it in order to owe you what the company owes you.",
    "HR sees your profile in order to owe you what the company owes you.",
)
"""They say why, not who, and are never wrong."""

_LEAD = re.compile(r"\*\*[^*]*\*\*")
_ENDS = re.compile(r"(?<=[.!?])\s+")
_CUES = re.compile(
    r"\b(hir(e|es|ed|ing)|dismiss\w*|rank(s|ed|ing)?|manager above|record(ed)?|who sees|"
    r"(sees?|read|reads) (it|everything|all|(your|the|their) (profile|figures?|scores?)))\b",
    re.IGNORECASE,
)


def shown_purpose(purpose: str) -> str:
    """Return a purpose text without the sentences that shipped once and may be wrong now."""
    blocks = (_without_said(block) for block in re.split(r"\n\s*\n", purpose))
    return "\n\n".join(block for block in blocks if _LEAD.sub("", block).strip())


def left_out(purpose: str) -> list[str]:
    """Return those sentences of a purpose text that are not shown."""
    return [said for said in SAID_BEFORE if _pattern(said).search(purpose)]


def repeated(purpose: str) -> list[str]:
    """Return the sentences of an organisation's own that seem to say what is always said."""
    text = _LEAD.sub(" ", shown_purpose(purpose))
    said = [" ".join(one.split()) for one in _ENDS.split(text.strip())]
    return [one for one in said if _CUES.search(one) and one not in SAID_WELL]


def _without_said(block: str) -> str:
    for said in SAID_BEFORE:
        block = _pattern(said).sub("", block)
    return block.strip()


def _pattern(said: str) -> re.Pattern[str]:
    """Return what finds a sentence however its lines are broken."""
    return re.compile(r"\s*" + r"\s+".join(re.escape(word) for word in said.split()))

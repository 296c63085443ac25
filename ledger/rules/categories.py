"""Categories as files name them, turned into codes."""

from ledger.rules.titles import word_key


def category_code(text: str) -> str:
    """Return the code of the category `text` names: "Service recovery" is service_recovery."""
    return word_key(text).replace(" ", "_")

"""Categories as files name them, turned into codes."""

from collections.abc import Iterable

from ledger.rules.titles import word_key


def category_code(text: str, categories: Iterable[str]) -> str | None:
    """Return the code among `categories` that `text` names, such as "Service recovery".

    None when there is no such category.
    """
    code = word_key(text).replace(" ", "_")
    return code if code in categories else None

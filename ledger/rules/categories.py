"""Categories as files name them, turned into codes."""

from collections.abc import Collection

from ledger.rules.titles import word_key


def category_code(text: str, categories: Collection[str]) -> str | None:
    """Return the code among `categories` that `text` names: "Service recovery" is service_recovery.

    None when there is no such category.
    """
    code = word_key(text).replace(" ", "_")
    return code if code in categories else None

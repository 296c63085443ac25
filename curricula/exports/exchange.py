"""Modules and curricula as one file."""

import json

from curricula.rules.exchange import Exchange, plain_exchange


def exchange_file(exchange: Exchange) -> bytes:
    """Return the file: the same modules and curricula give the same bytes."""
    text = json.dumps(plain_exchange(exchange), ensure_ascii=False, indent=1)
    return f"{text}\n".encode()

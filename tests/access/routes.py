"""The list of all routes with who may call them.

To freeze it anew: `python -m tests.access.routes > tests/access/routes.txt`.
"""

import sys
from pathlib import Path

from flask import Flask

from core.web.access import permission_of
from tests.databases import application

FROZEN = Path(__file__).with_name("routes.txt")
BY_ITSELF = {"HEAD", "OPTIONS"}


def routes_of(app: Flask) -> list[str]:
    """Return a line for each route: path, methods, endpoint and permission."""
    return sorted(
        "  ".join(
            [
                rule.rule,
                ",".join(sorted((rule.methods or set()) - BY_ITSELF)),
                rule.endpoint,
                permission_of(app, rule.endpoint) or "NO PERMISSION",
            ]
        )
        for rule in app.url_map.iter_rules()
    )


if __name__ == "__main__":
    sys.stdout.write("\n".join(routes_of(application("sqlite://"))) + "\n")

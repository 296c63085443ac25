"""Files pages are made of: our fonts, and addresses that change when a file does."""

import hashlib
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, abort, current_app, send_file
from flask.typing import ResponseReturnValue

from core.export.fonts import ON_PAGES, page_cut
from core.web.access import PUBLIC, requires

bp = Blueprint("assets", __name__, url_prefix="/assets")
BOOTSTRAP = version("bootstrap-flask")


@bp.get("/fonts/<string:name>")
@requires(PUBLIC)
def font(name: str) -> ResponseReturnValue:
    """Return a font of the pages; the first who asks on a new machine waits about a second."""
    if name not in ON_PAGES:
        abort(404)
    return send_file(page_cut(name), mimetype="font/woff2")


def init_assets(app: Flask) -> None:
    """Serve the fonts, and mark the address of every file so that it may be kept for a year."""
    app.register_blueprint(bp)

    @app.url_defaults
    def _mark_address(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "v" not in values:
            values["v"] = mark_of(Path(str(current_app.static_folder)) / values["filename"])
        elif endpoint == "bootstrap.static" and "v" not in values:
            values["v"] = BOOTSTRAP


def mark_of(path: Path) -> str | None:
    """Return a short text that changes with the content of a file; None without a file."""
    try:
        return _mark_of_content(path, path.stat().st_mtime_ns)
    except OSError:
        return None


@lru_cache(maxsize=64)
def _mark_of_content(path: Path, _changed_at: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]

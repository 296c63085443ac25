"""What the browser is told with every answer: trust only our own files, keep nothing private."""

from flask import Flask, Response, g, request
from flask_compress import Compress
from flask_talisman import Talisman

from core.web.access import SIGNED_IN

CONTENT_SECURITY_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
}
NOT_NEEDED = dict.fromkeys(("camera", "geolocation", "microphone", "payment", "usb"), "()")

FILES = frozenset({"static", "bootstrap.static", "assets.font"})
"""What is the same for everybody; kept for a year where the address names the version."""

KEPT_FOR_A_YEAR = "private, max-age=31536000, immutable"
KEPT_FOR_AN_HOUR = "private, max-age=3600"


def init_security_headers(app: Flask) -> None:
    """Send a strict content security policy, cache headers and compressed answers."""
    app.config.setdefault("COMPRESS_ALGORITHM", ["br", "gzip"])
    Compress(app)
    Talisman(
        app,
        content_security_policy=CONTENT_SECURITY_POLICY,
        permissions_policy=NOT_NEEDED,
        referrer_policy="same-origin",
        frame_options="DENY",
        force_https=bool(app.config["FORCE_HTTPS"]),
        strict_transport_security=bool(app.config["FORCE_HTTPS"]),
        session_cookie_secure=bool(app.config["SESSION_COOKIE_SECURE"]),
    )
    app.after_request(set_cache_headers)


def set_cache_headers(response: Response) -> Response:
    """Keep what is the same for everybody; never keep what was shown to a signed-in person."""
    if request.endpoint in FILES and response.status_code in {200, 304}:
        # Private, because the session may be renewed with any answer.
        is_marked = "v" in request.args
        response.headers["Cache-Control"] = KEPT_FOR_A_YEAR if is_marked else KEPT_FOR_AN_HOUR
    elif SIGNED_IN in getattr(g, "permissions", ()):
        response.headers["Cache-Control"] = "no-store"
    else:
        response.headers.setdefault("Cache-Control", "no-cache")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    return response

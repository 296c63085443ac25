"""What the browser is told with every answer: trust only our own files, keep nothing private."""

from flask import Flask, Response, current_app, g, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_compress import Compress
from flask_talisman import Talisman

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

KEPT_FOR_A_YEAR = "public, max-age=31536000, immutable"
KEPT_FOR_AN_HOUR = "public, max-age=3600"


class SessionsOfPages(SecureCookieSessionInterface):
    """Sessions that answers with files neither set nor depend on, so that caches may keep them."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send the session with pages only."""
        if request.endpoint not in FILES:
            super().save_session(app, session, response)


def init_security_headers(app: Flask) -> None:
    """Send a strict content security policy, cache headers and compressed answers."""
    app.session_interface = SessionsOfPages()
    app.config.setdefault("COMPRESS_ALGORITHM", ["br", "gzip"])
    app.config.setdefault("COMPRESS_STREAMS", False)
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


def _has_session() -> bool:
    """Tell whether somebody was here before, also where an error came before we know who."""
    return current_app.config["SESSION_COOKIE_NAME"] in request.cookies


def set_cache_headers(response: Response) -> Response:
    """Keep what is the same for everybody; never keep what was shown to a signed-in person."""
    if request.endpoint in FILES and response.status_code in {200, 304}:
        is_marked = "v" in request.args
        response.headers["Cache-Control"] = KEPT_FOR_A_YEAR if is_marked else KEPT_FOR_AN_HOUR
        response.direct_passthrough = False
        response.get_data()  # small files; what is compressed has to be read, and then closed
    elif getattr(g, "permissions", ()) or _has_session():
        response.headers["Cache-Control"] = "no-store"
    else:
        response.headers.setdefault("Cache-Control", "no-cache")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    return response

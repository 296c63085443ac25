"""Proxies in front of this server: as many are believed as are configured, none by default."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix


def trust_proxies(app: Flask) -> None:
    """Believe the X-Forwarded headers of the configured number of proxies."""
    hops = int(str(app.config.get("TRUSTED_PROXIES") or 0))
    if hops:
        trusted = ProxyFix(
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops, x_port=hops, x_prefix=hops
        )
        app.wsgi_app = trusted  # type: ignore[method-assign]  # this is how middleware is added

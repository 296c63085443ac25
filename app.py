"""Put the application together. Nothing imports this module."""

from flask import Flask
from flask_bootstrap import Bootstrap5
from flask_migrate import Migrate
from flask_wtf import CSRFProtect

import planner.models  # noqa: F401  # tables must be known before migrations run
from core.config import from_environment
from core.db import db
from core.web.layout import init_layout


def create_app(settings: dict[str, object] | None = None) -> Flask:
    """Return a ready application; `settings` override the defaults."""
    app = Flask(__name__)
    app.config.from_mapping(from_environment())
    app.config.update(settings or {})
    db.init_app(app)
    Migrate(app, db, render_as_batch=True)
    CSRFProtect(app)
    Bootstrap5(app)
    init_layout(app)
    return app

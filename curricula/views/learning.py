"""What a person has to learn, their certificates and messages, and the links in letters."""

from flask import Blueprint, current_app

from curricula.services.links import sites
from curricula.services.working import register_work

bp = Blueprint("learning", __name__)


def start_learning() -> None:
    """Let letters lead back here, and workers know what falls due."""
    register_work()
    if not sites:
        sites.append(lambda: str(current_app.config["BASE_URL"]))

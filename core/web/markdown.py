"""Markdown on pages: `{{ text|markdown }}`."""

from flask import Flask
from markupsafe import Markup

from core.markdown import markdown_html


def init_markdown(app: Flask) -> None:
    """Let templates show Markdown."""
    app.jinja_env.filters["markdown"] = markdown


def markdown(text: str | None, top: int = 3) -> Markup:
    """Return a Markdown text as markup; `top` is the level of its highest heading.

    It is safe: HTML in the text is shown as text, and the result is cleaned once more.
    """
    return Markup(markdown_html(text or "", top))  # noqa: S704  # cleaned, see core.markdown

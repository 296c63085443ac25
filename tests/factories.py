"""Builders for test data: valid by default, the interesting part spelled out by the test."""

from factory.alchemy import SQLAlchemyModelFactory

from core.db import db


class BaseFactory(SQLAlchemyModelFactory):
    """Commits, as an earlier request would have; never invents random values."""

    class Meta:
        abstract = True
        sqlalchemy_session_factory = lambda: db.session  # noqa: E731
        sqlalchemy_session_persistence = "commit"

"""Fixtures that put something into the database: done once, then copied for every further test."""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any

import pytest


def prepared(build: Callable[..., Any]) -> Any:
    """Make a fixture of a function that fills the database.

    The first test of a process that asks for it lets the function run; for all others the database
    is copied, and what the function returned is given again: ids and such, no rows. So it gives the
    same on every day, whoever asks, and asks itself for `tmp_path` and such fixtures only.
    """
    parameters = inspect.signature(build).parameters.values()

    @wraps(build)
    def fixture(built_once: Callable[..., Any], **given: object) -> Any:
        return built_once(build, **given)

    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    fixture.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [inspect.Parameter("built_once", kind), *parameters]
    )
    return pytest.fixture(fixture)

"""The log: one line for each thing that is told, and nothing in it about anybody.

What a person has typed, and what a database says about it, may hold names. So messages are written
with their line ends and other control characters as text, which keeps anybody from writing lines
of their own, and of an error only its kind and the places in the code are told, not its words.
"""

import logging
import sys
import traceback

from flask import Flask

OURS = "training_mix"
LINE = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def one_line(text: str) -> str:
    """Return a text in which line ends and other control characters are written out."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in text
    )


class OneLine(logging.Formatter):
    """Writes each record on one line, errors with their kinds and places and without words."""

    def __init__(self) -> None:
        super().__init__(LINE)

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as it is written to the log."""
        record.message = record.getMessage()
        record.asctime = self.formatTime(record)
        text = self.formatMessage(record)
        if record.exc_info and record.exc_info[1] is not None:
            text = f"{text} | {places_of(record.exc_info[1])}"
        return one_line(text)


def places_of(error: BaseException) -> str:
    """Return the kinds of an error and of those behind it, each with its places in the code."""
    parts: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(parts) < 5:
        frames = traceback.extract_tb(seen.__traceback__)
        places = " > ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames)
        parts.append(f"{type(seen).__module__}.{type(seen).__name__} at {places or 'unknown'}")
        seen = seen.__cause__ or seen.__context__
    return " | because of ".join(parts)


def start_log(app: Flask) -> None:
    """Write our own messages and those of the framework to standard error, once for a process."""
    for logger in (logging.getLogger(OURS), app.logger):
        for handler in list(logger.handlers):
            if not isinstance(handler.formatter, OneLine):
                logger.removeHandler(handler)
        if not logger.handlers:
            handler = logging.StreamHandler(sys.stderr)
            handler.setFormatter(OneLine())
            logger.addHandler(handler)

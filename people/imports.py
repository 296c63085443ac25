"""Files people bring, handed to readers that want a path."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def as_file(content: bytes) -> Iterator[Path]:
    """Put `content` into a file that is there while the block runs; its name says nothing."""
    with tempfile.NamedTemporaryFile(prefix="people-") as file:
        file.write(content)
        file.flush()
        yield Path(file.name)

"""Lay the memory of a test process out in large pages, where the system lets a process ask for it.

A process that has loaded the product holds half a gigabyte in pages of four kilobytes. In a virtual
machine each look into one that was not looked into lately goes through two tables, which was a
tenth of the processor's time of tests that ask for pages.
"""

import ctypes
import re
from collections.abc import Iterator
from pathlib import Path

PAGE = 2 << 20
ADVISE, COLLAPSE = 14, 25
"""MADV_HUGEPAGE and MADV_COLLAPSE of Linux, which knows the second one from 6.1 on."""

EVERY = 40
"""After so many tests again: what came since lies in small pages."""

MAPS = Path("/proc/self/maps")
PRIVATE = re.compile(r"([0-9a-f]+)-([0-9a-f]+) rw-p 0+ 00:00 0\s*(\[heap\])?$")


def use_large_pages() -> None:
    """Ask for large pages under all that was allotted so far, where there are any."""
    if not MAPS.exists():
        return
    advise = ctypes.CDLL(None).madvise
    advise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    for start, end in _whole_pages(MAPS.read_text(encoding="utf-8")):
        advise(start, end - start, ADVISE)
        advise(start, end - start, COLLAPSE)


def _whole_pages(maps: str) -> Iterator[tuple[int, int]]:
    """Yield where the process's own memory fills large pages, from and to."""
    for line in maps.splitlines():
        if found := PRIVATE.match(line):
            first, last = (int(one, 16) for one in found.groups()[:2])
            start, end = -(-first // PAGE) * PAGE, last // PAGE * PAGE
            if start < end:
                yield start, end

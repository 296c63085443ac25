"""Giving memory back to the system while a long job goes on.

The C library keeps what was freed, for whoever asks next. Arrays of a million rows that come and
go among small things which stay leave many holes, tens of megabytes after ten million rows. The
functions for it ask glibc, in microseconds to milliseconds; with another C library nothing happens.
"""

import ctypes
import gc
from functools import cache

LARGE_BYTES = 1 << 20
KEPT_BYTES = 8 << 20
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3


def set_large_arrays_apart() -> None:
    """Give arrays from a megabyte on memory of their own from now on, returned when they go."""
    choose = getattr(ctypes.CDLL(None), "mallopt", None)
    if choose is not None:
        choose(_MMAP_THRESHOLD, LARGE_BYTES)
        choose(_TRIM_THRESHOLD, KEPT_BYTES)


def give_back_memory() -> None:
    """Let the system have what was freed here and there in between."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


@cache
def set_program_apart() -> None:
    """Let Python pass over what is loaded for good when it looks for what nobody uses any more.

    That is a third of a million things, and the page in which it looks takes 0.2 s longer.
    """
    gc.collect()
    gc.freeze()

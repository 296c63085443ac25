"""Giving memory back to the system while a long job goes on."""

import ctypes


def give_back_memory() -> None:
    """Let the system have what was freed here and there in between.

    Arrays of a million rows come and go among small things that stay, so what is free lies in
    many holes, and the C library keeps those: tens of megabytes after ten million rows. Asking
    takes milliseconds. Where the C library is another one, nothing happens.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)

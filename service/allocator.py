"""How memory is given back: by the C library to the system, and by the garbage collector to the program."""

from __future__ import annotations

import ctypes
import gc

KEPT_BYTES = 256 * 1024 * 1024
"""About what two mails of 25 MB at once need, the most that are read at a time."""

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
"""Of glibc's malloc.h."""


def keep_freed_memory() -> None:
    """Let glibc keep freed memory for the next mail. Does nothing where the C library is another.

    By default each buffer of some megabytes is mapped and unmapped anew, and the system clears every page of it: for a mail of
    25 MB that takes longer than reading it does.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, KEPT_BYTES)
        mallopt(_M_TRIM_THRESHOLD, KEPT_BYTES)


def freeze_loaded() -> None:
    """Keep all that is loaded out of the garbage collector's rounds: modules and tables of words live as long as the process.

    Without it a full round stops a worker for a tenth of a second now and then.
    """
    gc.collect()
    gc.freeze()

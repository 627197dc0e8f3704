"""Memory of a test process: what a finished file has computed is let go, so that a worker does not grow to gigabytes.

Traced functions and models stand in cycles, hold graphs that Python's collector takes for a few small objects, and are
kept by `functools.cache` in the modules of tests until the process ends.
"""

import contextlib
import ctypes
import gc
from pathlib import Path

GROWTH_BYTES = 400 << 20  # looking for cycles and giving pages back takes some tenths of a second: not after every file
STATUS = Path("/proc/self/statm")
PAGE_BYTES = 4096


class Memory:
    """Memory of this process, and how much of it was taken when it was last cleaned up."""

    def __init__(self):
        self._before = resident_bytes()

    def clean_up_after(self, module):
        """Empty the caches of a module of tests; once the process has grown, find garbage and give memory back."""
        empty_caches(module)
        if resident_bytes() > self._before + GROWTH_BYTES:
            gc.collect()
            give_back()
            self._before = resident_bytes()


def empty_caches(module):
    """Of the functions that the module itself defines: others may be shared by files."""
    for value in list(vars(module).values()):
        if hasattr(value, "cache_clear") and getattr(value, "__module__", None) == module.__name__:
            value.cache_clear()


def resident_bytes():
    """Bytes of memory; 0 where the system does not tell it in Linux's way."""
    return int(STATUS.read_text().split()[1]) * PAGE_BYTES if STATUS.exists() else 0


def give_back():
    """Have glibc hand freed memory to the system: TensorFlow's threads leave it in arenas of their own."""
    with contextlib.suppress(OSError, AttributeError):  # another C library
        ctypes.CDLL("libc.so.6").malloc_trim(0)

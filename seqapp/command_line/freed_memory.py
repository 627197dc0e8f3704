"""Freed memory stays with the process, for what it allocates next."""

import ctypes
import os

# Of mallopt(3), glibc's.
M_TRIM_THRESHOLD = -1
M_MMAP_MAX = -4
M_ARENA_MAX = -8
KEPT = 2**31 - 1  # bytes: more than this at the end of the heap goes back to the system
OWN_SETTINGS = ("MALLOC_", "GLIBC_TUNABLES")


def keep_freed_memory() -> bool:
    """Let freed memory stay with the process, up to 2 GiB, instead of going back to the system again and again.

    Tensors are large and live for milliseconds. By default glibc maps each of them anew and unmaps it, or cuts its heap
    behind them, and the system clears every page once more: up to 44 % of a training's processor time. The process keeps
    what it needed at most, as TensorFlow does on a GPU.

    One arena serves all threads, since what is free in another thread's cannot be had. Call this before threads are
    begun. Nothing is done where the allocator is another one, or where variables of the environment set it.

    Returns:
        Whether it was done.
    """
    if any(name.startswith(OWN_SETTINGS) for name in os.environ):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):  # macOS, musl, Windows
        return False
    return all([mallopt(M_ARENA_MAX, 1), mallopt(M_MMAP_MAX, 0), mallopt(M_TRIM_THRESHOLD, KEPT)])

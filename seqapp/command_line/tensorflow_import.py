"""TensorFlow without its start-up notes."""

import contextlib
import os
import sys
import tempfile

from seqapp.command_line.freed_memory import keep_freed_memory

CLEAR_LINE = "\r\x1b[K"


def import_tensorflow() -> None:
    """Import TensorFlow without its start-up notes; scripts call this after they have read their arguments.

    Its libraries log while they are loaded, before they look at any environment variable (oneDNN, CUDA drivers,
    absl; TensorFlow 2.21), so what they write meanwhile is held back, and shown only where the import fails.
    TF_CPP_MIN_LOG_LEVEL below 2 shows everything.

    Memory that tensors leave stays with the process from here on: see `keep_freed_memory`.
    """
    keep_freed_memory()
    if os.environ.get("TF_CPP_MIN_LOG_LEVEL", "0") < "2":
        import tensorflow  # noqa: F401

        return
    sys.stderr.flush()
    stderr_descriptor = os.dup(2)
    with _waiting_shown("starting TensorFlow ..."), tempfile.TemporaryFile() as held_back:
        os.dup2(held_back.fileno(), 2)
        try:
            import tensorflow  # noqa: F401
        except BaseException:
            held_back.seek(0)
            os.write(stderr_descriptor, held_back.read())
            raise
        finally:
            os.dup2(stderr_descriptor, 2)
            os.close(stderr_descriptor)


@contextlib.contextmanager
def _waiting_shown(text):
    """A line on a terminal that goes away again: seconds of silence look like a program that hangs."""
    if not sys.stderr.isatty():
        yield
        return
    sys.stderr.write(text)
    sys.stderr.flush()
    try:
        yield
    finally:
        sys.stderr.write(CLEAR_LINE)
        sys.stderr.flush()

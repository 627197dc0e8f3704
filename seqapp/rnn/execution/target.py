"""Target of what is traced: the device that will run it, and whether XLA compiles everything around it too."""

import contextlib
import contextvars
from collections.abc import Iterator

import tensorflow as tf

_IN_WHOLE_STEP = contextvars.ContextVar("in_whole_step", default=False)
_IS_FOR_GPU = contextvars.ContextVar("is_for_gpu", default=False)


def has_gpu() -> bool:
    """Tell whether what is traced runs on a GPU: one that is hidden from TensorFlow or this process does not count."""
    return _IS_FOR_GPU.get() or bool(tf.config.list_logical_devices("GPU"))


def in_whole_step() -> bool:
    """Tell whether a surrounding `whole_step` is on."""
    return _IN_WHOLE_STEP.get()


@contextlib.contextmanager
def whole_step(is_on: bool = True) -> Iterator[None]:
    """Trace inside of this context what XLA compiles as a whole: executions that it cannot take are not chosen.

    Args:
        is_on: Whether it is so; False changes nothing.
    """
    token = _IN_WHOLE_STEP.set(is_on or _IN_WHOLE_STEP.get())
    try:
        yield
    finally:
        _IN_WHOLE_STEP.reset(token)


@contextlib.contextmanager
def for_gpu() -> Iterator[None]:
    """Trace inside of this context what another machine's GPU will run, to compile it ahead of time."""
    token = _IS_FOR_GPU.set(True)
    try:
        yield
    finally:
        _IS_FOR_GPU.reset(token)

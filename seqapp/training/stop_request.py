"""Graceful stop on Ctrl-C and SIGTERM: a step or an evaluation is never cut in half."""

import logging
import signal

log = logging.getLogger(__name__)


class StopRequest:
    """A context in which the first signal sets `received`; a second one interrupts as usual.

    Attributes:
        received: Whether there was a signal.
    """

    def __init__(self):
        self.received = False

    def __enter__(self):
        self._previous = {number: signal.signal(number, self._receive) for number in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(self, *_):
        for number, handler in self._previous.items():
            signal.signal(number, handler)

    def _receive(self, number, frame):
        if self.received:
            raise KeyboardInterrupt
        name = signal.Signals(number).name
        log.warning("received %s: saving a checkpoint after this step; once more to stop without", name)
        self.received = True

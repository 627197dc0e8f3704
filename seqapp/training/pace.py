"""Pace of a training: steps per second, and the time left."""

import time

from seqapp.command_line.progress import duration


class Pace:
    """Counts steps. The first is left out: it holds tracing and compiling, which come once.

    Args:
        step: Step at which the run starts or resumes.
        num_steps: Last step.
    """

    def __init__(self, step, num_steps):
        self._step = step
        self._num_steps = num_steps
        self._begin = time.perf_counter()
        self._first = None  # step and time of the end of the first step of this run,
        self._newest = None  # of the newest one,
        self._last = None  # and of the last call of `describe`

    def advance(self) -> float | None:
        """Count one step.

        Returns:
            Seconds that the first one took; None for all others.
        """
        self._step += 1
        self._newest = self._step, time.perf_counter()
        if self._first is not None:
            return None
        self._first = self._newest
        self._last = self._newest
        return self._newest[1] - self._begin

    def describe(self) -> str:
        """The pace since it was asked for last, and the time left at the pace of the whole run, evaluations included.

        Returns:
            Such as "2.5 steps/s, 3 min 20 s left"; empty before the second step.
        """
        now = self._step, time.perf_counter()
        last = self._last
        self._last = now
        if last is None or now[0] == last[0]:
            return ""
        left = (self._num_steps - now[0]) / _rate(self._first, now)
        # To the end of the newest step, not to now: this is asked after an evaluation too, which slows down no step.
        return f"{_rate(last, self._newest):.3g} steps/s, {duration(left)} left"


def _rate(begin, end):
    return (end[0] - begin[0]) / max(end[1] - begin[1], 1e-9)

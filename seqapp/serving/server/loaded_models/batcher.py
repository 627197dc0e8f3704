"""Batching of requests to one signature: those that arrive while a batch runs are computed together in the next.

Nobody waits for company: an idle server answers at once, and batches grow with the load.
"""

import collections
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import NamedTuple

import numpy as np
import tensorflow as tf

from seqapp.serving.server.loaded_models.padding import Padding
from seqapp.serving.server.loaded_models.signature import Signature
from seqapp.serving.server.refusal import Refusal
from seqapp.serving.server.settings import Settings

log = logging.getLogger(__name__)

MIN_TIMEOUT_S = 0.001  # 0 would mean none
RETRY_AFTER_S = 1  # batches take tens of milliseconds: a full queue is empty by then


class Waiting(NamedTuple):
    """A request in the queue.

    Attributes:
        inputs: NumPy arrays by name.
        answer: Future of the outputs.
        owner: Of the variables, which must live until then.
        deadline_s: Of the monotonic clock, when nobody waits any more; None: it is small enough to be finished.
    """

    inputs: dict[str, np.ndarray]
    answer: Future
    owner: object
    deadline_s: float | None = None


class Batcher:
    """A bounded queue in front of a signature.

    Args:
        signature: `Signature`.
        settings: `Settings`.
        pool: Executor that computes.
        observe: Called with (rows of a batch, its seconds) after each.
    """

    def __init__(self, signature: Signature, settings: Settings, pool: Executor, observe: Callable[[int, float], None]):
        self._signature = signature
        self._settings = settings
        self._pool = pool
        self._observe = observe
        self._padding = Padding(signature)
        self._queue = collections.deque()
        self._lock = threading.Lock()
        self._num_running = 0

    def submit(self, inputs: dict[str, np.ndarray], owner: object, is_limited: bool = False) -> Future:
        """Put a request into the queue.

        Args:
            inputs: NumPy arrays by name.
            owner: Of the variables; it is kept until the answer is there, whoever else lets go of it.
            is_limited: Whether to stop the computation when `Settings.timeout_s` is over, since nobody waits any more.

        Returns:
            Future of the outputs, NumPy arrays by name.

        Raises:
            Refusal: UNAVAILABLE: the queue is full. That of a pool that is shut down stands in the future.
        """
        deadline_s = time.monotonic() + self._settings.timeout_s if is_limited else None
        waiting = Waiting(inputs, Future(), owner, deadline_s)
        with self._lock:
            self.check_room()
            self._queue.append(waiting)
            is_needed = self._num_running < self._settings.num_parallel
            self._num_running += is_needed
        if is_needed:
            self._start()
        return waiting.answer

    def check_room(self) -> None:
        """Refuse where the queue is full: to ask before inputs are prepared saves the work.

        Raises:
            Refusal: UNAVAILABLE.
        """
        if len(self._queue) >= self._settings.max_queue:
            raise Refusal("UNAVAILABLE", f"{self._signature.name}: the queue is full. Retry later.", RETRY_AFTER_S)

    def _work(self):
        """Compute a batch, and stand in line again where somebody waits: other signatures have their turn between."""
        batch = self._next_batch()
        self._answer([waiting for waiting in batch if waiting.answer.set_running_or_notify_cancel()])
        with self._lock:
            is_done = not self._queue
            self._num_running -= is_done
        if not is_done:
            self._start()

    def _start(self):
        """Let the pool compute the next batch; where it has been shut down, nobody shall wait for that."""
        try:
            self._pool.submit(self._work)
        except RuntimeError:
            with self._lock:
                left = list(self._queue)
                self._queue.clear()
                self._num_running -= 1
            for waiting in left:
                if waiting.answer.set_running_or_notify_cancel():
                    waiting.answer.set_exception(Refusal("UNAVAILABLE", "The model was closed. Retry.", RETRY_AFTER_S))

    def _next_batch(self):
        """Take the request that waits longest, and others that fit with it; none where another thread was quicker."""
        with self._lock:
            batch = [self._queue.popleft()] if self._queue else []
            skipped = []
            while self._queue and len(batch) < self._settings.max_batch_size:
                waiting = self._queue.popleft()
                fits = self._padding.fit([w.inputs for w in batch], waiting.inputs, self._settings.max_batch_size)
                (batch if fits else skipped).append(waiting)
            self._queue.extendleft(reversed(skipped))
            return batch

    def _answer(self, batch):
        if not batch:
            return
        try:
            self._compute(batch)
        except tf.errors.OpError as error:
            is_late = isinstance(error, tf.errors.DeadlineExceededError)
            if len(batch) > 1 and not is_late:  # one of them is at fault: the others shall not pay for it
                for waiting in batch:
                    self._answer([waiting])
            else:
                for waiting in batch:
                    waiting.answer.set_exception(_refusal(error))
        except Exception as error:  # whoever waits must hear of it, whatever it is
            for waiting in batch:
                waiting.answer.set_exception(error)

    def _compute(self, batch):
        start = time.monotonic()
        inputs = self._padding.join([waiting.inputs for waiting in batch])
        deadlines_s = [waiting.deadline_s for waiting in batch if waiting.deadline_s is not None]
        if deadlines_s:
            outputs = self._signature(inputs, timeout_s=max(max(deadlines_s) - start, MIN_TIMEOUT_S))
        else:
            outputs = self._signature(inputs)
        answers = self._padding.split(outputs, [waiting.inputs for waiting in batch])
        self._observe(self._padding.num_rows(waiting.inputs for waiting in batch), time.monotonic() - start)
        for waiting, answer in zip(batch, answers):
            waiting.answer.set_result(answer)


def _refusal(error):
    """Make a refusal of an error of the graph, without the lines that say where in the graph."""
    lines = [line.strip() for line in error.message.split("\n")]
    reason = next((line for line in reversed(lines) if line and not line.startswith("[[")), "no reason given")
    codes = {
        tf.errors.InvalidArgumentError: "INVALID_ARGUMENT",
        tf.errors.ResourceExhaustedError: "RESOURCE_EXHAUSTED",
        tf.errors.DeadlineExceededError: "DEADLINE_EXCEEDED",
    }
    code = codes.get(type(error), "INTERNAL")
    if code == "INTERNAL":  # a fault of the model or of this machine, not of the client
        log.error("a graph failed: %s", error.message)
    return Refusal(code, reason.partition(" [Op:")[0])

"""Requests of many clients to one signature, computed together: whoever arrives while a batch runs is in the next.

Nobody waits for company: an idle server answers at once, and batches grow with the load.
"""

import collections
import threading
import time
from concurrent.futures import Future
from typing import NamedTuple

import numpy as np
import tensorflow as tf

from seqapp.serving.server.loaded_models.padding import Padding
from seqapp.serving.server.refusal import Refusal

RETRY_AFTER_S = 1  # batches take tens of milliseconds: a full queue is empty by then


class Waiting(NamedTuple):
    """A request in the queue."""

    inputs: dict[str, np.ndarray]
    answer: Future
    owner: object


class Batcher:
    """A bounded queue in front of a signature.

    Args:
        signature: `Signature`.
        settings: `Settings`.
        pool: Executor that computes.
        observe: Called with (rows of a batch, its seconds) after each.
    """

    def __init__(self, signature, settings, pool, observe):
        self._signature, self._settings, self._pool, self._observe = signature, settings, pool, observe
        self._padding = Padding(signature)
        self._queue, self._lock, self._num_running = collections.deque(), threading.Lock(), 0

    def submit(self, inputs, owner):
        """A future of the outputs; arguments and errors as `Model.submit`.

        Args:
            inputs: NumPy arrays by name.
            owner: Of the variables; it is kept until the answer is there, whoever else lets go of it.
        """
        waiting = Waiting(inputs, Future(), owner)
        with self._lock:
            self.check_room()
            self._queue.append(waiting)
            is_needed = self._num_running < self._settings.num_parallel
            self._num_running += is_needed
        if is_needed:
            self._pool.submit(self._work)
        return waiting.answer

    def check_room(self):
        """Refuses with UNAVAILABLE where the queue is full: whoever asks before he prepares inputs saves the work."""
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
            self._pool.submit(self._work)

    def _next_batch(self):
        """The request that waits longest, and those that can be computed with it; none where another was quicker."""
        with self._lock:
            batch, skipped = [self._queue.popleft()] if self._queue else [], []
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
            if len(batch) > 1:  # one of them is at fault: the others shall not pay for it
                for waiting in batch:
                    self._answer([waiting])
            else:
                batch[0].answer.set_exception(_refusal(error))
        except Exception as error:  # whoever waits must hear of it, whatever it is
            for waiting in batch:
                waiting.answer.set_exception(error)

    def _compute(self, batch):
        start = time.perf_counter()
        outputs = self._signature(self._padding.join([waiting.inputs for waiting in batch]))
        answers = self._padding.split(outputs, [waiting.inputs for waiting in batch])
        self._observe(self._padding.num_rows(waiting.inputs for waiting in batch), time.perf_counter() - start)
        for waiting, answer in zip(batch, answers):
            waiting.answer.set_result(answer)


def _refusal(error):
    """What a graph has to say against its inputs, without the lines that say where in the graph."""
    lines = [line.strip() for line in error.message.split("\n")]
    reason = next((line for line in reversed(lines) if line and not line.startswith("[[")), "no reason given")
    codes = {tf.errors.InvalidArgumentError: "INVALID_ARGUMENT", tf.errors.ResourceExhaustedError: "RESOURCE_EXHAUSTED"}
    return Refusal(codes.get(type(error), "INTERNAL"), reason.partition(" [Op:")[0])

"""Process pool for thousands of items, results in the order of the items.

The processes are started by us, not by `multiprocessing`: they import what the work needs and nothing of the program
that asked for it, which may hold TensorFlow, threads that no fork survives, or a script without the guard that spawning
asks for. And one that dies, of a file that crashes a decoder or of too little memory, costs its item alone.
"""

import collections
import concurrent.futures
import contextlib
import os
import pickle
import queue
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

PROCESSES_VARIABLE = "SEQAPP_PROCESSES"
MOST_PROCESSES = 16  # each may hold a page of 300 million pixels
AHEAD = 2  # items a process that are under way, so that none waits for a slow one


class ProcessDiedError(ValueError):
    """A process ended in the middle of an item."""


def num_processes() -> int:
    """Return the number of processes: $SEQAPP_PROCESSES, else one for each core that this process may use, 16 at most.

    Raises:
        ValueError: The variable is no positive number.
    """
    if text := os.environ.get(PROCESSES_VARIABLE):
        if not text.isdecimal() or not int(text):
            raise ValueError(f"{PROCESSES_VARIABLE}: expected a number of processes, such as 4. Received: {text!r}.")
        return int(text)
    return min(num_cores(), MOST_PROCESSES)


def num_cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_order(function: Callable[[Any], Any], items: Iterable, count: int) -> Iterator[Callable[[], Any]]:
    """Apply a function to items, several at once; no more than `AHEAD` * `count` of them are held at a time.

    Args:
        function: Of a module, or a partial of one: its name is sent, not its code. Items and results can be pickled.
        items: Read as they are needed.
        count: Processes. 1: none is started, everything happens here, one item after the other.

    Yields:
        For each item, in their order, a function without arguments that gives its result or raises its error:
        `ProcessDiedError` where the process died of it.
    """
    if count == 1:
        for item in items:
            yield lambda item=item: function(item)
        return
    with _Pool(count) as pool:
        waiting = collections.deque()
        ahead = 1  # who only looks whether there is anything starts one process
        for item in items:
            waiting.append(pool.submit(function, item))
            if len(waiting) == ahead:
                yield waiting.popleft().result
                ahead = AHEAD * count
        while waiting:
            yield waiting.popleft().result


class _Pool:
    """A thread for each process: it sends an item and waits for the answer."""

    def __init__(self, count: int) -> None:
        self._threads = concurrent.futures.ThreadPoolExecutor(count)
        self._free = queue.SimpleQueue()
        self._all = [_Process() for _ in range(count)]
        for process in self._all:
            self._free.put(process)

    def submit(self, function, item):
        return self._threads.submit(self._run, function, item)

    def _run(self, function, item):
        process = self._free.get()
        try:
            return process.run(function, item)
        finally:
            self._free.put(process)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._threads.shutdown(wait=False, cancel_futures=True)
        for process in self._all:
            process.kill()  # a thread that waits for an answer would wait to the end of the item
        self._threads.shutdown()
        for process in self._all:
            process.end()


class _Process:
    """One process, started by its first item, and again by the next one if it died."""

    def __init__(self):
        self._process = None

    def run(self, function, item):
        question = pickle.dumps((function, item))
        if self._process is None:
            self._process = _start()
        try:
            self._process.stdin.write(question)
            self._process.stdin.flush()
            succeeded, result = pickle.load(self._process.stdout)
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            raise ProcessDiedError(f"its process died: exit code {self.end()}") from error
        if not succeeded:
            raise result
        return result

    def kill(self):
        if process := self._process:
            process.kill()

    def end(self):
        """Let it end, and returns its exit code."""
        process, self._process = self._process, None
        if process is None:
            return None
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):  # what it did not read any more
                pipe.close()
        return process.wait()


def _start() -> subprocess.Popen:
    # What can be imported here can be imported there; one thread each, since the cores are shared out already.
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", __name__]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)


def _serve() -> None:
    """Answer items with results until standard input ends: the loop of a started process."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print must not stand between the answers
    while True:
        try:
            function, item = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        try:
            answer = True, function(item)
        except Exception as error:
            answer = False, error
        pickle.dump(answer, answers)
        answers.flush()


if __name__ == "__main__":
    _serve()

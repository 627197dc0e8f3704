"""Programs in processes of their own that are forked from one that has imported TensorFlow: seconds saved each time.

For tests of what programs do; that they start by themselves, in silence, is tested without this. TensorFlow's runtime
starts anew in each program, as do all modules of ours.

`python warm_python.py FD` is the process that forks. It takes programs from a socket.
"""

import contextlib
import json
import os
import random
import runpy
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

FOREIGN = 'import sys; sys.modules["seqapp"] = sys.modules["keras"] = None'  # None makes an import fail
IMPORTS = {
    "nothing": "",
    "scripts": "import keras, tensorflow, tensorflow_datasets",
    "foreign": f"{FOREIGN}; import numpy, tensorflow",
}
MAX_BYTES = 1_000_000  # of a program's arguments and environment


class WarmPython:
    """Runs programs after the imports of a kind: those of scripts, or TensorFlow alone without seqapp and Keras."""

    def __init__(self, kind):
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        isolated = ["-I"] if kind == "foreign" else []
        environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"}  # as scripts set it; read once, at the import
        command = [sys.executable, *isolated, __file__, kind, str(theirs.fileno())]
        with theirs:
            self.process = subprocess.Popen(
                command, env=environment, pass_fds=[theirs.fileno()], start_new_session=True
            )  # fmt: skip
        self.socket = ours

    def start(self, arguments, environment=None, cwd="."):
        """A program as `subprocess.Popen` starts it, `[PATH, ...]` or `["-c", CODE, ...]`, with both outputs piped."""
        program = {"arguments": [str(argument) for argument in arguments], "cwd": str(Path(cwd).resolve()),
                   "environment": dict(os.environ if environment is None else environment)}  # fmt: skip
        (stdout, out), (stderr, err), (status, end) = (os.pipe() for _ in range(3))
        socket.send_fds(self.socket, [json.dumps(program).encode()], [out, err, end])
        for descriptor in (out, err, end):
            os.close(descriptor)
        return Program(stdout, stderr, status)

    def run(self, arguments, environment=None, cwd=".", timeout=300):
        """A program's standard output; raises where its status is not 0."""
        with self.start(arguments, environment, cwd) as program:
            stdout, stderr = program.communicate(timeout)
        assert program.returncode == 0, stderr
        return stdout

    def close(self):
        self.socket.close()
        self.process.wait()


class Program:
    """What `subprocess.Popen` gives, as far as tests need it."""

    def __init__(self, stdout, stderr, status):
        self.stdout, self.stderr, self._status = (os.fdopen(fd, encoding="utf-8") for fd in (stdout, stderr, status))
        self.pid, self.returncode, self._ended = int(self._status.readline()), None, threading.Event()
        threading.Thread(target=self._await_end, daemon=True).start()

    def _await_end(self):
        self.returncode = int(self._status.readline())
        self._ended.set()

    def poll(self):
        return self.returncode

    def wait(self, timeout=None):
        if not self._ended.wait(timeout):
            raise subprocess.TimeoutExpired(f"process {self.pid}", timeout)
        return self.returncode

    def communicate(self, timeout=None):
        outputs = [None, None]

        def read(k, stream):
            outputs[k] = stream.read()

        readers = [threading.Thread(target=read, args=x, daemon=True) for x in enumerate((self.stdout, self.stderr))]
        for reader in readers:
            reader.start()
        self.wait(timeout)
        for reader in readers:
            reader.join(timeout)
        return tuple(outputs)

    def send_signal(self, number):
        if self.returncode is None:
            os.kill(self.pid, number)

    def kill(self):
        self.send_signal(signal.SIGKILL)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()
        self.wait()


def serve(connection):
    """Fork a program for each message. Returns in the programs alone, with the arguments to run."""
    while True:
        message, descriptors, *_ = socket.recv_fds(connection, MAX_BYTES, 3)
        if not message:
            os._exit(0)
        if os.fork() == 0:
            return start(json.loads(message), *descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:  # watchers that have ended
                pass


def start(program, stdout, stderr, status):
    """Fork once more: a watcher that says how the program ended, and the program."""
    if process := os.fork():
        os.write(status, b"%d\n" % process)
        os.close(stdout), os.close(stderr)
        os.write(status, b"%d\n" % os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]))
        os._exit(0)
    os.close(status)
    # A shell has its programs in the background ignore SIGINT, and those hand that on.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(stdout, 1), os.dup2(stderr, 2)
    os.close(stdout), os.close(stderr)
    os.chdir(program["cwd"])
    os.environ.clear()
    os.environ.update(program["environment"])
    random.seed()
    return program["arguments"]


def run(first, *others):
    """As `python first ...` does."""
    if first == "-c":
        code, *others = others
        sys.argv = ["-c", *others]
        exec(compile(code, "<string>", "exec"), {"__name__": "__main__"})
    else:
        sys.argv, sys.path[0] = [first, *others], str(Path(first).parent)
        runpy.run_path(first, run_name="__main__")


if __name__ == "__main__":
    exec(IMPORTS[sys.argv[1]])
    with socket.socket(fileno=int(sys.argv[2])) as connection:
        arguments = serve(connection)
    sys.path[1:1] = filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))
    run(*arguments)

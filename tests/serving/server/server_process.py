"""The server as a process of its own, as users start it."""

import os
import re
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

REPOSITORY = Path(__file__).parents[3]
LISTENING = re.compile(r"listening at http://([\d.]+):(\d+), gRPC at port (\d+)")


def start(command, environment):
    command = [sys.executable, *(str(part) for part in command)]
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


class Server:
    """pipelines/serve.py in a process of its own; with a `WarmPython`, forked from it."""

    def __init__(self, folder, *options, port=0, watchdog_s=240, warm_python=None):
        command = [REPOSITORY / "pipelines" / "serve.py", folder, "--port", port, "--grpc-port", 0, *options]
        environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
        self.process = (warm_python.start if warm_python else start)(command, environment)
        # Nothing here waits for ever, whatever the server does.
        self.watchdog = threading.Timer(watchdog_s, self.process.kill)
        self.watchdog.start()
        self.log, self.reader = [], None
        found = self.wait_for(LISTENING)
        self.port, self.grpc_port = int(found[2]), int(found[3])
        self.address = ("127.0.0.1", self.port)
        self.wait_for(re.compile("toolbox/7: available"))

    def wait_for(self, pattern):
        for line in self.process.stderr:
            self.log.append(line)
            if found := pattern.search(line):
                return found
        raise AssertionError("the server ended: " + "".join(self.log))

    def get(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as response:
            return response.read()

    def read_on(self):
        """Reads the log from now on, for whoever does not wait for lines of it: a full pipe would stop the server."""
        self.reader = threading.Thread(target=lambda: self.log.extend(self.process.stderr), daemon=True)
        self.reader.start()

    def kill(self):
        """As a machine that fails: without a word."""
        self.watchdog.cancel()
        self.process.kill()
        self.process.wait()
        if self.reader:
            self.reader.join()

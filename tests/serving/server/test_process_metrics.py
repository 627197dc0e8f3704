"""Gauges of processes that have ended count no more."""

import os
import subprocess
import sys

from seqapp.serving.server.process_metrics import LIVE, forget, forget_ended


def test_a_process_that_has_ended_is_forgotten_and_one_that_lives_is_not(tmp_path):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    for pid in (ended.pid, os.getpid()):
        (tmp_path / f"{LIVE}{pid}.db").touch()
    (tmp_path / f"counter_{ended.pid}.db").touch()  # what it has counted stays
    forget_ended(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {f"{LIVE}{os.getpid()}.db", f"counter_{ended.pid}.db"}
    forget(ended.pid, tmp_path)  # once more: nothing happens

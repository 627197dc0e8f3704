"""train.log holds what stderr said, run after run, whatever ended them."""

import logging
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from seqapp.command_line import keep_log

ROOT = Path(__file__).parents[2]
KILLED = """
import logging, os, signal, sys
from seqapp import command_line

def main(argv):
    command_line.keep_log(argv[0])
    logging.getLogger("seqapp.x").info("step %s", argv[1])
    if argv[1] == "1":
        os.kill(os.getpid(), signal.SIGKILL)
    raise ValueError("Expected x.")

command_line.run(main, sys.argv[1:])
"""


@pytest.fixture(autouse=True)
def handlers(monkeypatch):
    """Those of this process, without what a test adds."""
    monkeypatch.setattr(logging.getLogger(), "handlers", [])


def test_a_kill_loses_no_line_and_the_next_run_goes_on(tmp_path):
    workdir = tmp_path / "run"
    first, second = (
        subprocess.run([sys.executable, "-c", KILLED, workdir, step], cwd=ROOT, capture_output=True, text=True)
        for step in "12"
    )
    assert first.returncode == -signal.SIGKILL and second.returncode == 1
    lines = (workdir / "train.log").read_text().splitlines()
    assert [line[20:] for line in lines] == ["step 1", "step 2", "error: Expected x."]
    assert all(re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d ", line) for line in lines)
    assert [line[11:] for line in lines] == (first.stderr + second.stderr).splitlines()


def test_each_process_of_a_cluster_keeps_a_file_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setenv("TF_CONFIG", '{"cluster": {}, "task": {"type": "worker", "index": 1}}')
    keep_log(tmp_path, is_shared=True)
    assert [path.name for path in tmp_path.iterdir()] == ["train.worker1.log"]
    keep_log(tmp_path)  # TF_CONFIG may stand in the environment of a run that does not ask for it
    assert (tmp_path / "train.log").exists()


def test_a_full_disk_costs_lines_and_no_traceback(tmp_path, capsys):
    keep_log(tmp_path)
    handler = logging.getLogger().handlers[-1]
    handler.stream.close()
    handler.stream = open("/dev/full", "w")  # noqa: SIM115
    logging.getLogger("seqapp.x").warning("lost")
    handler.stream = None
    assert capsys.readouterr().err == ""

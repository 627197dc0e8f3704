"""The order of the files and the processes that tests share."""

import os
import signal
from unittest.mock import Mock

import pytest

from tests.conftest import LONGEST, TESTS, WITH, pytest_terminal_summary
from tests.warm_python import WarmPython

WHOLE = "pytestmark = pytest.mark.slow"
# Files of which no test is quick, and the one that proves the same of something smaller.
QUICK_TWINS = {
    "models/line_finder/test_nothing_found.py": "models/line_finder/test_line_finder.py",
    "models/line_finder/test_shipped_model.py": "models/line_finder/test_line_finder.py",
    "pipelines/test_comparison_path.py": "training/test_fine_tuning.py",
    "pipelines/test_line_path.py": "pipelines/test_user_path.py",
    "pipelines/test_speech_path.py": "pipelines/test_user_path.py",
    "pipelines/test_stream_path.py": "models/transcriber/test_streaming_transcriber.py",
    "rnn/execution/test_optimised.py": "rnn/execution/test_fused.py",
    "serving/page/test_page.py": "serving/page/test_page_routes.py",
    "serving/server/test_hostile_process.py": "serving/server/rest/test_hostile.py",
    "serving/server/test_processes.py": "serving/server/test_process_metrics.py",
    "serving/server/test_restart.py": "serving/server/test_serve.py",
    "serving/test_committed_context.py": "models/context/test_context_decoding.py",
    "serving/test_committed_models.py": "serving/test_export.py",
    "serving/test_export_stream.py": "models/to_text/test_speech_stream.py",
    "training/test_compiled_step.py": "training/test_loop.py",
    "serving/test_export_context.py": "models/context/test_context_decoding.py",
}


def test_what_is_wholly_slow_has_a_quick_twin():
    slow = {path.relative_to(TESTS).as_posix() for path in TESTS.rglob("test_*.py") if WHOLE in lines_of(path)}
    assert slow == set(QUICK_TWINS)
    for twin in QUICK_TWINS.values():
        assert (TESTS / twin).is_file() and twin not in slow


def lines_of(path):
    return path.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("name", sorted({*LONGEST, *WITH, *WITH.values()}))
def test_files_that_the_order_names_are_there(name):
    assert (TESTS / name).is_file()


def test_seconds_of_files_are_summed_over_setups_and_calls():
    reports = [pytest.TestReport(f"{name}::t", (), {}, "passed", None, "call", duration=2) for name in "aab"]
    terminal = Mock(stats={"passed": reports[:2], "": reports[2:], "deselected": ["no report"]})
    pytest_terminal_summary(terminal, Mock(**{"getoption.return_value": 5}))
    assert [call.args[0].split() for call in terminal.line.call_args_list] == [["4", "a"], ["2", "b"]]


@pytest.fixture(scope="module")
def python():
    python = WarmPython("nothing")
    yield python
    python.close()


def test_a_forked_program_has_arguments_folder_environment_and_outputs_of_its_own(python, tmp_path):
    (tmp_path / "program.py").write_text("import os, sys\nprint(*sys.argv[1:], os.getcwd(), os.environ['A'])\n1 / 0")
    with python.start([tmp_path / "program.py", "x"], {"A": "b"}, tmp_path) as program:
        stdout, stderr = program.communicate(timeout=60)
    assert stdout == f"x {tmp_path.resolve()} b\n" and program.returncode == 1
    assert stderr.endswith("ZeroDivisionError: division by zero\n")
    assert program.pid != python.process.pid and python.run(["-c", "import sys; print(sys.argv)"]) == "['-c']\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_forked_program_ends_as_its_signal_asks(number, python):
    code = "import time\ntry: print('here', flush=True); time.sleep(60)\nexcept KeyboardInterrupt: exit(130)"
    with python.start(["-c", code], os.environ) as program:
        assert program.stdout.readline() == "here\n" and program.poll() is None
        program.send_signal(number)
        assert program.wait(timeout=60) == {signal.SIGINT: 130, signal.SIGKILL: -signal.SIGKILL}[number]

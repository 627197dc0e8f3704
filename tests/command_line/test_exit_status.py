"""Scripts end as the shell expects, say one line an error, and import TensorFlow in silence."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(code, **environment):
    """What a script with this code leaves: `main` is what `command_line.run` is given."""
    script = f"import logging, sys\nfrom seqapp import command_line\n{code}\ncommand_line.run(main)\n"
    clean = {k: v for k, v in os.environ.items() if not k.startswith("TF_")}
    return subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=120, env=clean | environment
    )


@pytest.mark.parametrize(
    "body, status, log",
    [
        ("return None", 0, ""),
        ("return 3", 3, ""),
        ("raise KeyboardInterrupt", 130, ""),
        ("raise ValueError('Expected x. Received: y.')", 1, "error: Expected x. Received: y.\n"),
        ("open('no/such/file')", 1, "error: [Errno 2] No such file or directory: 'no/such/file'\n"),
        ("raise FloatingPointError('The loss is nan.')", 1, "error: The loss is nan.\n"),
    ],
)
def test_the_status_says_how_it_ended_and_an_error_is_one_line(body, status, log):
    finished = run(f"def main(argv): {body}")
    assert (finished.returncode, finished.stdout) == (status, "")
    assert finished.stderr.partition(" ")[2] == log and finished.stderr.count("\n") == bool(log)


def test_our_own_mistakes_keep_their_traceback():
    finished = run("def main(argv): raise KeyError('x')")
    assert finished.returncode == 1 and "Traceback" in finished.stderr and "KeyError: 'x'" in finished.stderr


def test_a_reader_who_has_enough_ends_the_script_in_silence():
    script = "from seqapp import command_line; command_line.run(lambda _: print('x\\n' * 1_000_000))"
    command = f"{sys.executable} -c {shlex.quote(script)} | head -n 1"
    finished = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (finished.stdout, finished.stderr) == ("x\n", "")


def test_results_and_log_take_different_ways():
    finished = run("def main(argv): print('result'); logging.getLogger('seqapp.x').info('told')")
    assert finished.stdout == "result\n" and finished.stderr.endswith(" told\n")


NOISE = """
def main(argv):
    for library in ("absl", "tensorflow"):
        logging.getLogger(library).setLevel(logging.DEBUG)
        logging.getLogger(library).info("info of %s", library)
        logging.getLogger(library).warning("warning of %s", library)
        logging.getLogger(library).error("error of %s", library)
"""


def test_libraries_are_heard_from_a_level_on_whatever_level_they_set():
    lines = [line.partition(" ")[2] for line in run(NOISE).stderr.splitlines()]
    assert lines == ["error of absl", "warning of tensorflow", "error of tensorflow"]


IMPORT = """
def main(argv):
    command_line.import_tensorflow()
    print("told", file=sys.stderr)
"""


@pytest.mark.parametrize("level, shown", [("3", "told\n"), ("2", "told\n"), ("0", "oneDNN is on\ntold\n")])
def test_start_up_notes_are_held_back_unless_asked_for(level, shown, tmp_path):
    """Real start-ups are checked where scripts run: tests/pipelines/test_train.py."""
    (tmp_path / "tensorflow.py").write_text("import os; os.write(2, b'oneDNN is on\\n')")
    path = f"{tmp_path}{os.pathsep}{ROOT}"
    assert run(IMPORT, TF_CPP_MIN_LOG_LEVEL=level, PYTHONPATH=path).stderr == shown


BROKEN = """
def main(argv):
    import os
    class Broken:
        def find_spec(self, name, *_):
            if name == "tensorflow":
                os.write(2, b"wrong GLIBC\\n")
                raise ImportError("no tensorflow")
    sys.meta_path.insert(0, Broken())
    command_line.import_tensorflow()
"""


@pytest.mark.parametrize("level", ["0", "3"])
def test_what_a_failing_import_said_is_shown(level):
    finished = run(BROKEN, TF_CPP_MIN_LOG_LEVEL=level)
    assert finished.returncode == 1
    assert finished.stderr.startswith("wrong GLIBC\n") and "ImportError: no tensorflow" in finished.stderr

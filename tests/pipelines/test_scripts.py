"""What all scripts have in common: quick help, exit 0, 1 and 2, one line an error."""

import os
import subprocess
import sys

import pytest

from tests.pipelines.conftest import REPOSITORY
from tests.warm_python import WarmPython

SCRIPTS = sorted(path.stem for path in (REPOSITORY / "pipelines").glob("*.py"))


def run(name, *arguments, cwd=None):
    """Run a script in a process of its own, where importing TensorFlow would show in the log of imports."""
    path = REPOSITORY / "pipelines" / f"{name}.py"
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, "-X", "importtime", path, *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60, cwd=cwd)


def imported(finished):
    return {line.rpartition("|")[2].strip() for line in finished.stderr.splitlines() if line.startswith("import time:")}


@pytest.fixture(scope="module")
def run_forked():
    """Run a script in a process forked from a bare interpreter: status, output, errors, and what it had imported."""
    python = WarmPython("nothing")
    end = "import atexit, runpy, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr)); del sys.argv[0]; "
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}

    def run(name, *arguments, cwd="."):
        path = REPOSITORY / "pipelines" / f"{name}.py"
        command = ["-c", end + "runpy.run_path(sys.argv[0], run_name='__main__')", path, *arguments]
        with python.start(command, environment, cwd) as program:
            stdout, stderr = program.communicate(timeout=60)
        *errors, modules = stderr.splitlines()
        return program.returncode, stdout, "\n".join(errors), set(modules.split())

    yield run
    python.close()


@pytest.mark.parametrize("name", SCRIPTS)
def test_help_answers_without_tensorflow(name, run_forked):
    status, stdout, _, modules = run_forked(name, "--help")
    assert status == 0
    assert stdout.startswith("usage:") and f"python pipelines/{name}.py" in stdout
    assert "argparse" in modules
    assert not {"tensorflow", "keras", "numpy", "matplotlib"} & modules


@pytest.mark.parametrize("name", SCRIPTS)
def test_bad_arguments_exit_with_2(name, run_forked):
    status, stdout, errors, modules = run_forked(name, "--no-such-option")
    assert status == 2 and stdout == ""
    assert "usage:" in errors and "tensorflow" not in modules


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_is_short_since_all_but_its_arguments_lives_in_a_room(name):
    assert len((REPOSITORY / "pipelines" / f"{name}.py").read_text(encoding="utf-8").splitlines()) <= 60


RECIPE = REPOSITORY / "pipelines" / "recipes" / "quickstart.py"


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["no_such_recipe.py", "--workdir", "w"], "error: No recipe at no_such_recipe.py."),
        ([RECIPE, "--workdir", "w", "--set", "encoder.cells=lstm"], "Unknown field encoder.cells. Fields of encoder:"),
        ([RECIPE, "--workdir", "w", "--set", "encoder.units=many"], "encoder.units expects int, such as 96. Received:"),
    ],
)
def test_mistakes_in_the_recipe_answer_at_once_in_one_line(arguments, message, tmp_path):
    finished = run("train", *arguments)
    log = [line for line in finished.stderr.splitlines() if not line.startswith("import time:")]
    assert finished.returncode == 1 and len(log) == 1 and message in log[0]
    assert "tensorflow" not in imported(finished)


MISSING = "no_such_path"
MISTYPED = [
    ("benchmark", "decoders", REPOSITORY, MISSING),
    ("benchmark", "decoders", MISSING, REPOSITORY),
    ("compare_language", "own_text", "--workdir", "w", "--data-dir", MISSING),
    ("evaluate", MISSING),
    ("evaluate", REPOSITORY, "--data-dir", MISSING),
    ("evaluate", REPOSITORY, "--language-model", MISSING),
    ("evaluate", REPOSITORY, "--training-text", MISSING),
    ("evaluate_notes", MISSING),
    ("evaluate_recording", MISSING),
    ("evaluate_pages", MISSING, "--data-dir", MISSING),
    ("evaluate_pages", REPOSITORY, "--data-dir", REPOSITORY, "--recogniser", MISSING),
    ("evaluate_stream", MISSING),
    ("export", MISSING, "target"),
    ("language_model", REPOSITORY, "target", "--text", MISSING),
    ("load", "http://127.0.0.1:1", "model", MISSING),
    ("next_word", MISSING, "to be"),
    ("perplexity", MISSING, "--text", RECIPE),
    ("plot", "learning", MISSING, "learning.png"),
    ("plot", "alignment", REPOSITORY, MISSING, "alignment.png"),
    ("serve", REPOSITORY, "--tls-certificate", MISSING, "--tls-key", RECIPE),
    ("serve_ray", REPOSITORY, "--tls-certificate", RECIPE, "--tls-key", MISSING),
    ("train", "own_text", "--workdir", "w", "--data-dir", MISSING),
    ("train", "own_handwriting", "--workdir", "w", "--from", MISSING),
    ("transcribe", MISSING, RECIPE),
    ("transcribe", REPOSITORY, MISSING, f"{MISSING} too"),
    ("transcribe", REPOSITORY, MISSING, "--stream"),
    ("transcribe", "name", MISSING, "--server", "http://127.0.0.1:1"),
    ("transcribe", REPOSITORY, RECIPE, "--lexicon", MISSING),
    ("tune", REPOSITORY, "target", "--rescorer", MISSING),
]


@pytest.mark.parametrize("command", MISTYPED, ids=lambda command: " ".join(map(str, command[:2])))
def test_a_mistyped_path_is_named_before_tensorflow_is_imported(command, run_forked, tmp_path):
    status, stdout, errors, modules = run_forked(*command, cwd=tmp_path)
    assert status == 1 and stdout == "" and "\n" not in errors
    assert f"error: Expected a file or folder at {MISSING}. Found none." in errors
    assert "tensorflow" not in modules and not list(tmp_path.iterdir())

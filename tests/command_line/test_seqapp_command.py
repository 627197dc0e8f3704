"""The command `seqapp` lists, helps and runs the scripts of pipelines/, wherever it is called."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from seqapp.command_line.scripts import recipe_names, script_names
from seqapp.command_line.seqapp_command import GROUPS, main, overview

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def called_elsewhere(monkeypatch, tmp_path):
    """`main` leaves the command's name in sys.argv."""
    monkeypatch.setattr(sys, "argv", ["seqapp"])
    monkeypatch.chdir(tmp_path)


def test_the_list_shows_every_script_once_in_one_screen():
    lines = overview().splitlines()
    assert len(lines) <= 24 and max(map(len, lines)) < 80
    listed = [line.split()[0] for line in lines if line.startswith("  ")]
    assert sorted(listed) == script_names() == sorted(name for names in GROUPS.values() for name in names)


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"]])
def test_the_command_alone_lists_what_there_is(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert not ended.value.code
    assert capsys.readouterr().out == f"{overview()}\n"


@pytest.mark.parametrize("name", script_names())
def test_help_speaks_of_the_command_that_was_called(name, capsys):
    with pytest.raises(SystemExit) as ended:
        main([name.replace("_", "-"), "--help"])
    shown = capsys.readouterr().out
    assert ended.value.code == 0 and shown.startswith(f"usage: seqapp {name} ")
    assert not re.search(r"pipelines/|\w\.py\b", shown) and f"\nseqapp {name}" in shown.replace("    ", "")


@pytest.mark.parametrize("name", script_names())
def test_the_first_line_of_a_script_begins_with_a_verb(name):
    line = next(line for line in overview().splitlines() if line.split()[0] == name)
    assert re.match(r"[A-Z][a-z]+,?$", line.split()[1]) and not re.match(r"(What|How|The|Where|Who)$", line.split()[1])


def test_an_unknown_command_names_a_near_one(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["trian"])
    assert ended.value.code == 2
    assert capsys.readouterr().err == "seqapp: no command 'trian'. Did you mean train? `seqapp` alone lists them.\n"


def test_an_unknown_recipe_names_those_there_are(capsys, caplog):
    with pytest.raises(SystemExit) as ended:
        main(["train", "quickstrat", "--workdir", "w"])
    assert ended.value.code == 1 and "No recipe at quickstrat. Did you mean quickstart?" in caplog.text
    assert all(name in caplog.text for name in recipe_names())


def test_the_module_runs_from_anywhere(tmp_path):
    command = [sys.executable, "-m", "seqapp", "evaluate", "no_such_model"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    finished = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
    assert finished.returncode == 1 and finished.stdout == ""
    assert finished.stderr.endswith("error: Expected a file or folder at no_such_model. Found none.\n")

"""Freed memory stays with the process where glibc allocates it, and nothing else is touched."""

import ctypes
import os
import subprocess
import sys

import pytest

from seqapp.command_line import freed_memory

FAULTS = """
import resource, sys
import numpy as np
from seqapp.command_line.freed_memory import keep_freed_memory
print(keep_freed_memory() if sys.argv[1] == "keep" else False)
for turn in range(6):
    for size in (24, 40, 64):  # MiB: above all that glibc keeps by itself
        np.zeros(size * 2**17).fill(1.0)
    if turn == 1:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def run(mode, environment):
    """Whether memory is kept, and page faults of allocations that were all made twice before."""
    command = [sys.executable, "-c", FAULTS, mode]
    found = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    is_kept, faults = found.stdout.split()
    return is_kept == "True", int(faults)


@pytest.fixture
def clean_environment():
    """The environment without what the user may have set."""
    return {name: value for name, value in os.environ.items() if not name.startswith(freed_memory.OWN_SETTINGS)}


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "mallopt"), reason="another allocator than glibc's")
def test_pages_are_not_asked_for_again(clean_environment):
    (is_kept, faults), (_, faults_by_default) = run("keep", clean_environment), run("leave", clean_environment)
    assert is_kept and faults < 100 < faults_by_default


@pytest.mark.parametrize("variable", ["MALLOC_ARENA_MAX", "GLIBC_TUNABLES"])
def test_what_the_user_set_stays(monkeypatch, variable):
    monkeypatch.setenv(variable, "")
    monkeypatch.setattr(ctypes, "CDLL", None)  # not even looked at
    assert not freed_memory.keep_freed_memory()


def test_another_allocator_is_left_alone(monkeypatch, clean_environment):
    monkeypatch.setattr(os, "environ", clean_environment)
    monkeypatch.setattr(ctypes, "CDLL", lambda name: object())
    assert not freed_memory.keep_freed_memory()

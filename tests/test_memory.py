"""Caches of a file end with it, those that files share do not; memory is given back once it has grown."""

import functools
import types

import pytest

import tests.memory
from tests.memory import Memory, empty_caches, resident_bytes


class Value:
    """Stands in a cycle, as traced functions do."""

    def __init__(self):
        self.itself = self


def module_with(name):
    """A module with a cached function that it says is defined in `name`."""

    @functools.cache
    def value():
        return Value()

    value.__module__ = name
    module = types.ModuleType("of_tests")
    module.value, module.number = value, 3
    return module


@pytest.mark.parametrize(("name", "is_kept"), [("of_tests", False), ("shared", True)])
def test_a_module_loses_its_own_caches_alone(name, is_kept):
    module = module_with(name)
    before = module.value()
    empty_caches(module)
    assert (module.value() is before) == is_kept


@pytest.mark.parametrize(("growth", "is_collected"), [(1 << 50, False), (-1, True)])
def test_garbage_is_looked_for_once_the_process_has_grown(growth, is_collected, monkeypatch):
    collected = []
    monkeypatch.setattr(tests.memory, "GROWTH_BYTES", growth)
    monkeypatch.setattr(tests.memory.gc, "collect", lambda: collected.append(True))
    monkeypatch.setattr(tests.memory, "give_back", lambda: collected.append(True))
    Memory().clean_up_after(module_with("of_tests"))
    assert bool(collected) == is_collected


@pytest.mark.skipif(not tests.memory.STATUS.exists(), reason="Linux tells the memory of a process")
def test_memory_is_what_the_process_takes():
    before = resident_bytes()
    block = bytearray(b"1" * (64 << 20))
    assert len(block) * 0.9 < resident_bytes() - before

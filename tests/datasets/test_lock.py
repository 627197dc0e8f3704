import multiprocessing
import time

import pytest

from seqapp.datasets.lock import locked


def hold(path, pipe):
    with locked(path) as alone:
        pipe.send(alone)
        pipe.recv()


@pytest.fixture
def holder(tmp_path):
    """Another process that holds the lock, and our end of a pipe to it."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=hold, args=(tmp_path / "deep" / ".lock", theirs))
    process.start()
    assert ours.recv() is True
    yield process, ours
    process.kill()


def test_the_second_waits_for_the_first(tmp_path, holder):
    process, pipe = holder
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    second = context.Process(target=hold, args=(tmp_path / "deep" / ".lock", theirs))
    second.start()
    assert not ours.poll(0.3)
    pipe.send("leave")
    assert ours.poll(30) and ours.recv() is True
    second.kill()


def test_a_killed_process_holds_nothing(tmp_path, holder):
    holder[0].kill()
    start = time.monotonic()
    with locked(tmp_path / "deep" / ".lock") as alone:
        assert alone and time.monotonic() - start < 30


def test_without_locks_one_goes_on_and_is_told(tmp_path, holder, monkeypatch):
    monkeypatch.setattr("seqapp.datasets.lock.fcntl", None)
    with locked(tmp_path / "deep" / ".lock") as alone:
        assert alone is False

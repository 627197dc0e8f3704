"""Long steps speak at intervals, short ones not at all."""

import pytest

from seqapp.command_line import log_progress, progress


@pytest.fixture
def clock(monkeypatch):
    """A clock that an item moves by two seconds."""
    seconds = iter(range(100, 1000, 2))
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(seconds))


def test_lines_say_what_how_far_and_how_long(clock, caplog):
    caplog.set_level("INFO")
    assert list(log_progress("abcdefghi", "reading an4 train", 9)) == list("abcdefghi")
    assert [record.message for record in caplog.records] == [
        "reading an4 train: 3 of 9 (33 %), 6 s", "reading an4 train: 8 of 9 (88 %), 16 s",
    ]  # fmt: skip


def test_where_the_end_is_unknown_it_counts(clock, caplog):
    caplog.set_level("INFO")
    assert len(list(log_progress(iter(range(3)), "preparing"))) == 3
    assert caplog.messages == ["preparing: 3 so far, 6 s"]


def test_the_end_needs_no_line(clock, caplog):
    caplog.set_level("INFO")
    assert list(log_progress("abc", "transcribing", 3)) == list("abc") and not caplog.messages


def test_what_is_quick_says_nothing(caplog):
    caplog.set_level("INFO")
    assert list(log_progress([], "reading")) == [] and list(log_progress([1], "reading", 1)) == [1]
    assert not caplog.messages

"""The pace of a training leaves out what comes once, and foresees the end."""

import pytest

from seqapp.training import pace


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still until its hand, the only item, is moved."""
    hand = [0.0]
    monkeypatch.setattr(pace.time, "perf_counter", lambda: hand[0])
    return hand


def advance(pace, clock, seconds):
    clock[0] += seconds
    return pace.advance()


def test_the_first_step_is_told_by_its_time_alone(clock):
    training = pace.Pace(0, 100)
    assert training.describe() == ""
    assert advance(training, clock, 30.0) == 30.0
    assert training.describe() == ""
    assert advance(training, clock, 0.5) is None


def test_the_rate_is_of_the_last_interval_and_the_time_left_of_the_whole_run(clock):
    training = pace.Pace(40, 100)
    advance(training, clock, 30.0)
    for _ in range(9):
        advance(training, clock, 0.5)
    assert training.describe() == "2 steps/s, 25 s left"
    clock[0] += 9.0  # an evaluation
    assert training.describe() == ""
    for _ in range(9):
        advance(training, clock, 0.5)
    assert training.describe() == "2 steps/s, 41 s left"


def test_an_evaluation_slows_down_no_step(clock):
    training = pace.Pace(0, 100)
    for _ in range(11):
        advance(training, clock, 0.5)
    clock[0] += 15.0
    assert training.describe() == "2 steps/s, 2 min 58 s left"

"""Rows are medians of interleaved repetitions; what they say of a machine is no claim of a test."""

import pytest

from seqapp.benchmark import timing


def test_a_row_holds_medians_and_half_the_range_in_milliseconds():
    row = timing.row_of([0.010, 0.030, 0.011], [0.2, 0.1, 0.4], first_step=1.23456)
    assert row == {
        "forward_ms": 11, "forward_spread_ms": 10, "step_ms": 200, "step_spread_ms": 150, "first_step_s": 1.23,
    }  # fmt: skip


def test_a_row_without_a_step_has_none_of_its_times():
    row = timing.row_of([0.5], [None], None)
    assert row["forward_ms"] == 500 and row["step_ms"] is row["step_spread_ms"] is row["first_step_s"] is None


@pytest.fixture
def calls(monkeypatch):
    monkeypatch.setattr(timing, "PAUSE_S", 0.0)
    return []


def test_repetitions_are_interleaved_and_the_first_is_not_counted(calls):
    work = {name: [lambda name=name: calls.append(name), None] for name in "ab"}
    times = timing.measure(work, repeats=2)
    assert calls == ["a", "b", "a", "b", "a", "b"] and list(times) == ["a", "b"]


def build(calls, name, has_step=True):
    def built():
        calls.append(f"build {name}")
        return [2, 3], lambda: calls.append(name), (lambda: calls.append(f"{name} step")) if has_step else None

    return built


def test_only_what_is_asked_for_is_built_and_timed(calls):
    work = {name: build(calls, name) for name in ("lstm (loop)", "lstm (fused)", "gru (loop)")}
    rows = timing.compare(work, ["fused", "gru"], repeats=1, threads=4)
    assert [row["name"] for row in rows] == ["lstm (fused)", "gru (loop)"]
    assert all(row["shape"] == [2, 3] and row["threads"] == 4 for row in rows)
    assert calls.count("lstm (fused) step") == 2 and "build lstm (loop)" not in calls


def test_an_unknown_name_lists_the_known_ones(calls):
    with pytest.raises(ValueError, match="gru, lstm. Received: quasi"):
        timing.compare({"gru": build(calls, "gru"), "lstm": build(calls, "lstm")}, ["quasi"], 1, 1)

"""A bar compares two rows of one run, and says nothing where one of them is missing."""

import pytest

from seqapp.benchmark.bars import BARS, Bar, verdicts


def rows(**step_ms):
    return [{"name": name, "step_ms": ms} for name, ms in step_ms.items()]


@pytest.mark.parametrize(
    ("bar", "expected"),
    [
        (Bar("speed", "ours", "peer", at_least=4), "speed: required >= 4x, seen 4.20x: met"),
        (Bar("speed", "ours", "peer", at_least=4.5), "speed: required >= 4.5x, seen 4.20x: MISSED"),
        (Bar("cost", "peer", "ours", at_most=1.5), "cost: required <= 1.5x, seen 4.20x: MISSED"),
        (Bar("time", "ours", at_most=130), "time: required <= 130 ms, seen 100.00 ms: met"),
    ],
)
def test_is_a_ratio_of_two_rows_or_a_time(bar, expected):
    assert bar.verdict(rows(ours=100.0, peer=420.0)) == expected


def test_says_nothing_without_its_rows():
    assert Bar("speed", "ours", "peer", at_least=4).verdict(rows(ours=1.0)) is None
    assert Bar("speed", "ours", "peer", at_least=4).verdict(rows(ours=1.0, peer=None)) is None
    assert verdicts(rows(other=1.0)) == []


def test_says_nothing_of_several_sizes():
    one_size = rows(**{"min_gru (auto)": 1.0, "torch.nn.LSTM": 4.0})
    assert len(verdicts(one_size)) == 1 and verdicts(one_size + one_size) == []


def test_each_bar_demands_one_thing():
    assert all((bar.at_least is None) != (bar.at_most is None) for bar in BARS)


def test_cost_a_frame_must_not_grow():
    linear = [{"name": "a", "step_us_per_frame": us, "memory_kb_per_frame": kb} for us, kb in ((100, 90), (112, 60))]
    assert [line.rsplit(" ", 1)[1] for line in verdicts(linear)] == ["met", "met"]
    square = linear + [{"name": "a", "step_us_per_frame": 120, "memory_kb_per_frame": 120}]
    assert verdicts(square) == [
        "time a frame, dearest to cheapest length: required <= 1.15x, seen 1.20x: MISSED",
        "memory a frame, longest to shortest sequence: required <= 1.15x, seen 1.33x: MISSED",
    ]

import re

import numpy as np
import pytest

from seqapp.datasets.speech.audio import MAX_SECONDS, Audio, check


def audio(samples, rate_hz=16_000):
    return Audio("x", samples, rate_hz)


@pytest.mark.parametrize("samples", [np.zeros(16_000, np.int16), np.ones(1, np.int16), np.full(9, -32_768, np.int16)])
def test_silence_one_sample_and_full_scale_are_fine(samples):
    assert check(audio(samples)) is None


@pytest.mark.parametrize(
    ("samples", "reason"),
    [
        (np.zeros(0, np.int16), "no samples"),
        (np.zeros((4, 2), np.int16), r"samples: expected shape \[N\], one channel, received \[4, 2\]"),
        (np.zeros(4, np.int64), "samples: expected int16, received int64"),
        (np.zeros(4, np.float32), "samples: expected int16, received float32$"),
        (np.array([0, 1, np.nan, np.inf]), "float64 with NaN or infinity, first at sample 2"),
        (np.zeros(int(MAX_SECONDS * 16_000) + 1, np.int16), "too long: 600.0 s, more than the 600 allowed"),
    ],
)
def test_what_cannot_be_used_has_a_reason(samples, reason):
    assert re.search(reason, check(audio(samples)))


def test_the_longest_accepted_can_be_chosen():
    assert check(audio(np.zeros(16_000, np.int16)), max_seconds=1.0) is None
    assert check(audio(np.zeros(16_001, np.int16)), max_seconds=1.0).startswith("too long")


def test_a_rate_must_be_positive():
    assert check(audio(np.zeros(4, np.int16), 0)).startswith("sample rate")


def test_seconds_are_samples_over_rate():
    assert audio(np.zeros(8_000, np.int16)).seconds == 0.5

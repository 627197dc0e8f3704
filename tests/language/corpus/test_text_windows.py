"""Windows follow one another, cover an epoch, and depend on the step alone."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from seqapp.language.corpus.text_windows import Windows


@given(st.integers(20, 200), st.integers(1, 4), st.integers(1, 12), st.integers(0, 60))
def test_targets_are_what_comes_next_and_rows_go_on(length, batch_size, window, step):
    ids = np.arange(100, 100 + length)
    windows = Windows(ids, 99, batch_size, window)
    now, after = windows.at(step), windows.at(step + 1)
    np.testing.assert_array_equal(now.targets, now.tokens + 1)
    assert now.tokens.shape == (batch_size, min(window, length // batch_size))
    assert now.is_first == (step % windows.per_epoch == 0)
    if not after.is_first:
        np.testing.assert_array_equal(after.tokens[:, 0], now.targets[:, -1])


def test_an_epoch_reads_nearly_everything_and_epochs_are_cut_elsewhere():
    windows = Windows(np.arange(1000), -1, 4, 16)
    epochs = [[windows.at(e * windows.per_epoch + i) for i in range(windows.per_epoch)] for e in range(2)]
    read = [np.concatenate([w.targets.ravel() for w in epoch]) for epoch in epochs]
    assert all(len(set(r)) == len(r) > 850 for r in read)
    assert epochs[0][0].tokens[0, 0] == -1 and epochs[1][0].tokens[0, 0] != -1


def test_a_resumed_reading_goes_on_with_the_same_windows():
    windows = Windows(np.arange(100), -1, 2, 7)
    for step, found in zip(range(5, 20), windows.since(5)):
        assert found.keys() == {"tokens", "targets", "is_first"} and found["is_first"] == windows.at(step).is_first
        np.testing.assert_array_equal(found["tokens"], windows.at(step).tokens)

"""What counts as a recognition."""

import numpy as np
import pytest

from seqapp.evaluation.recognition import Recognition


def test_arrays_become_plain_tuples():
    frames, confidences = np.array([1, 4], np.int32), np.array([0.5, 1.0], np.float32)
    recognition = Recognition("a", "w", "no", "no", 0.9, frames, confidences)
    assert recognition.char_frames == (1, 4) and type(recognition.char_frames[0]) is int
    assert recognition == Recognition("a", "w", "no", "no", 0.9, [1, 4], [0.5, 1.0])


@pytest.mark.parametrize(
    ("frames", "confidences", "message"),
    [([1, 2], [0.5], "line-3: .*2 char_frames and 1"), ([2, 1], [0.5, 0.5], "line-3: .*must not decrease")],
)
def test_frames_that_cannot_be_are_refused_by_id(frames, confidences, message):
    with pytest.raises(ValueError, match=message):
        Recognition("line-3", "w", "no", "no", 0.9, frames, confidences)

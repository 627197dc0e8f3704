"""Label frames agree with the forced alignment of the CTC room."""

import numpy as np
import pytest
import tensorflow as tf

from seqapp.ctc import forced_align
from seqapp.decoding.label_frames import label_frames
from tests.decoding.lattices import random_log_probs


def test_every_label_peaks_within_its_span_of_the_forced_alignment():
    rng = np.random.default_rng(0)
    for _ in range(20):
        log_probs = random_log_probs(rng, 12, 5, 2.0).astype(np.float32)
        labels = rng.integers(0, 4, rng.integers(1, 5))
        frames = label_frames(log_probs, labels)
        aligned = forced_align(log_probs[tf.newaxis], [12], labels[tf.newaxis], [len(labels)])
        for frame, label, start, end in zip(frames, labels, aligned.starts[0].numpy(), aligned.ends[0].numpy()):
            assert frame == start + np.argmax(log_probs[start:end, label])


def test_no_label_has_no_frame():
    assert label_frames(np.zeros([3, 2]), []).tolist() == []


@pytest.mark.parametrize("num_frames", [0, 1, 2])
def test_labels_that_do_not_fit_are_refused(num_frames):
    with pytest.raises(ValueError, match="2 labels do not fit into"):
        label_frames(np.log(np.full([num_frames, 3], 1 / 3)), [1, 1])

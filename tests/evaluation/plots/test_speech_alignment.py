"""The picture of speech is drawn from what it is given; data are compared, not pixels."""

import numpy as np
import pytest

from seqapp.evaluation.plots.figure import save_figure
from seqapp.evaluation.plots.speech_alignment import plot_speech_alignment
from seqapp.evaluation.recognition import Recognition
from seqapp.text.alphabet import Alphabet

ALPHABET = Alphabet(tuple(" ab"))


def example(num_frames=30):
    """Spectrum of two frames a frame of posteriors; "ab a" read in "ab b"."""
    features = np.random.default_rng(0).normal(size=(2 * num_frames, 8))
    frames = [4 + 5 * i for i in range(4)]
    probabilities = np.full((num_frames, ALPHABET.num_classes), 1e-4)
    for frame, label in zip(frames, ALPHABET.encode("ab a"), strict=True):
        probabilities[frame, label] = 0.9
    probabilities[:, -1] = 1 - probabilities[:, :-1].sum(axis=1)
    recognition = Recognition("u-1", "s1", "ab b", "ab a", 0.87, frames, [0.9] * 4)
    return features, np.log(probabilities), ALPHABET, recognition, 0.02 * np.arange(num_frames)


def test_the_picture_repeats_byte_for_byte(tmp_path):
    first, second = (
        save_figure(plot_speech_alignment(*example(), "m1"), tmp_path / f"{i}.png").read_bytes() for i in range(2)
    )
    assert first == second
    assert np.frombuffer(first[16:24], ">u4").tolist() == [1600, 1000]


def test_spectrum_and_posteriors_lie_over_the_same_frames():
    features, log_probs, *rest = example()
    figure = plot_speech_alignment(features, log_probs, *rest)
    posteriors, spectrum = figure.axes[:2]
    np.testing.assert_array_equal(spectrum.images[0].get_array(), features.T)
    assert spectrum.images[0].get_extent()[:2] == [-0.5, 29.5] and spectrum.get_xlim() == posteriors.get_xlim()
    assert "sample u-1   speaker s1" in [text.get_text() for text in figure.texts]


def test_what_does_not_belong_together_is_named():
    features, log_probs, alphabet, recognition, times = example()
    with pytest.raises(ValueError, match=r"u-1: frame_times_s must have shape \[30\]. Received: \[29\]"):
        plot_speech_alignment(features, log_probs, alphabet, recognition, times[1:])
    with pytest.raises(ValueError, match="u-1: frame 19 is beyond the 10 frames"):
        plot_speech_alignment(features, log_probs[:10], alphabet, recognition, times[:10])


def test_a_recording_without_a_frame_is_drawn_empty(tmp_path):
    recognition = Recognition("u", "", "a", "")
    empty = plot_speech_alignment(np.zeros((0, 8)), np.zeros((0, 4)), ALPHABET, recognition, np.zeros(0))
    save_figure(empty, tmp_path / "empty.png")

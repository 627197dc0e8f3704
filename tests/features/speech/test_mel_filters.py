import librosa.filters
import numpy as np
import pytest
import tensorflow as tf

from seqapp.features.speech.mel_filters import mel_filters

BANDS = [(16_000, 512, 80, 0.0, 0.0), (16_000, 512, 40, 20.0, 7_600.0), (8_000, 256, 23, 64.0, 3_800.0)]


@pytest.mark.parametrize("bands", BANDS)
def test_librosas_are_librosas(bands):
    rate, length, count, low, high = bands
    expected = librosa.filters.mel(sr=rate, n_fft=length, n_mels=count, fmin=low, fmax=high or rate / 2).T
    np.testing.assert_allclose(mel_filters("librosa", *bands), expected, atol=1e-9)


@pytest.mark.parametrize("bands", BANDS)
def test_kaldis_are_those_of_tensorflow(bands):
    rate, length, count, low, high = bands
    expected = tf.signal.linear_to_mel_weight_matrix(count, length // 2 + 1, rate, low, high or rate / 2, tf.float64)
    np.testing.assert_allclose(mel_filters("kaldi", *bands), expected, atol=1e-6)


@pytest.mark.parametrize("kind", ["librosa", "kaldi"])
def test_every_frequency_between_the_first_and_the_last_centre_is_heard(kind):
    filters = mel_filters(kind, 16_000, 512, 40, 0.0, 0.0)
    assert (filters >= 0).all() and (filters[3:-10].sum(axis=1) > 0).all()
    assert (np.diff(filters.argmax(axis=0)) >= 0).all()


def test_neighbouring_triangles_of_kaldi_add_up_to_one():
    total = mel_filters("kaldi", 16_000, 512, 40, 20.0, 0.0).sum(axis=1)
    np.testing.assert_allclose(total[3:240], 1.0, atol=1e-6)


@pytest.mark.parametrize("kind", ["librosa", "kaldi"])
@pytest.mark.parametrize("low, high", [(-1.0, 0.0), (4000.0, 4000.0), (0.0, 8001.0), (8000.0, 0.0)])
def test_an_impossible_range_is_refused(kind, low, high):
    with pytest.raises(ValueError, match="expected 0 <= min_hz < max_hz <= 8000 .*received"):
        mel_filters(kind, 16_000, 512, 40, low, high)


@pytest.mark.filterwarnings("ignore:Empty filters")
@pytest.mark.parametrize("kind", ["librosa", "kaldi"])
def test_bands_without_a_frequency_are_refused(kind):
    with pytest.raises(ValueError, match="received 256 bands .*Take fewer"):
        mel_filters(kind, 8_000, 256, 256, 0.0, 0.0)


def test_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="features.kind"):
        mel_filters("bark", 16_000, 512, 40, 0.0, 0.0)

import numpy as np
import pytest
import tensorflow as tf

from seqapp.features.speech.waveform import to_float


def test_int16_becomes_full_scale_one():
    samples = np.array([-32768, -1, 0, 16384, 32767], np.int16)
    np.testing.assert_array_equal(to_float(samples), np.float32(samples) / 32768)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_floats_keep_their_values(dtype):
    samples = np.array([-1.0, 0.25, 2.0], dtype)
    assert to_float(samples).dtype == tf.float32
    np.testing.assert_array_equal(to_float(samples), samples)


@pytest.mark.parametrize("dtype", [np.int32, np.uint8, np.bool_])
def test_types_without_a_known_full_scale_are_refused(dtype):
    with pytest.raises(ValueError, match="expected int16, or float with full scale 1, received .*Convert"):
        to_float(np.zeros(3, dtype))

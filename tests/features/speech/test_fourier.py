import numpy as np
import pytest
import tensorflow as tf

from seqapp.features.speech.fourier import fast_length, power


@pytest.mark.parametrize("exponent", [2, 3, 10, 18, 24])
def test_the_power_of_two_from_there_on(exponent):
    size = 2**exponent
    assert [int(fast_length(tf.constant(n))) for n in (size - 1, size, size + 1)] == [size, size, 2 * size]


def test_the_smallest_lengths_can_be_transformed():
    assert [int(fast_length(tf.constant(n))) for n in (0, 1, 2)] == [2, 2, 2]


def test_power_is_the_mean_square_and_nothing_has_none():
    assert float(power(tf.constant([3.0, -4.0, 0.0, 0.0]))) == pytest.approx(6.25)
    assert power(np.zeros(0, np.float32)) == 0

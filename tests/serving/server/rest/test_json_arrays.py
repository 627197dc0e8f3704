"""Arrays go through JSON and come back, and nothing else passes for one."""

import json

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from seqapp.serving.server.refusal import Refusal
from seqapp.serving.server.rest.json_arrays import from_array, to_array

SHAPES = arrays.array_shapes(min_dims=0, max_dims=3, min_side=1, max_side=4)
DTYPES = st.sampled_from(["float32", "float64", "int8", "int32", "int64", "uint8", "bool"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["b64", "x"]), inner, max_size=2),
)


@given(DTYPES.flatmap(lambda dtype: arrays.arrays(dtype, SHAPES)))
@settings(deadline=None, max_examples=60)
def test_numbers_come_back_as_they_were(array):
    text = json.dumps(from_array(array))
    np.testing.assert_array_equal(to_array(json.loads(text), tf.as_dtype(array.dtype)), array)


@given(arrays.arrays(object, SHAPES, elements=st.binary(max_size=5)))
@settings(deadline=None, max_examples=30)
def test_bytes_come_back_where_the_name_says_that_they_are_bytes(array):
    np.testing.assert_array_equal(to_array(json.loads(json.dumps(from_array(array, "png_bytes"))), tf.string), array)


@given(JSON, st.sampled_from([tf.float32, tf.int32, tf.bool, tf.string, tf.uint8]))
@settings(deadline=None, max_examples=200)
def test_anything_is_an_array_of_that_type_or_refused(value, dtype):
    try:
        array = to_array(value, dtype)
    except Refusal as refusal:
        assert refusal.http_status == 400 and len(refusal.message) < 300
    else:
        assert array.dtype == dtype.as_numpy_dtype


def test_floats_are_written_as_short_as_they_can_be():
    assert from_array(np.array([0.1, 1 / 3, 1.0, 1e-20], np.float32)) == [0.1, 0.33333334, 1.0, 1e-20]


@pytest.mark.parametrize("depth", [40, 100_000])
def test_lists_in_lists_in_lists_are_refused_before_anything_is_built(depth):
    value = 1
    for _ in range(depth):
        value = [value]
    with pytest.raises(Refusal, match="unexpected level"):
        to_array(value, tf.float32)

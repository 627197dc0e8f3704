"""TensorProto messages to NumPy arrays and back, with claimed shapes checked before memory is allocated."""

import math

import numpy as np
import tensorflow as tf

from seqapp.serving.server.refusal import Refusal

# Fields that clients look into: TensorFlow Serving fills these, not tensor_content.
FIELDS = {
    "float32": "float_val", "float64": "double_val", "int32": "int_val", "int16": "int_val", "int8": "int_val",
    "uint8": "int_val", "int64": "int64_val", "uint32": "uint32_val", "uint64": "uint64_val", "bool": "bool_val",
    "object": "string_val",
}  # fmt: skip

STRING_BYTES = 16  # of an element: places in a list and in an array, the text itself apart


def claimed_bytes(message, spec: tf.TensorSpec, max_bytes: int, max_rows: int | None = None) -> int:
    """Predict the bytes of a `TensorProto`'s array: a few bytes may claim any shape, filled with one value.

    Args:
        message: `TensorProto`.
        spec: `tf.TensorSpec` of the signature's input.
        max_bytes: Of the array.
        max_rows: Of the array; None: any.

    Raises:
        Refusal: INVALID_ARGUMENT: more than that, or not of the type and of a shape that is known.
    """
    sizes = [dim.size for dim in message.tensor_shape.dim]
    if message.dtype != spec.dtype.as_datatype_enum:
        raise _refusal(f"{spec.name}: expected {spec.dtype.name}. Received: {_type_name(message.dtype)}.")
    if message.tensor_shape.unknown_rank or min(sizes, default=0) < 0:
        raise _refusal(f"{spec.name}: expected a shape that is known. Received: {sizes[:9]}.")
    if max_rows is not None and sizes and sizes[0] > max_rows:
        reason = f"{spec.name}: expected at most {max_rows} rows in one request. Received: {sizes[0]}."
        raise _refusal(f"{reason} Send them in several.")
    num_bytes = math.prod(sizes) * (STRING_BYTES if spec.dtype == tf.string else max(spec.dtype.size or 1, 1))
    if num_bytes > max_bytes:
        raise _refusal(f"{spec.name}: expected at most {max_bytes:,} bytes. Received: shape {sizes[:9]}.")
    return num_bytes


def to_array(message, spec: tf.TensorSpec) -> np.ndarray:
    """Convert a `TensorProto` to an array, after `claimed_bytes` has let it in.

    Args:
        message: `TensorProto`.
        spec: `tf.TensorSpec` of the signature's input.

    Raises:
        Refusal: INVALID_ARGUMENT.
    """
    try:
        return tf.make_ndarray(message)
    except (ValueError, TypeError, IndexError, OverflowError) as error:
        raise _refusal(f"{spec.name}: shape and values do not fit: {error}") from None


def to_message(array: np.ndarray):
    """Convert an array to a `TensorProto`."""
    field = FIELDS.get(array.dtype.name)
    if field is None:
        return tf.make_tensor_proto(array)
    dtype = tf.string if array.dtype == object else tf.dtypes.as_dtype(array.dtype)
    shape = tf.TensorShape(array.shape).as_proto()
    return tf.make_tensor_proto([], dtype, [0]).__class__(
        dtype=dtype.as_datatype_enum, tensor_shape=shape, **{field: array.ravel().tolist()}
    )


def _type_name(number):
    """Name the type in a message, which may be any number."""
    try:
        return tf.dtypes.as_dtype(number).name
    except TypeError:
        return number


def _refusal(message):
    return Refusal("INVALID_ARGUMENT", message)

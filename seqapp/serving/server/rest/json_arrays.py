"""Tensors in JSON as TensorFlow Serving writes them: nested lists, {"b64": ...} for bytes, NaN and Infinity allowed.

Reference: https://www.tensorflow.org/tfx/serving/api_rest#json_mapping
"""

import base64
import binascii

import numpy as np
import tensorflow as tf

from seqapp.serving.server.refusal import Refusal

BYTES_SUFFIX = "_bytes"  # of names of outputs whose strings are no texts
MAX_RANK = 32  # of NumPy: deeper lists are refused before anything is built
LARGEST_EXACT = {"float32": 2**24, "float64": 2**53}  # integers beyond are others when they are floats
_TYPES = {"f": {float, int}, "i": {int}, "u": {int}, "b": {bool}, "O": {str, bytes}}


def to_array(value, dtype: tf.DType) -> np.ndarray:
    """Convert a nested list of one depth, or a single value, to an array.

    Args:
        value: Parsed JSON.
        dtype: `tf.DType`.

    Raises:
        Refusal: INVALID_ARGUMENT: lists of different lengths, or a value that is not of that type without loss.
    """
    shape = _shape(value)
    leaves = []
    _collect(value, shape, 0, leaves)
    if dtype.name == "string":
        leaves = [_decoded(leaf) for leaf in leaves]
    kind = np.dtype(dtype.as_numpy_dtype).kind
    strangers = set(map(type, leaves)) - _TYPES.get(kind, set())
    if strangers:
        first = next(leaf for leaf in leaves if type(leaf) in strangers)
        raise _refusal(
            f"JSON Value: {_shown(first)} Type: {type(first).__name__} is not of expected type: {dtype.name}"
        )
    return _converted(leaves, dtype, kind).reshape(shape)


def from_array(array: np.ndarray, name: str = "", special: str = "token") -> object:
    """Convert an array to nested lists.

    Args:
        array: Strings become {"b64": ...} where the name ends in "_bytes", else texts.
        name: Of the output.
        special: "null": None for NaN and infinity, which JSON does not have; "token": as they are.
    """
    if array.dtype == object:
        encode = _encoded if name.endswith(BYTES_SUFFIX) else _text
        return np.array([encode(value) for value in array.ravel()] or array, object).reshape(array.shape).tolist()
    is_special = array.dtype.kind == "f" and special == "null" and not np.isfinite(array).all()
    values = array
    if array.dtype == np.float32:  # the shortest decimals that give these floats again: 0.2, not 0.20000000298
        values = array.astype(str).astype(np.float64)
    return np.where(np.isfinite(array), values, None).tolist() if is_special else values.tolist()


def is_bytes(value) -> bool:
    """Tell whether parsed JSON stands for a string of bytes."""
    return isinstance(value, dict) and value.keys() == {"b64"} and isinstance(value["b64"], str)


def _shape(value):
    shape = []
    while isinstance(value, list):
        shape.append(len(value))
        if len(shape) > MAX_RANK:
            raise _refusal(f"Encountered list at unexpected level: {len(shape)} expected < {MAX_RANK}")
        if not value:
            break
        value = value[0]
    return shape


def _collect(value, shape, level, leaves):
    """Append the values in the innermost lists, all of which must be of `shape`."""
    if not isinstance(value, list) or level == len(shape):
        if isinstance(value, list) or level != len(shape):
            kind = "list" if isinstance(value, list) else "value"
            raise _refusal(f"Encountered {kind} at unexpected level: {level} expected: {len(shape)}")
        leaves.append(value)
        return
    if len(value) != shape[level]:
        raise _refusal(
            f"Encountered list at unexpected size: {len(value)} at level: {level} expected size: {shape[level]}"
        )
    if level + 1 == len(shape) and not any(isinstance(leaf, list) for leaf in value):
        leaves.extend(value)  # at once: samples come by the hundred thousand
        return
    for item in value:
        _collect(item, shape, level + 1, leaves)


def _converted(leaves, dtype, kind):
    try:
        if kind != "f":
            return np.array(leaves, dtype.as_numpy_dtype)
        floats = np.array(leaves, np.float64)
    except OverflowError:
        raise _refusal(f"Cannot convert JSON value to {dtype.name} without loss of precision.") from None
    with np.errstate(over="ignore"):
        array = floats.astype(dtype.as_numpy_dtype)
    is_lossy = np.isfinite(floats) & ~np.isfinite(array)
    if int in set(map(type, leaves)):
        is_lossy |= (np.abs(floats) >= LARGEST_EXACT.get(dtype.name, 2**11)) & np.array(
            [type(v) is int for v in leaves]
        )
    if is_lossy.any():
        first = leaves[int(np.argmax(is_lossy))]
        raise _refusal(f"Cannot convert JSON value: {_shown(first)} to {dtype.name} without loss of precision.")
    return array


def _decoded(leaf):
    if isinstance(leaf, str):
        try:
            return leaf.encode("utf-8")
        except UnicodeEncodeError as error:
            raise _refusal(f"JSON Value: a string is no text: {error}") from None
    if isinstance(leaf, dict):
        if not is_bytes(leaf):
            raise _refusal(f"JSON Value: {_shown(leaf)} not formatted correctly for base64 data")
        return _unbase64(leaf["b64"])
    return leaf


def _unbase64(text):
    """Decode base64 as TensorFlow Serving does: lines may be broken, and padding may be missing."""
    digits = "".join(text.split()).rstrip("=")
    try:
        return base64.b64decode(digits + "=" * (-len(digits) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise _refusal("Unable to base64 decode") from None


def _encoded(value):
    return {"b64": base64.b64encode(value).decode("ascii")}


def _text(value):
    return value.decode("utf-8", "replace")


def _shown(value):
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


def _refusal(message):
    return Refusal("INVALID_ARGUMENT", message)

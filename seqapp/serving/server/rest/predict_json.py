"""JSON bodies of :predict, rows ("instances") and columns ("inputs"), as TensorFlow Serving reads and writes them.

Reference: https://www.tensorflow.org/tfx/serving/api_rest#predict_api
"""

import json

import numpy as np
import tensorflow as tf

from seqapp.serving.server.refusal import Refusal
from seqapp.serving.server.rest.json_arrays import from_array, is_bytes, to_array

DEFAULT_SIGNATURE = "serving_default"
ROWS, COLUMNS = "instances", "inputs"


def parse_object(body: bytes) -> dict:
    """Parse a JSON object.

    Raises:
        Refusal: INVALID_ARGUMENT: empty, no JSON, nested too deep, or no object.
    """
    if not body:
        raise _refusal("JSON Parse error: The document is empty")
    try:
        request = json.loads(body)
    except (ValueError, RecursionError) as error:  # broken, not UTF-8, an endless number, or ten thousand brackets
        raise _refusal(f"JSON Parse error: {error}") from None
    if not isinstance(request, dict):
        raise _refusal(f"JSON Value of type {type(request).__name__} Is not object")
    return request


def signature_name(request: dict) -> str:
    """Get the signature that a request asks for."""
    name = request.get("signature_name", "")
    if not isinstance(name, str):
        raise _refusal("JSON Value not formatted correctly. 'signature_name' key must be a string value.")
    return name or DEFAULT_SIGNATURE


def check_rows(request: dict, max_rows: int) -> None:
    """Refuse a request of too many rows.

    Raises:
        Refusal: INVALID_ARGUMENT.
    """
    rows = request.get(ROWS)
    if isinstance(rows, list) and len(rows) > max_rows:
        raise _refusal(f"Expected at most {max_rows} rows in one request. Received: {len(rows)}. Send them in several.")


def parse_inputs(request: dict, specs: dict[str, tf.TensorSpec]) -> tuple[dict[str, np.ndarray], str]:
    """Parse the arrays of a request.

    Args:
        request: Parsed body.
        specs: Of the signature's inputs, by name.

    Returns:
        Arrays by name, and their format: `ROWS` or `COLUMNS`.

    Raises:
        Refusal: INVALID_ARGUMENT.
    """
    if ROWS in request and COLUMNS in request:
        raise _refusal(f"Not formatted correctly expecting only one of '{COLUMNS}' or '{ROWS}' keys to exist")
    if ROWS in request:
        return _of_rows(request[ROWS], specs), ROWS
    if COLUMNS in request:
        return _of_columns(request[COLUMNS], specs), COLUMNS
    raise _refusal(f"Missing '{COLUMNS}' or '{ROWS}' key")


def write_outputs(
    outputs: dict[str, np.ndarray], format: str, special: str = "token", beside: dict[str, list[str]] | None = None
) -> bytes:
    """Write the body of an answer.

    Args:
        outputs: Arrays by name; a single one goes without its name.
        format: Of the request: `ROWS` or `COLUMNS`.
        special: Of NaN and infinity, as for `from_array`.
        beside: What is told of the request as a whole, by name.
    """
    columns = {name: from_array(array, name, special) for name, array in sorted(outputs.items())}
    if format == COLUMNS:
        answer = {"outputs": columns if len(columns) > 1 else next(iter(columns.values()))}
    else:
        _check_rows(outputs)
        names = list(columns)
        rows = [dict(zip(names, row)) if len(names) > 1 else row[0] for row in zip(*columns.values())]
        answer = {"predictions": rows}
    return json.dumps(answer | (beside or {}), ensure_ascii=False).encode("utf-8")


def _of_rows(rows, specs):
    if not isinstance(rows, list):
        raise _refusal(f"Expecting '{ROWS}' to be an list/array")
    if not rows:
        raise _refusal(f"No values in '{ROWS}' array")
    if not _is_named(rows[0]):
        return _of_plain_rows(rows, specs)
    for number, row in enumerate(rows):
        if not _is_named(row):
            raise _refusal(f"Expecting object but got list at item {number} of input list")
        if row.keys() != specs.keys():
            raise _refusal(
                f"Failed to process element: {number} of '{ROWS}' list. JSON object: {sorted(row)[:9]} keys must be "
                f"equal to: {','.join(sorted(specs))}"
            )
    return {name: _array([row[name] for row in rows], spec, ROWS) for name, spec in specs.items()}


def _of_plain_rows(rows, specs):
    if len(specs) != 1:
        raise _refusal(f"{ROWS} is a plain list, but expecting list of objects as multiple input tensors required")
    if any(map(_is_named, rows)):
        raise _refusal(f"Expecting value/list but got object in '{ROWS}'")
    ((name, spec),) = specs.items()
    return {name: _array(rows, spec, ROWS)}


def _of_columns(columns, specs):
    if not _is_named(columns):
        if len(specs) != 1:
            raise _refusal(
                f"{COLUMNS} is a plain value/list, but expecting an object as multiple input tensors required"
            )
        columns = {name: columns for name in specs}
    for name in specs:
        if name not in columns:
            raise _refusal(f"Missing named input: {name} in '{COLUMNS}' object.")
    return {name: _array(columns[name], spec, COLUMNS) for name, spec in specs.items()}


def _array(value, spec, format):
    try:
        return to_array(value, spec.dtype)
    except Refusal as refusal:
        raise _refusal(f"Failed to process key: {spec.name} of '{format}'. Error: {refusal.message}") from None


def _check_rows(outputs):
    sizes = {name: array.shape[:1] for name, array in outputs.items()}
    for name, size in sizes.items():
        if not size:
            raise _refusal(f"Tensor name: {name} has no shape information. Ask for it in columns: '{COLUMNS}'.")
    if len(set(sizes.values())) > 1:
        raise _refusal(f"Outputs have inconsistent batch sizes: {sizes}. Ask for them in columns: '{COLUMNS}'.")


def _is_named(value):
    return isinstance(value, dict) and not is_bytes(value)


def _refusal(message):
    return Refusal("INVALID_ARGUMENT", message)

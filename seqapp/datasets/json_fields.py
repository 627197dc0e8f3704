"""Texts and ids in JSON objects: numbers become texts, null is absent, lists and booleans are refused by name."""

from collections.abc import Mapping
from typing import Any

from seqapp.datasets.file_tree import readable


def text_field(record: Mapping[str, Any], *keys: str, default: str = "") -> str:
    """Return a text of an object.

    Args:
        record: The object.
        *keys: Names of the field; the first that is there and not null counts.
        default: Text where none is there.

    Raises:
        ValueError: A list, an object or a boolean.
    """
    key = next((key for key in keys if record.get(key) is not None), None)
    if key is None:
        return default
    value = record[key]
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(f"{key}: expected a text, received {value!r}")
    return readable(str(value))

"""Padding of several requests to one batch, and its outputs split into those that each request alone would get."""

from collections.abc import Iterable

import numpy as np

from seqapp.serving.server.loaded_models.signature import Signature

Arrays = dict[str, np.ndarray]  # by name

MAX_WASTE = 2.0  # a batch is at most so many times as large as the requests in it: one long one makes all others wait
SMALL = 65_536  # elements of an input up to which padding costs less than another batch

# Outputs with one column per character, frame or stroke, by the output that counts these in each row: a batch has the
# columns of its longest row, a request alone those of its own longest. See `RawToText` and `SpeechStream`.
COLUMNS = {
    "num_characters": (
        "characters", "char_frames", "char_confidences", "char_points", "char_start_s", "char_end_s", "char_left",
        "char_right",
    ),
    "num_frames": (
        "log_probs", "frame_labels", "frame_log_probs", "frame_characters", "frame_start_s",
    ),
    "num_strokes": ("stroke_lines",),
}  # fmt: skip
COUNTED_BY = {name: count for count, names in COLUMNS.items() for name in names}


class Padding:
    """Joins requests to one signature to batches, where they can share one.

    Rows are joined along the first axis. Where the signature takes `lengths`, inputs whose second axis is free are
    filled up with zeros to the longest; everything else must be of equal shape. Only signatures that give texts and
    count their columns share batches: of others nobody knows whether their rows are independent of each other.

    Args:
        signature: `Signature`.
    """

    def __init__(self, signature: Signature):
        self._inputs = signature.inputs
        self._outputs = signature.outputs
        has_lengths = "lengths" in self._inputs
        self._padded = {name for name, spec in self._inputs.items() if has_lengths and _is_free(spec, 1)}
        specs = (*self._inputs.values(), *self._outputs.values())
        self._is_possible = (
            "text" in self._outputs
            and not COLUMNS.keys().isdisjoint(self._outputs)
            and all(_is_free(spec, 0) for spec in specs)
            and all(map(self._is_known, self._outputs.values()))
        )

    def num_rows(self, requests: Iterable[Arrays]) -> int:
        """Count the rows of requests; one to a signature that takes no batches counts as one."""
        return sum(_rows(inputs) if self._is_possible else 1 for inputs in requests)

    def fit(self, batch: list[Arrays], another: Arrays, max_rows: int) -> bool:
        """Tell whether a request can join others that fit together, in a batch that wastes little on padding.

        Args:
            batch: Dicts of arrays, one or more.
            another: Dict of arrays.
            max_rows: Of the batch.
        """
        requests = [*batch, another]
        return (
            self._is_possible
            and self.num_rows(requests) <= max_rows
            and all(map(self._has_rows, (batch[0], another)))
            and self._shapes(batch[0]) == self._shapes(another)
            and all(self._is_worth(requests, name) for name in self._padded)
        )

    def join(self, requests: list[Arrays]) -> Arrays:
        """Join requests to one batch; a single request is one as it is."""
        if len(requests) == 1:
            return requests[0]
        requests = [self._within(inputs) for inputs in requests]
        return {name: self._joined(name, [inputs[name] for inputs in requests]) for name in self._inputs}

    def split(self, outputs: Arrays, requests: list[Arrays]) -> list[Arrays]:
        """Split the outputs of a batch into those of each request, cut to the columns that it would have had alone."""
        if len(requests) == 1:
            return [outputs]
        ends = np.cumsum([_rows(inputs) for inputs in requests])
        parts = (
            {name: array[end - _rows(r) : end] for name, array in outputs.items()} for r, end in zip(requests, ends)
        )
        return [{name: _columns(name, part) for name in part} for part in parts]

    def _is_known(self, spec):
        """Tell whether an output's columns are of one number, or counted by another output."""
        return None not in spec.shape.as_list()[1:] or COUNTED_BY.get(spec.name) in self._outputs

    def _within(self, inputs):
        """Clip lengths beyond the end of an input, as the graph does, which sees the longest of the batch."""
        if not self._padded:
            return inputs
        end = min(inputs[name].shape[1] for name in self._padded)
        return {**inputs, "lengths": np.clip(inputs["lengths"], 0, end)}

    def _has_rows(self, inputs):
        return {len(array) for array in inputs.values()} == {_rows(inputs)} != {0}

    def _shapes(self, inputs):
        """Shapes that must be equal in all requests of a batch."""
        return {name: array.shape[2 if name in self._padded else 1 :] for name, array in inputs.items()}

    def _is_worth(self, requests, name):
        arrays = [inputs[name] for inputs in requests]
        row = int(np.prod(arrays[0].shape[2:])) * max(array.shape[1] for array in arrays)
        size = row * self.num_rows(requests)
        return size <= SMALL or size <= MAX_WASTE * sum(array.size for array in arrays)

    def _joined(self, name, arrays):
        if name in self._padded:
            longest = max(array.shape[1] for array in arrays)
            arrays = [_filled(array, longest) for array in arrays]
        return np.concatenate(arrays)


def _is_free(spec, axis):
    return spec.shape.rank is not None and spec.shape.rank > axis and spec.shape[axis] is None


def _rows(inputs):
    return len(next(iter(inputs.values())))


def _filled(array, longest):
    return np.pad(array, [(0, 0), (0, longest - array.shape[1]), *[(0, 0)] * (array.ndim - 2)])


def _columns(name, part):
    return part[name][:, : part[COUNTED_BY[name]].max()] if COUNTED_BY.get(name) in part else part[name]

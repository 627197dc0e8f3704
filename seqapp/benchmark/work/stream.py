"""Streaming workload: one step of a stack of layers through the signature of a SavedModel, a frame at a time."""

import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import tensorflow as tf

from seqapp.models.encoder import Encoder, flatten_state, unflatten_state
from seqapp.recipe import EncoderConfig

AXES = "B, T, F, H"
CELLS = ("min_gru", "lstm", "gru", "lru", "mamba2", "gated_delta")
ANY_LENGTH = ", any length"  # of a chunk: the graph does not know that it is one frame
HANDED_BACK = ", tensors handed back"  # nothing computed: what calling a signature with as many tensors costs alone
ROUNDS = 10  # turns that the cells take, so that other load falls on all alike
WARM_UP = 20  # calls that are not counted


def stream_rows(units: int, layers: int, calls: int, threads: int, only: Sequence[str] = ()) -> list[dict]:
    """Time a step of one frame and one row, for each cell: forward_ms is the median, p95_ms the slow end.

    cpu_ms is the median of the time of the process's threads, which other programs lengthen less.

    Args:
        units: H of each layer, and F.
        layers: Number of layers.
        calls: Calls that are timed, of each cell.
        threads: What to write into the rows.
        only: Parts of names; cells that hold none of them are left out. Empty: all.

    Raises:
        ValueError: Where no name is meant.
    """
    cells = [cell for cell in CELLS if not only or any(part in cell for part in only)]
    if not cells:
        raise ValueError(f"--only must be part of a row's name: {', '.join(CELLS)}. Received: {' '.join(only)}.")
    streams = {cell: Stream(cell, units, layers, num_frames=1) for cell in cells}
    streams |= {f"{cell}{ANY_LENGTH}": Stream(cell, units, layers, num_frames=None) for cell in cells}
    streams |= {f"{cell}{HANDED_BACK}": Stream(cell, units, layers, 1, HandedBack) for cell in cells}
    times = {name: [] for name in streams}
    for stream in streams.values():
        stream.run(WARM_UP)
    for _ in range(ROUNDS):
        for name, stream in streams.items():
            times[name] += stream.run(-(-calls // ROUNDS))
    return [row_of(name, units, times[name], threads) for name in streams]


def row_of(name: str, units: int, times: Sequence[tuple[float, float]], threads: int) -> dict:
    """Return the row of single calls, at least two: seconds that passed, and those of the process's threads."""
    passed, of_process = zip(*times)
    return {
        "name": name, "shape": [1, 1, units, units], "forward_ms": round(1000 * statistics.median(passed), 3),
        "p95_ms": round(1000 * statistics.quantiles(passed, n=20)[-1], 3),
        "cpu_ms": round(1000 * statistics.median(of_process), 3), "step_ms": None, "threads": threads,
    }  # fmt: skip


class HandedBack(Encoder):
    """An encoder that computes nothing: a step gives back what it takes."""

    def stream_step(self, features, lengths, final, state):
        return tf.nest.map_structure(tf.identity, (features, lengths, state))


class Stream:
    """A stack that was exported and loaded again, and the state of its one row.

    Args:
        cell: Name of the cell.
        units: H, and F.
        layers: Number of layers.
        num_frames: T of the signature; None: chunks of any length, of which one frame is given.
        encoder_class: `Encoder`, or a subclass that takes the same steps in another way.
    """

    def __init__(self, cell: str, units: int, layers: int, num_frames: int | None, encoder_class: type = Encoder):
        encoder = encoder_class(
            EncoderConfig(cell=cell, units=units, num_layers=layers, bidirectional=False, stem_strides=(), dropout=0.0)
        )
        encoder.build((None, None, units))
        self._state = flatten_state(encoder.stream_init(1))
        with tempfile.TemporaryDirectory() as folder:
            export(encoder, units, num_frames, folder)
            self._model = tf.saved_model.load(folder)
        self._step = self._model.signatures["stream_step"]
        self._frame = {
            "features": tf.random.stateless_normal([1, 1, units], seed=[5, 6]),
            "lengths": tf.constant([1]), "final": tf.constant([False]),
        }  # fmt: skip

    def run(self, calls: int) -> list[tuple[float, float]]:
        """Time `calls` steps one by one, the state carried on; return the seconds that passed and of the process."""
        times = []
        for _ in range(calls):
            start = time.perf_counter(), time.process_time()
            result = self._step(**self._frame, **self._state)
            result["encoded"].numpy()
            times.append((time.perf_counter() - start[0], time.process_time() - start[1]))
            self._state = {name: result[name] for name in self._state}
        return times


def export(encoder: Encoder, num_features: int, num_frames: int | None, folder: str | Path) -> None:
    """Write a SavedModel with the signature `stream_step`: a chunk and the state in, encoded frames and state out."""
    state = encoder.stream_init(1)

    @tf.function(autograph=False)
    def stream_step(features, lengths, final, **tensors):
        encoded, count, after = encoder.stream_step(features, lengths, final, unflatten_state(tensors, state))
        return {"encoded": encoded, "num_encoded": count, **flatten_state(after)}

    specs = {
        "features": tf.TensorSpec([None, num_frames, num_features]),
        "lengths": tf.TensorSpec([None], tf.int32), "final": tf.TensorSpec([None], tf.bool),
        **{name: tf.TensorSpec([None, *t.shape[1:]], t.dtype) for name, t in flatten_state(state).items()},
    }  # fmt: skip
    specs = {name: tf.TensorSpec(spec.shape, spec.dtype, name=name) for name, spec in specs.items()}
    module = tf.Module()
    module.variables_of_encoder = [v.value for v in encoder.variables]
    tf.saved_model.save(module, folder, signatures={"stream_step": stream_step.get_concrete_function(**specs)})

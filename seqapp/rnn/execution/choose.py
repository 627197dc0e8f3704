"""Choice of the execution by cell, device and sequence length; the choice is logged."""

import functools
import logging
from collections.abc import Callable

import tensorflow as tf

from seqapp.rnn.cells.cell import Cell
from seqapp.rnn.execution.chunkwise import can_chunk, chunkwise
from seqapp.rnn.execution.cudnn import can_use_cudnn, cudnn
from seqapp.rnn.execution.fused import can_fuse, fused
from seqapp.rnn.execution.inference import can_infer, inference
from seqapp.rnn.execution.loop import loop
from seqapp.rnn.execution.parallel_scan import parallel_scan
from seqapp.rnn.execution.target import has_gpu, in_whole_step
from seqapp.rnn.execution.unrolled import unrolled

log = logging.getLogger(__name__)

EXECUTIONS = {
    "loop": loop,
    "unrolled": unrolled,
    "parallel_scan": parallel_scan,
    "chunkwise": chunkwise,
    "fused": fused,
    "inference": inference,
    "cudnn": cudnn,
}
MIN_FUSED_FRAMES = 16  # below, starting what is compiled costs what it saves
MAX_FUSED_FRAMES = 32_768  # of linear cells: beyond, gates that are kept cost several times a scan's memory
MIN_FUSED_ROWS = 3  # of linear cells: `fused` runs four rows, whether or not they hold anything
MAX_UNROLLED_FRAMES = 4  # so few steps are sooner done than a loop or a scan has begun
NEEDS = {
    "parallel_scan": "a cell with h_t = a_t * h_{t-1} + b_t",
    "chunkwise": "a cell with a matrix for a state",
    "fused": "a linear cell, or an LSTMCell, a SimpleCell or a GRUCell with reset_after=True, of default "
    "activations, no subclass",
    "inference": "a linear cell, or an LSTMCell, a SimpleCell or a GRUCell with reset_after=True, of default "
    "activations, no subclass; without layer_norm",
    "cudnn": "a GPU, and an LSTMCell or a GRUCell with reset_after=True in float32, float16 or bfloat16, of "
    "default activations, without layer_norm",
}


def choose(
    name: str,
    cell: Cell,
    training: bool = False,
    num_frames: int | None = None,
    batch_size: int | None = None,
    is_stream: bool = False,
) -> Callable:
    """Choose the execution function for a cell.

    `"auto"` takes

    - `unrolled` for a few frames of a known number, as a stream brings them;
    - `chunkwise` for cells with a matrix for a state: any length, any device, in training and outside;
    - `cudnn` for LSTM and GRU while training on a GPU, unless recurrent dropout stands inside of the recurrent product.
      Not outside of training: what is exported where there is a GPU must run where there is none. Not inside of
      `whole_step`, since XLA does not know it;
    - `fused` for the cells that it knows, while training on a CPU, unless the frames or the rows are known to be few
      (or, for linear cells, the frames to be very many): an LSTM takes 0.4 of
      `loop`'s time, a min_gru 0.85 of `parallel_scan`'s (B=16 T=512 F=H=256, forward and backward). Not outside of
      training, so that a SavedModel holds plain operations, which every runtime and converter takes, and a server
      never stops to compile; not on a GPU, whose kernels would be many and tiny (but for LSTM and GRU inside of
      `whole_step`, where it takes fewer than `loop`); not where functions run eagerly, as in a debugger, since only XLA
      knows its operations;
    - `loop` for chunks of a stream, where a cell is not linear in its state and their frames are of unknown number:
      they are few, and what `inference` arranges for many costs a single frame as much as the frame itself;
    - `inference` outside of training for the cells that it knows (on a GPU linear ones are scanned): about half of
      `loop`'s time, 0.8 to 0.9 of that of `parallel_scan`;
    - else `parallel_scan` for cells that are linear in their state: any length, any device;
    - else `loop`.

    `"fused"` too means `inference` outside of training, but for linear cells: it is as fast without a compilation, and
    needs no XLA where it is served. So does `"cudnn"`.

    Args:
        name: `"auto"` or a key of EXECUTIONS.
        cell: The `Cell` to run.
        training: Whether gradients will be asked for.
        num_frames: T, or None where it is unknown while the graph is traced.
        batch_size: B, or None.
        is_stream: Whether sequences are chunks of longer ones, mostly short.

    Returns:
        A function with the signature of `loop`; `inference` and `cudnn` take sequences instead of gates.

    Raises:
        ValueError: For an unknown name, or one that the cell does not allow.
    """
    if name == "auto":
        name, reason = _automatic(cell, training, num_frames, batch_size, is_stream)
        _log_once(type(cell).__name__, name, reason)
    elif name == "fused" and not (training or cell.is_linear or has_gpu()) and can_infer(cell):
        name = "inference"
    if name not in EXECUTIONS:
        raise ValueError(f"execution must be 'auto' or one of {', '.join(EXECUTIONS)}. Received: {name!r}.")
    legal = legal_executions(cell)
    if name not in legal:
        raise ValueError(
            f"execution={name!r} needs {NEEDS[name]}. Received: {type(cell).__name__}. "
            f"Use execution='auto' or one of {', '.join(legal)}, or another cell."
        )
    if name == "cudnn" and not training:
        return inference
    if name == "cudnn" and cell.recurrent_dropout:
        raise ValueError(
            "execution='cudnn' has no recurrent dropout. "
            f"Received: a {type(cell).__name__} with recurrent_dropout={cell.recurrent_dropout}, in training. "
            "Use execution='auto', or dropout of the inputs alone."
        )
    return EXECUTIONS[name]


def legal_executions(cell: Cell) -> list[str]:
    """Return the names of the executions that can run a cell, the reference first."""
    legal = {
        "parallel_scan": cell.is_linear,
        "chunkwise": can_chunk(cell),
        "fused": can_fuse(cell),
        "inference": can_infer(cell),
        "cudnn": has_gpu() and can_use_cudnn(cell),
    }
    return [name for name in EXECUTIONS if legal.get(name, True)]


def _automatic(cell, training, num_frames, batch_size, is_stream):
    """Return a name and the reason for it, which reads after the cell's name."""
    if num_frames is not None and num_frames <= MAX_UNROLLED_FRAMES:
        return "unrolled", f"runs over {MAX_UNROLLED_FRAMES} frames at most"
    if can_chunk(cell):
        return "chunkwise", "has a matrix for a state"
    if training and has_gpu() and can_use_cudnn(cell) and not cell.recurrent_dropout and not in_whole_step():
        return "cudnn", "is known to cuDNN, and trains on a GPU"
    otherwise = "parallel_scan" if cell.is_linear else "loop"
    kind = "is linear in its state" if cell.is_linear else "is not linear in its state"
    if is_stream and num_frames is None and not cell.is_linear:
        return "loop", f"{kind}, and runs over a stream's chunks"
    if not training and can_infer(cell) and not (cell.is_linear and has_gpu()):
        return "inference", f"{kind}, and no gradient is asked for"
    if not can_fuse(cell):
        return otherwise, f"{kind}, and has no derived backward pass"
    if not training:
        return otherwise, f"{kind}, and outside of training nothing is compiled"
    if num_frames is not None and num_frames < MIN_FUSED_FRAMES:
        return otherwise, f"{kind}, and runs over fewer than {MIN_FUSED_FRAMES} frames"
    if cell.is_linear and num_frames is not None and num_frames > MAX_FUSED_FRAMES:
        return otherwise, f"{kind}, and runs over more than {MAX_FUSED_FRAMES} frames"
    if cell.is_linear and batch_size is not None and batch_size < MIN_FUSED_ROWS:
        return otherwise, f"{kind}, and runs over fewer than {MIN_FUSED_ROWS} rows"
    if has_gpu() and (cell.is_linear or not in_whole_step()):
        return otherwise, f"{kind}, and fused is made for CPUs"
    if tf.config.functions_run_eagerly():
        return otherwise, f"{kind}, and functions run eagerly, where nothing is compiled"
    device = "inside of a step that is compiled whole" if has_gpu() else "on a CPU"
    return "fused", f"has a derived backward pass, and trains {device}"


@functools.cache
def _log_once(cell_name, name, reason):
    log.info("execution: %s, because %s %s", name, cell_name, reason)

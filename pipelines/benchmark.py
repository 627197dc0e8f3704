"""Time what seqapp is made of on this machine, beside its peers, in one run.

    python pipelines/benchmark.py rnn
    python pipelines/benchmark.py rnn --batch 32 --frames 1000 --threads 1 --only lstm gru --json
    python pipelines/benchmark.py rnn --lengths 512 1024 2048 4096 8192 16384

A forward pass gives all outputs; a step adds the gradients of inputs and weights for a fixed gradient of the outputs.
Times are medians over repetitions of the whole list, so that a burst of other load falls on all alike; the spread is
half of the range between the fastest and the slowest. A peer is timed where it can be imported.
"""

import argparse
import importlib.util
import json
import logging
import os
import resource
import statistics
import subprocess
import sys
import time

from seqapp import command_line

log = logging.getLogger("seqapp")
PAUSE_S = 0.05  # between runs: threads of the library timed before spin for a while, and would be counted
COLUMNS = (
    "name", "frames", "forward_ms", "forward_spread_ms", "step_ms", "step_spread_ms", "first_step_s",
    "step_us_per_frame", "memory_mb", "memory_kb_per_frame",
)  # fmt: skip
SIZES = (
    ("batch", 16, "rows B"), ("frames", 512, "frames T"), ("units", 256, "features F and units H"),
    ("repeats", 7, "repetitions"), ("threads", 2, "CPU threads of every library"),
)  # fmt: skip


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    rnn = parser.add_subparsers(dest="what", required=True).add_parser("rnn", help="recurrent layers")
    for name, default, meaning in SIZES:
        rnn.add_argument(f"--{name}", type=positive, default=default, help=f"{meaning} (default: {default})")
    rnn.add_argument("--only", nargs="+", default=[""], metavar="TEXT", help="rows whose name holds one of these")
    rnn.add_argument(
        "--lengths", type=positive, nargs="+", metavar="T", help="time and memory of min_gru for each length"
    )
    rnn.add_argument("--json", action="store_true", help="print a list of rows instead of a table")
    arguments = parser.parse_args(argv)
    rows = linearity(arguments) if arguments.lengths else compare(arguments)
    print(json.dumps(rows, indent=1) if arguments.json else to_text(rows))


def positive(text):
    if (number := int(text)) < 1:
        raise argparse.ArgumentTypeError(f"must be at least 1, not {number}")
    return number


def compare(arguments):
    """One row for each recurrent layer, ours and its peers'."""
    command_line.import_tensorflow()
    import tensorflow as tf

    logging.getLogger("tensorflow").setLevel(logging.ERROR)  # it warns of as many functions as there are rows
    tf.config.threading.set_intra_op_parallelism_threads(arguments.threads)
    tf.config.threading.set_inter_op_parallelism_threads(arguments.threads)
    before_mb = peak_memory_mb()
    work = tensorflow_work(arguments.batch, arguments.frames, arguments.units)
    if importlib.util.find_spec("torch"):
        work |= torch_work(arguments.batch, arguments.frames, arguments.units, arguments.threads)
    chosen = {name: runs for name, runs in work.items() if any(part in name for part in arguments.only)}
    if not chosen:
        raise ValueError(f"--only must be part of a row's name: {', '.join(work)}. Received: {arguments.only}.")
    log.info("timing %d rows; load of the machine before: %.1f", len(chosen), os.getloadavg()[0])
    shape = [arguments.batch, arguments.frames, arguments.units, arguments.units]
    rows = [{"name": name, "shape": shape, **times} for name, times in measure(chosen, arguments.repeats).items()]
    if len(rows) == 1:  # the peak is that of the whole process
        rows[0]["memory_mb"] = round(peak_memory_mb() - before_mb)
    return [row | {"threads": arguments.threads} for row in rows]


def linearity(arguments):
    """Rows of min_gru, one a length, each in a process of its own: the peak of memory never comes down again."""
    command = [sys.executable, __file__, "rnn", "--json", "--only", "min_gru (auto)"]
    for name in ("batch", "units", "repeats", "threads"):
        command += [f"--{name}", str(getattr(arguments, name))]
    rows = []
    for frames in arguments.lengths:
        run = subprocess.run([*command, "--frames", str(frames)], check=True, stdout=subprocess.PIPE)
        (row,) = json.loads(run.stdout)
        per_frame = {"step_us": 1000 * row["step_ms"], "memory_kb": 1024 * row["memory_mb"]}
        costs = {f"{name}_per_frame": round(total / frames, 1) for name, total in per_frame.items()}
        rows.append(row | {"frames": frames} | costs)
    return rows


def measure(work, repeats):
    """Times of `work`, a dict of name to (forward, step), each run in turn `repeats` times.

    Returns:
        Dict of name to the row's times.
    """
    first = {name: [timed(run) for run in runs] for name, runs in work.items()}
    times = {name: ([], []) for name in work}
    for _ in range(repeats):
        for name, runs in work.items():
            for run, kept in zip(runs, times[name]):
                kept.append(timed(run))
    return {name: row_of(*times[name], first[name][1]) for name in work}


def timed(run):
    """Seconds that a call took."""
    time.sleep(PAUSE_S)
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def row_of(forward, step, first_step):
    spreads = [round(500 * (max(kept) - min(kept)), 1) for kept in (forward, step)]
    medians = [round(1000 * statistics.median(kept), 1) for kept in (forward, step)]
    return {
        "forward_ms": medians[0], "forward_spread_ms": spreads[0],
        "step_ms": medians[1], "step_spread_ms": spreads[1], "first_step_s": round(first_step, 2),
    }  # fmt: skip


def tensorflow_work(batch, frames, units):
    """Name to (forward, step) of our layers, of Keras's, and of the matmuls that bound min_gru."""
    import keras
    import tensorflow as tf

    from seqapp.rnn import Recurrent
    from seqapp.rnn.cells import GRUCell, LSTMCell, MinGRUCell, SimpleCell

    inputs = tf.random.stateless_normal([batch, frames, units], seed=[1, 2])
    peers = (keras.layers.LSTM, keras.layers.GRU, keras.layers.SimpleRNN)
    layers = {
        "min_gru (auto)": Recurrent(MinGRUCell(units)),
        "min_gru (auto, XLA)": Recurrent(MinGRUCell(units)),
        "matmuls of min_gru alone": keras.layers.Dense(2 * units, use_bias=False),
        "matmuls of min_gru alone, XLA": keras.layers.Dense(2 * units, use_bias=False),
        "lstm (loop)": Recurrent(LSTMCell(units), "loop"),
        "lstm (fused)": Recurrent(LSTMCell(units), "fused"),
        "gru (fused)": Recurrent(GRUCell(units), "fused"),
        "simple (fused)": Recurrent(SimpleCell(units), "fused"),
        **{f"keras.layers.{peer.__name__}": peer(units, return_sequences=True) for peer in peers},
    }
    return {name: tensorflow_runs(layer, inputs, "XLA" in name) for name, layer in layers.items()}


def tensorflow_runs(layer, inputs, jit_compile):
    import tensorflow as tf

    layer.build(inputs.shape)
    weights = [v.value for v in layer.trainable_variables]
    upstream = tf.random.stateless_normal(layer.compute_output_shape(inputs.shape), seed=[3, 4])

    @tf.function(jit_compile=jit_compile)
    def forward():
        return layer(inputs)

    @tf.function(jit_compile=jit_compile)
    def step():
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            outputs = layer(inputs, training=True)
        return tape.gradient(outputs, [inputs, *weights], upstream)

    def finish(run):
        run()
        tf.test.experimental.sync_devices()  # a GPU returns before it is done

    return lambda: finish(forward), lambda: finish(step)


def torch_work(batch, frames, units, threads):
    """Name to (forward, step) of PyTorch's layers, on the CPU."""
    import torch

    torch.set_num_threads(threads)
    inputs = torch.randn(batch, frames, units, requires_grad=True)
    upstream = torch.randn(batch, frames, units)

    def runs(layer):
        def forward():
            with torch.no_grad():
                return layer(inputs)[0]

        def step():
            return torch.autograd.grad(layer(inputs)[0], [inputs, *layer.parameters()], upstream)

        return forward, step

    peers = (torch.nn.LSTM, torch.nn.GRU)
    return {f"torch.nn.{peer.__name__}": runs(peer(units, units, batch_first=True)) for peer in peers}


def peak_memory_mb():
    """Largest resident memory of this process so far (Linux counts in KiB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def to_text(rows):
    """A table of the rows; of the columns those that every row has."""
    shape = rows[0]["shape"] if len({str(row["shape"]) for row in rows}) == 1 else "differs"
    columns = [name for name in COLUMNS if all(name in row for row in rows)]
    lines = [columns, *[[str(row[name]) for name in columns] for row in rows]]
    widths = [max(map(len, column)) for column in zip(*lines)]
    table = ["  ".join([line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])]) for line in lines]
    return "\n".join([f"[B, T, F, H] {shape}, {rows[0]['threads']} threads", *table])


if __name__ == "__main__":
    command_line.run(main)

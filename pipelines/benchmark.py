"""Time layers, losses and decoding beside other libraries.

    python pipelines/benchmark.py rnn
    python pipelines/benchmark.py rnn --batch 32 --frames 1000 --threads 1 --only lstm gru --json
    python pipelines/benchmark.py rnn --lengths 512 1024 2048 4096 8192 16384
    python pipelines/benchmark.py rnn --plot costs.png
    python pipelines/benchmark.py ctc
    python pipelines/benchmark.py features
    python pipelines/benchmark.py input --only an4 --gpu-frames-per-s 800000
    python pipelines/benchmark.py stream
    python pipelines/benchmark.py models --threads 1
    python pipelines/benchmark.py shapes
    python pipelines/benchmark.py resume
    python pipelines/benchmark.py decoders saved_models/an4 recording.flac --language-model an4.arpa --threads 1
    python pipelines/benchmark.py latency saved_models/unipen --dataset unipen/lines --data-dir ~/corpora --threads 1

A forward pass gives all outputs; a step adds the gradients of inputs and weights for a fixed gradient of the outputs.
Times are medians over repetitions of the whole list, so that a burst of other load falls on all alike; the spread is
half of the range between the fastest and the slowest. A peer (PyTorch, optax, librosa) is timed where it is installed.
Below a table stands what the project demands of its own speed, as far as its rows show it.
"""

import json

from seqapp import command_line
from seqapp.benchmark.options import add_senses


def main(argv=None):
    parser = command_line.make_parser(__doc__)
    add_senses(parser)
    arguments = parser.parse_args(argv)
    paths = (getattr(arguments, name, None) for name in ("model", "example", "data_dir"))
    command_line.expect_paths(*paths)
    rows, axes = measured(arguments)
    print(json.dumps(rows, indent=1) if arguments.json else as_text(rows, axes))


def measured(arguments):
    from seqapp.benchmark.threads import start_tensorflow

    start_tensorflow(arguments.threads)
    if arguments.sense == "latency":
        from seqapp.serving.latency import AXES, latency_rows

        return latency_rows(arguments), AXES
    from seqapp.benchmark.run import run

    return run(arguments, __file__)


def as_text(rows, axes):
    from seqapp.benchmark.bars import verdicts
    from seqapp.benchmark.table import to_text

    return "\n".join([to_text(rows, axes), *verdicts(rows)])


if __name__ == "__main__":
    command_line.run(main)

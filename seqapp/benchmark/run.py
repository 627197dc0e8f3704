"""Runs of the benchmark: parsed options to rows, one function per subcommand."""

import argparse
import logging
from pathlib import Path

logger = logging.getLogger(__name__)


def run(arguments: argparse.Namespace, script: str | Path) -> tuple[list[dict], str]:
    """Time one sense.

    Args:
        arguments: As parsed with `options.add_senses`.
        script: Path of the script, which is started again for each length.

    Returns:
        rows: List of dicts.
        axes: What the numbers of their shapes are.
    """
    return SENSES[arguments.sense](arguments, script)


def _rnn(arguments, script):
    from seqapp.benchmark import lengths
    from seqapp.benchmark.work import rnn

    if arguments.lengths:
        return lengths.rows_by_length(arguments, script), rnn.AXES
    if arguments.plot:
        return _draw(arguments), rnn.AXES
    before_mb = lengths.peak_memory_mb()
    rows = _compare(rnn.work(arguments.batch, arguments.frames, arguments.units, arguments.threads), arguments)
    if len(rows) == 1:  # the peak is that of the whole process
        rows[0]["memory_mb"] = round(lengths.peak_memory_mb() - before_mb)
    return rows, rnn.AXES


def _draw(arguments):
    from seqapp.benchmark.plot import plot_costs
    from seqapp.benchmark.sweep import sweep
    from seqapp.evaluation.plots.figure import save_figure

    base = arguments.batch, arguments.frames, arguments.units
    rows = sweep(*base, arguments.only, arguments.repeats, arguments.threads)
    logger.info("drawn: %s", save_figure(plot_costs(rows, base), arguments.plot))
    return rows


def _ctc(arguments, _):
    from seqapp.benchmark.work import ctc

    sizes = arguments.batch, arguments.frames, arguments.symbols, arguments.labels
    return _compare(ctc.work(*sizes, arguments.threads), arguments), ctc.AXES


def _features(arguments, _):
    from seqapp.benchmark.work import features

    rows = _compare(features.work(arguments.lines, arguments.audio_s, arguments.threads), arguments)
    return [features.with_rates(row, arguments.lines, arguments.audio_s) for row in rows], features.AXES


def _input(arguments, _):
    from seqapp.benchmark.work import batches, sleeping_rows

    if arguments.simulated_cores:
        return sleeping_rows.sleeping_rows(arguments.simulated_cores, arguments.threads), sleeping_rows.AXES

    sizes = arguments.examples, arguments.frames, arguments.steps
    return batches.input_rows(*sizes, arguments.gpu_frames_per_s, arguments.only, arguments.threads), batches.AXES


def _stream(arguments, _):
    from seqapp.benchmark.work import stream

    sizes = arguments.units, arguments.layers, arguments.calls
    return stream.stream_rows(*sizes, arguments.threads, arguments.only), stream.AXES


def _models(arguments, _):
    from seqapp.benchmark.work import models

    return _compare(models.work(arguments.folder), arguments), models.AXES


def _next_word(arguments, _):
    from seqapp.benchmark.work import next_word

    sizes = arguments.length, arguments.calls
    return next_word.next_word_rows(*sizes, arguments.threads, arguments.only), next_word.AXES


def _decoders(arguments, _):
    from seqapp.benchmark.work import decoders
    from seqapp.decoding.options import decoder_config

    sizes = arguments.repeats, arguments.threads, arguments.only
    return decoders.decoder_rows(arguments.model, arguments.example, decoder_config(arguments), *sizes), decoders.AXES


def _shapes(arguments, _):
    from seqapp.benchmark.work import shapes

    return shapes.shape_rows(arguments.examples, arguments.frames, arguments.only, arguments.threads), shapes.AXES


def _resume(arguments, _):
    from seqapp.benchmark.work import resume

    return resume.resume_rows(arguments.examples, arguments.epoch, arguments.threads), resume.AXES


def _compare(work, arguments):
    from seqapp.benchmark.timing import compare

    return compare(work, arguments.only, arguments.repeats, arguments.threads)


SENSES = {
    "rnn": _rnn, "ctc": _ctc, "features": _features, "input": _input, "stream": _stream, "models": _models,
    "next_word": _next_word, "decoders": _decoders, "shapes": _shapes,
    "resume": _resume,
}  # fmt: skip

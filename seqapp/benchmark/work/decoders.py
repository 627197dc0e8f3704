"""Decoder workload: the time that each decoder adds on one real example.

The network alone and greedy decoding, which is part of the model's graph, begin with the raw input; all searches begin
with the frames that the network gives. Every search has all that stands above it.
"""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from seqapp.benchmark.timing import compare
from seqapp.datasets.skipped import Skipped
from seqapp.decoding.config import DecoderConfig
from seqapp.decoding.decoder import Decoder
from seqapp.input_pipeline.read import read_inputs
from seqapp.language.rescorer import read_rescorers
from seqapp.models import GREEDY as GREEDY_DECODING
from seqapp.models import Transcriber

AXES = "T', K"
NETWORK, GREEDY, BEAM = "network alone", "network and greedy", "beam"
PARTS = {"lexicon": "lexicon", "n-gram": "language_models", "hotwords": "hotwords", "rescoring": "rescorers"}


def decoder_rows(
    model: str | Path,
    example: str | Path,
    config: DecoderConfig | None,
    repeats: int,
    threads: int,
    only: Sequence[str] = (),
) -> list[dict]:
    """Time one example, for the network and each decoder that the config holds the parts of.

    Args:
        model: A workdir, a SavedModel, or the folder of its versions.
        example: A file, folder or archive; its first usable example is read.
        config: `DecoderConfig`, or None: no language model.
        repeats, threads, only: As for `compare`.

    Raises:
        ValueError: Where there is no model, nothing usable, or a language model cannot be read.
    """
    transcriber = Transcriber.load(model)
    examples = read_inputs([example], transcriber.sense, Skipped())
    if not len(examples):
        raise ValueError(f"{example} holds nothing usable. pipelines/transcribe.py names what is wrong with it.")
    return compare(_work(transcriber, examples.raw_of(0), config or DecoderConfig()), only, repeats, threads)


def _work(transcriber, raw, config):
    """Name -> what builds a run, as `compare` takes it."""
    log_probs, _ = transcriber.log_probs(raw)
    greedy = transcriber.with_decoding(GREEDY_DECODING)
    work = {
        NETWORK: lambda: (list(log_probs.shape), lambda: transcriber.log_probs(raw), None),
        GREEDY: lambda: (list(log_probs.shape), lambda: greedy.transcribe([raw]), None),
    }
    for name, part in searches(config).items():
        work[name] = lambda part=part: (list(log_probs.shape), _search(transcriber.alphabet, part, log_probs), None)
    return work


def searches(config: DecoderConfig) -> dict[str, DecoderConfig]:
    """Return the configs of all searches up to that of a config, each with one part more, by their parts."""
    name = BEAM
    search = dataclasses.replace(config, language_models=(), rescorers=(), hotwords=(), lexicon="")
    configs = {name: search}
    for part, field in PARTS.items():
        if value := getattr(config, field):
            name = f"{name}, {part}"
            search = dataclasses.replace(search, **{field: value})
            configs[name] = search
    return configs


def _search(alphabet, config, log_probs):
    decoder = Decoder(alphabet, config, rescorers=read_rescorers(config))
    return lambda: decoder.decode(log_probs)

"""Committed models with context: the search in the graph is that in Python on whole test splits, streams end as the
whole, and context adds few megabytes.

With -s counts and sizes are printed; tier all compares the sizes of all models, and SEQAPP_DATA names the corpora:
    SEQAPP_DATA=~/corpora pytest --tier all -n 0 -s tests/serving/test_committed_context.py
"""

import functools
import os
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from seqapp.input_pipeline.read import read
from seqapp.models.model_folder import ModelFolder
from seqapp.models.transcriber.local_transcriber import load
from seqapp.models.transcriber.padding import pad
from seqapp.serving.export import export
from tests.serving.test_committed_models import VERSIONS

pytestmark = pytest.mark.slow

CORPORA = {  # of each model with context: the split that nothing was chosen by
    "unipen": "unipen/lines",
    "copiste": "copiste",
    "an4": "an4",
    "an4_streaming": "an4",
}
MOST_GROWTH_BYTES = 12_000_000
BATCH_SIZE = 32
CHUNK_S = 0.4

on_corpora = [
    pytest.mark.corpus,
    pytest.mark.skipif("SEQAPP_DATA" not in os.environ, reason="SEQAPP_DATA names no folder of corpora"),
]


def corpora():
    return [pytest.param(name, marks=on_corpora) for name in CORPORA]


def test_all_models_with_context_are_compared():
    assert {name for name, path in VERSIONS.items() if ModelFolder(path).context is not None} == set(CORPORA)


def nearest_to_the_bar_first():
    """The model of the largest context; an export takes most of a minute."""
    return ["unipen", *(pytest.param(name, marks=pytest.mark.exhaustive) for name in CORPORA if name != "unipen")]


@pytest.mark.parametrize("name", nearest_to_the_bar_first())
def test_context_adds_few_megabytes_to_the_folder_of_a_model(name, tmp_path):
    """As `du -sb` of the model and of what `export.py MODEL TARGET` makes of it, the same weights without context."""
    sizes = [size_of(VERSIONS[name]), size_of(export(VERSIONS[name], tmp_path / name))]
    growth = sizes[0] - sizes[1]
    print(f"\n{name}: {sizes[0] / 1e6:.2f} MB, without context {sizes[1] / 1e6:.2f} MB: + {growth / 1e6:.2f} MB")
    assert 0 < growth <= MOST_GROWTH_BYTES


def size_of(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


@functools.lru_cache(maxsize=1)
def opened(name):
    """The model, the raw examples of its test split, and the readings of its graph."""
    transcriber = load(VERSIONS[name])
    examples, _ = read(CORPORA[name], "test", transcriber.recipe, Path(os.environ["SEQAPP_DATA"]), None)
    raw = [examples.raw_of(index) for index in range(len(examples))]
    return transcriber, raw, transcriber.transcribe(raw)


@pytest.mark.parametrize("name", corpora())
def test_the_graph_reads_a_test_split_as_the_search_in_python_does(name):
    transcriber, raw, readings = opened(name)
    searched = transcriber.with_beam_search().transcribe(raw)
    differing = [place for place, (ours, other) in enumerate(zip(readings, searched)) if ours.text != other.text]
    errors = [
        np.abs(values[: len(reading.alternatives)] - [a.score for a in reading.alternatives[: len(values)]]).max()
        for values, reading in zip(n_best_scores(transcriber, raw), searched, strict=True)
    ]
    print(f"\n{name}: {len(raw)} texts, {len(differing)} differ; scores within {max(errors):.1e}")
    assert not differing and max(errors) <= 1e-4


def n_best_scores(transcriber, raw):
    """Yield the scores of the signature `beam` of each example."""
    beam = transcriber._owner.signatures["beam"]
    for start in range(0, len(raw), BATCH_SIZE):
        inputs, lengths = pad(raw[start : start + BATCH_SIZE], transcriber.sense)
        outputs = beam(**{transcriber.to_text.INPUT: tf.constant(inputs), "lengths": tf.constant(lengths)})
        yield from outputs["scores"].numpy()


@pytest.mark.parametrize("name", [pytest.param("an4_streaming", marks=on_corpora)])
def test_streams_of_a_test_split_end_as_the_whole(name):
    transcriber, raw, readings = opened(name)
    size = round(CHUNK_S * transcriber.sense.config.sample_rate_hz)
    stream, in_python = transcriber.stream(), []
    for samples in raw:
        for start in range(0, len(samples), size):
            stream.push(samples[start : start + size])
        in_python.append(stream.finish()[0].text)
    expected = [reading.text for reading in readings]
    in_graph = [text for start in range(0, len(raw), BATCH_SIZE) for text in stepped(transcriber, raw[start:], size)]
    counts = [sum(a != b for a, b in zip(texts, expected, strict=True)) for texts in (in_graph, in_python)]
    print(f"\n{name}: {len(raw)} streams, {counts[0]} differ in the graph, {counts[1]} in Python")
    assert counts == [0, 0]


def stepped(transcriber, raw, size):
    """Texts of the first rows by the signatures of streams, side by side, each ending in its own time."""
    signatures, raw = transcriber._owner.signatures, raw[:BATCH_SIZE]
    waveform, lengths = (np.asarray(x) for x in pad(raw, transcriber.sense))
    state, texts = signatures["stream_init"](batch_size=tf.constant(len(raw))), [""] * len(raw)
    for start in range(0, waveform.shape[1], size):
        chunk = {
            "waveform": waveform[:, start : start + size],
            "lengths": np.clip(lengths - start, 0, size).astype(np.int32),
            "final": (start < lengths) & (lengths <= start + size),
        }
        step = signatures["stream_step"](**{key: tf.constant(value) for key, value in chunk.items()}, **state)
        state = {key: step[key] for key in state}
        texts = [text + more.decode("utf-8") for text, more in zip(texts, step["text"].numpy())]
    return texts

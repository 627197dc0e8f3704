"""Error rates, sizes and times of portable files on the validation split of a model's corpus."""

import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import tensorflow as tf

from seqapp.ctc import greedy_decode
from seqapp.input_pipeline.read import read
from seqapp.models.model_folder import ModelFolder
from seqapp.serving.portable.export import FORMATS
from seqapp.serving.portable.network import Network
from seqapp.text import ErrorCounts, character_errors, word_errors

log = logging.getLogger(__name__)

FLOAT32 = "SavedModel's network"
SECTION = "\n## Portable files\n"


class Score(NamedTuple):
    """Of one file.

    Attributes:
        name: Of the file.
        megabytes: Its size; of the SavedModel's network, that of its weights.
        cer: Character error rate by greedy decoding, a share.
        wer: Word error rate likewise.
        ms: Of an example, mean.
    """

    name: str
    megabytes: float
    cer: float
    wer: float
    ms: float


def score_portable(version: str | Path, formats: tuple[str, ...], data_dir: str | Path | None) -> list[Score]:
    """Read the validation split with the network of a SavedModel and with each of its portable files.

    Args:
        version: Folder of one version of a SavedModel.
        formats: Names of `FORMATS`, whose files are there.
        data_dir: Where the corpus of the model's recipe lies.

    Raises:
        ValueError: There is no such corpus.
    """
    folder = ModelFolder(Path(version))
    examples, _ = read(folder.recipe.data.dataset, "validation", folder.recipe, data_dir)
    network = Network(version)
    labelled = [index for index in range(len(examples)) if examples.texts[index]]
    features_of = tf.function(network.sense.features, autograph=False, reduce_retracing=True)
    features = [features_of(tf.constant(examples.raw_of(index)))[tf.newaxis].numpy() for index in labelled]
    texts = [str(examples.texts[index]) for index in labelled]

    def run_network(array):
        return network.function(tf.constant(array))["log_probs"]

    scores = [_score(FLOAT32, network.num_bytes, run_network, features, texts, folder)]
    for name in formats:
        path = folder.file(FORMATS[name].FILE)
        run = FORMATS[name].open_file(path.read_bytes())
        scores.append(_score(path.name, path.stat().st_size, run, features, texts, folder))
    for score in scores:
        log.info("%s: %.2f MB, validation CER %.4f, WER %.4f, %.1f ms an example", *score)
    return scores


def section(scores: list[Score]) -> str:
    """Write scores as a section of a model card."""
    rows = [
        f"| {name} | {megabytes:.2f} MB | {100 * cer:.2f} % | {100 * wer:.2f} % | {ms:.1f} ms |\n"
        for name, megabytes, cer, wer, ms in scores
    ]
    return (
        f"{SECTION}\nFeatures to log_probs, on the validation split, by greedy decoding; mean time of an example on "
        f"the machine that\nexported.\n\n| file | size | CER | WER | time |\n|---|---|---|---|---|\n{''.join(rows)}"
    )


def without_scores(card: str) -> str:
    """Cut off what `section` wrote, of files that are not exported again."""
    return card.partition(SECTION)[0]


def _score(name: str, num_bytes: int, run: Callable, features, texts, folder) -> Score:
    characters = words = ErrorCounts()
    seconds = 0.0
    for array, text in zip(features, texts):
        start = time.perf_counter()
        log_probs = np.asarray(run(array))
        seconds += time.perf_counter() - start
        labels = greedy_decode(tf.constant(log_probs), tf.constant([log_probs.shape[1]])).labels
        hypothesis = folder.alphabet.decode(labels.to_list()[0])
        characters += character_errors(text, hypothesis)
        words += word_errors(text, hypothesis)
    return Score(name, num_bytes / 1e6, characters.rate, words.rate, 1000 * seconds / max(1, len(features)))

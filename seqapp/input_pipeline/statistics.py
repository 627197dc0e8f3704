"""Feature statistics: mean and standard deviation of every feature over a training corpus, for normalisation."""

import dataclasses
import hashlib
import json
import logging

import numpy as np
import tensorflow as tf

from seqapp.command_line import log_progress
from seqapp.input_pipeline.batches import Corpus
from seqapp.input_pipeline.corpus_index import VERSION, save

log = logging.getLogger(__name__)

NUM_EXAMPLES = 2_000  # an hour or two of speech: more does not move the mean of a mel band by a thousandth
SMALLEST_DEVIATION = 1e-2  # of a feature that hardly varies, a mel band above the band of telephones, say


def feature_statistics(corpus: Corpus, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Estimate them over examples as they are, without augmentation.

    Args:
        corpus: `Corpus` of training.
        seed: Of the sample, where the corpus is larger than it.

    Returns:
        Mean and deviation, float32 `[F]`: the same for the same arguments. Those of a corpus on disk are kept beside
        it.
    """
    rng = np.random.default_rng(seed)
    count = min(len(corpus), NUM_EXAMPLES)
    sample = np.sort(rng.choice(len(corpus), count, replace=False))
    path = corpus.folder and corpus.folder / f"statistics-{_fingerprint(corpus, sample)}.npz"
    if path and path.is_file():
        with np.load(path) as kept:
            log.info("normalising by the features of %d training examples, measured before", count)
            return kept["mean"], kept["deviation"]
    mean, deviation = _measured(corpus, sample)
    if path:
        save(path, {"mean": mean, "deviation": deviation})
    return mean, deviation


def _fingerprint(corpus, sample):
    """Hash what the statistics are of: the features, and which examples."""
    facts = [VERSION, dataclasses.asdict(corpus.sense.config), corpus.ids[sample].tolist()]
    return hashlib.sha1(json.dumps(facts).encode()).hexdigest()[:10]


def _measured(corpus, sample):
    count = len(sample)
    dataset = tf.data.Dataset.from_tensor_slices(sample)
    num_frames = 0
    total = 0.0
    squares = 0.0
    all_moments = dataset.map(lambda i: _moments(corpus, i), num_parallel_calls=tf.data.AUTOTUNE)
    for moments in log_progress(all_moments, "measuring features", count):
        frames, sums, sums_of_squares = (moment.numpy() for moment in moments)
        num_frames = num_frames + frames
        total = total + sums
        squares = squares + sums_of_squares
    mean = total / num_frames
    deviation = np.sqrt(np.maximum(squares / num_frames - mean**2, SMALLEST_DEVIATION**2))
    log.info("normalising by the features of %d training examples, %d frames", count, num_frames)
    return mean.astype(np.float32), deviation.astype(np.float32)


def _moments(corpus, index):
    # float64: the sum over a million frames of squares of 20 keeps no digits of a small variance in float32.
    features = tf.cast(corpus.sense.feature_graph(corpus.inputs(index)), tf.float64)
    return tf.shape(features)[0], tf.reduce_sum(features, axis=0), tf.reduce_sum(features**2, axis=0)

"""Stretch: by how much augmentation lengthens examples, measured, and the shapes and padding that come of it."""

import dataclasses
import itertools

import numpy as np
import tensorflow as tf

from seqapp.input_pipeline.batch_plan import BatchPlan
from seqapp.input_pipeline.batches import Corpus
from seqapp.input_pipeline.bucket_plan import BucketPlan, Shape
from seqapp.input_pipeline.length_groups import steps_by_length

NUM_DRAWS = 64
MOST_SHAPES = 22  # of an epoch, each of them a program to compile; others have a few more
NUM_BUCKETS = (12, 10, 8, 6)  # that are tried
NUM_BATCHES = 5_000  # that are looked at for each


def stretches(corpus: Corpus, num_frames: np.ndarray, seed: int) -> np.ndarray:
    """Augment some examples, and compare their frames with those that they have as they are.

    Args:
        corpus: `Corpus` of training.
        num_frames: Int `[n]`, feature frames of each example.
        seed: Of the choice, and of the augmentation.

    Returns:
        Float64 `[NUM_DRAWS]`, the same for the same arguments.
    """
    chosen = np.random.default_rng(seed).integers(len(num_frames), size=NUM_DRAWS)
    sense = corpus.sense

    @tf.autograph.experimental.do_not_convert
    def frames(index, number):
        draw = tf.stack([seed, number])
        features = sense.feature_graph(sense.augment(corpus.inputs(index), draw))
        return tf.shape(sense.augment_features(features, draw, 0.0))[0]

    numbers = np.arange(NUM_DRAWS, dtype=np.int32)
    draws = tf.data.Dataset.from_tensor_slices((chosen.astype(np.int32), numbers))
    augmented = draws.map(frames, num_parallel_calls=tf.data.AUTOTUNE)
    return np.array(list(augmented.as_numpy_iterator())) / num_frames[chosen]


def best_buckets(plan: BucketPlan) -> BucketPlan:
    """Return the plan with as many buckets as leave the least padding, among those of few enough shapes.

    A batch whose rows came out longer than its bucket is padded to the next bucket's frames, which makes another shape:
    the rows of one, the frames of the other. The more buckets, the more of these.

    Args:
        plan: `BucketPlan` of any number of buckets.
    """
    options = []
    for num_buckets in NUM_BUCKETS:
        tried = dataclasses.replace(plan, most_buckets=num_buckets)
        shapes, padding = shapes_and_padding(tried, plan.ratios, 0, NUM_BATCHES)
        options.append((len(shapes) > MOST_SHAPES, padding, tried))
    return min(options, key=lambda option: option[:2])[-1]


def shapes_and_padding(
    plan: BatchPlan, ratios: np.ndarray, epoch: int = 0, most_batches: int | None = None
) -> tuple[set[Shape], float]:
    """Walk through an epoch of a plan, its examples augmented.

    Args:
        plan: `BatchPlan` or `BucketPlan`.
        ratios: Float `[d]`, factors that an example's length may be multiplied by, all alike probable.
        epoch: Its number.
        most_batches: Stop behind so many, or where a group of `BucketPlan` ends behind them.

    Returns:
        The shapes of its batches, and the share of padded frames among all.
    """
    rng = np.random.default_rng(1)
    walk = _batches_by_length if plan.shapes else _batches
    shapes = set()
    used = padded = 0
    for frames, shape in itertools.islice(walk(plan, ratios, epoch, rng), most_batches):
        shapes.add(shape)
        used += frames
        padded += shape.num_rows * shape.num_frames
    return shapes, 1 - used / padded


def _batches(plan, ratios, epoch, rng):
    """Yield the frames of each batch that are none of its padding, and its `Shape`."""
    for rows in plan.epoch(epoch):
        frames, labels = _lengths(plan, rows, ratios, rng)
        yield int(frames.sum()), Shape(len(rows), int(frames.max()), int(labels.max()))


def _batches_by_length(plan, ratios, epoch, rng):
    epochs = plan.epoch(epoch)
    for start, end in itertools.pairwise(epochs.bounds):
        shapes = [plan.shapes[epochs.bucket(index)] for index in range(start, end)]
        parts = []
        for rows, shape in zip(epochs[start:end], shapes):
            rows = [rows[number % len(rows)] for number in range(shape.num_rows)]
            parts.append(_lengths(plan, rows, ratios, rng))
        frames, labels = (np.concatenate(part) for part in zip(*parts))
        order = np.argsort(frames, kind="stable")
        steps = steps_by_length(0, shapes)
        for step in range(len(shapes)):
            chosen = order[steps == step]
            yield int(frames[chosen].sum()), plan.padded(len(chosen), frames[chosen].max(), labels[chosen].max())


def _lengths(plan, rows, ratios, rng):
    """Frames of rows as augmentation may draw them, and labels with a space between those of joined examples."""
    frames = np.array([plan.num_frames[row].sum() for row in rows]) * rng.choice(ratios, len(rows))
    labels = np.array([plan.num_labels[row].sum() + len(row) - 1 for row in rows])
    return np.maximum(1, np.rint(frames)).astype(np.int64), labels

"""Stretch: by how much augmentation lengthens examples, measured, and the room that batches of a few shapes leave."""

import dataclasses
import itertools

import numpy as np
import tensorflow as tf

from seqapp.input_pipeline.batch_plan import BatchPlan
from seqapp.input_pipeline.batches import Corpus
from seqapp.input_pipeline.bucket_plan import BucketPlan, Shape, padded_frames

NUM_DRAWS = 64  # the largest of so many is rarely passed by a batch's, and then by little
MOST_SHAPES = 22  # of an epoch, each of them a program to compile; others have a few more
QUANTILES = (0.5, 0.75, 0.9, 0.97, 1.0)  # of the draws: the room that is tried
NUM_BUCKETS = (16, 8)  # that are tried
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
        return sense.num_frames(sense.augment(corpus.inputs(index), tf.stack([seed, number])))

    numbers = np.arange(NUM_DRAWS, dtype=np.int32)
    draws = tf.data.Dataset.from_tensor_slices((chosen.astype(np.int32), numbers))
    augmented = draws.map(frames, num_parallel_calls=tf.data.AUTOTUNE)
    return np.array(list(augmented.as_numpy_iterator())) / num_frames[chosen]


def best_buckets(plan: BucketPlan, ratios: np.ndarray) -> BucketPlan:
    """Return the plan with the buckets and the stretch of least padding, among those of few enough shapes.

    With little room, batches are often padded to the frames of the next shape, which makes another shape: the rows of
    one, the frames of the other. With room for the largest draw none is, but all are padded so far.

    Args:
        plan: `BucketPlan` of any buckets and stretch.
        ratios: From `stretches`.
    """
    rooms = sorted({max(1.0, float(np.quantile(ratios, q))) for q in QUANTILES}, reverse=True)
    options = []
    for num_buckets, stretch in itertools.product(NUM_BUCKETS, rooms):
        tried = dataclasses.replace(plan, most_buckets=num_buckets, stretch=stretch)
        shapes, padding = shapes_and_padding(tried, ratios, 0, NUM_BATCHES)
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
        most_batches: Stop behind so many.

    Returns:
        The shapes of its batches, and the share of padded frames among all.
    """
    rng = np.random.default_rng(1)
    shapes = set()
    used = padded = 0
    for rows in itertools.islice(plan.epoch(epoch), most_batches):
        frames = np.array([plan.num_frames[row].sum() for row in rows]) * rng.choice(ratios, len(rows))
        frames = frames.round().astype(np.int64)
        shape = plan.shape(rows)
        if shape is None:
            shape = Shape(len(rows), int(frames.max()), max(plan.num_labels[row].sum() for row in rows))
        else:
            needed = max(shape.num_frames, frames.max())
            lengths = padded_frames(plan.shapes)
            shape = shape._replace(num_frames=int(np.append(lengths[lengths >= needed], needed)[0]))
        shapes.add(shape)
        used += int(frames.sum())
        padded += shape.num_rows * shape.num_frames
    return shapes, 1 - used / padded

"""Division of a group of rows into batches by the lengths that augmentation gave them, in a tf.data graph."""

from collections.abc import Sequence

import numpy as np
import tensorflow as tf

from seqapp.input_pipeline.bucket_plan import BucketPlan, Shape


def steps_by_length(first_step: int, shapes: Sequence[Shape]) -> np.ndarray:
    """Return the step that each row of a group is for, int64 `[M]`, in the order of the rows' real lengths.

    Args:
        first_step: Of the group.
        shapes: `Shape` of each step: the longest rows are for that of most frames.
    """
    order = sorted(range(len(shapes)), key=lambda number: shapes[number].num_frames)
    return np.repeat(first_step + np.array(order, np.int64), [shapes[number].num_rows for number in order])


def batches_by_length(rows: tf.data.Dataset, plan: BucketPlan, start_step: int) -> tf.data.Dataset:
    """Divide rows into batches: those of a group by length, each batch padded to the sizes of the plan.

    Args:
        rows: tf.data.Dataset of (rows of the group, dict of one row: features `[T, F]`, length, labels `[U]`, step,
            num_labels and others). Steps are those of `steps_by_length`; rows of a group follow each other.
        plan: `BucketPlan`.
        start_step: Steps before it are left out.

    Returns:
        tf.data.Dataset of dicts, by step, with `step` and the sum of num_labels.
    """
    paddings = tf.constant(plan.paddings, tf.int32)

    @tf.autograph.experimental.do_not_convert
    def batches(group):
        steps = group["step"]
        order = tf.argsort(group["length"], stable=True)

        def batch(step):
            chosen = tf.boolean_mask(order, steps == step)
            return _padded({name: tf.gather(group[name], chosen) for name in group}, paddings) | {"step": step}

        first = tf.maximum(tf.reduce_min(steps), start_step)
        return tf.data.Dataset.range(first, tf.reduce_max(steps) + 1).map(batch)

    groups = rows.group_by_window(
        key_func=lambda num_rows, _: tf.cast(num_rows, tf.int64),
        reduce_func=lambda num_rows, window: window.map(lambda _, row: row).ragged_batch(num_rows),
        window_size_func=lambda num_rows: num_rows,
    )
    return groups.prefetch(1).flat_map(batches)  # a group is made while the batches of the one before are used


def _padded(batch, paddings):
    """Pad features and labels to the first of `paddings` that holds them; beyond all, to the longest."""
    features = batch["features"]
    frames = tf.reduce_max(batch["length"])
    place = tf.searchsorted(paddings[:, 0], frames[tf.newaxis])[0]
    frames = tf.concat([paddings[:, 0], frames[tf.newaxis]], 0)[place]
    most_labels = tf.cast(tf.reduce_max(batch["labels"].row_lengths()), tf.int32)
    sizes = tf.concat([paddings[place:, 1], most_labels[tf.newaxis]], 0)
    labels = sizes[tf.reduce_min(tf.where(sizes >= most_labels))]
    num_features = features.shape[-1]
    num_rows = tf.size(batch["length"])
    features = features.to_tensor(shape=tf.stack([num_rows, frames, num_features]))
    return batch | {
        "features": tf.ensure_shape(features, [None, None, num_features]),
        "labels": tf.ensure_shape(batch["labels"].to_tensor(shape=tf.stack([num_rows, labels])), [None, None]),
        "num_labels": tf.reduce_sum(batch["num_labels"]),
    }

"""One pass over a corpus before training: how long each example is, and which cannot be used, by id and reason."""

import dataclasses
import logging

import numpy as np
import tensorflow as tf

from seqapp.ctc import frames_needed
from seqapp.input_pipeline.feature_graph import feature_graph

log = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True)
class Survey:
    """What `survey` found.

    Attributes:
        num_frames: Int64 `[n]`, feature frames of each example, 0 where it cannot be used.
        reasons: Dict from example id to why it is skipped.
    """

    num_frames: np.ndarray
    reasons: dict

    @property
    def usable(self):
        """Int64 indices of the examples to train or evaluate on."""
        return np.flatnonzero(self.num_frames > 0)


def survey(examples, recipe, alphabet, output_length, name, max_frames=None) -> Survey:
    """Measure every example and find those that CTC or the features cannot take.

    Args:
        examples: `Examples`.
        recipe: `Recipe`; features and limits are used.
        alphabet: `Alphabet` of the model.
        output_length: Function from feature frames to logit frames.
        name: Split name, for the log line.
        max_frames: Longest usable example in feature frames; None: any.

    Returns:
        A `Survey`. Skipped are: no points, coordinates that are not finite, more than features.max_points points,
        an empty label, characters outside the alphabet, too few frames for the label, more than max_frames.
    """
    faults = ((i, _label_or_ink_fault(examples, i, recipe, alphabet)) for i in range(len(examples)))
    reasons = {i: reason for i, reason in faults if reason}
    num_frames = np.zeros(len(examples), np.int64)
    usable = np.array([i for i in range(len(examples)) if i not in reasons], np.int64)
    for i, frames in zip(usable, _feature_lengths(examples, usable, recipe.features)):
        needed = frames_needed(alphabet.encode(examples.texts[i]))
        if output_length(int(frames)) < needed:
            reasons[i] = f"label cannot be aligned: {output_length(int(frames))} frames, {needed} needed"
        elif max_frames is not None and frames > max_frames:
            reasons[i] = f"{frames} frames, more than data.max_frames = {max_frames}"
        else:
            num_frames[i] = frames
    reasons = {str(examples.ids[i]): reason for i, reason in sorted(reasons.items())}
    log.info("%s: %d examples, %d skipped%s", name, len(examples), len(reasons), _first(reasons))
    return Survey(num_frames, reasons)


def _label_or_ink_fault(examples, index, recipe, alphabet):
    points, text = examples.points_of(index), examples.texts[index]
    if len(points) == 0:
        return "no points"
    if not np.isfinite(points).all():
        return "coordinates that are not finite"
    if len(points) > recipe.features.max_points:
        return f"{len(points)} points, more than features.max_points = {recipe.features.max_points}"
    if not text:
        return "empty label"
    if unknown := alphabet.unknown(text):
        return f"characters outside the alphabet: {' '.join(sorted(unknown))}"
    return None


def _feature_lengths(examples, indices, config):
    if not len(indices):
        return []
    points, splits, features_of = tf.constant(examples.points), tf.constant(examples.splits), feature_graph(config)
    dataset = tf.data.Dataset.from_tensor_slices(indices).map(
        lambda i: tf.shape(features_of(points[splits[i] : splits[i + 1]]))[0],
        num_parallel_calls=tf.data.AUTOTUNE,
    )
    return dataset.as_numpy_iterator()


def _first(reasons):
    shown = [f"{example}: {reason}" for example, reason in list(reasons.items())[:3]]
    return f" ({'; '.join(shown)}{'; ...' if len(reasons) > 3 else ''})" if shown else ""

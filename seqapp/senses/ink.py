"""Pen ink as a sense: points to features of the path, distorted in the plane, joined to lines."""

import numpy as np

from seqapp.conditions.ink.pen import damage_ink
from seqapp.datasets.ink.ink_array import points_of_array
from seqapp.datasets.ink.ink_files import read_ink
from seqapp.datasets.ink.line_division import divide_lines
from seqapp.features import augment, ink_features, join, num_features
from seqapp.features.ink.augmentation import mask_path
from seqapp.recipe import InkConfig
from seqapp.senses.sense import Sense


class InkSense(Sense):
    """Points float32 `[N, 4]`: x, y (down), time_s, pen_up."""

    name = "ink"
    raw_key, group_key, group = "points", "writer_id", "writer"
    raw_dtype, raw_shape = "float32", (4,)
    is_normalized = False  # features are in units of the ink's height
    config_class = InkConfig
    plural = "ink"

    @property
    def num_features(self):
        return num_features(self.config)

    @property
    def longest_row(self):
        return self.augmentation.join_words

    def read_files(self, path, skipped):
        return read_ink(path, skipped, divides=False)

    def single_lines(self, items):
        return divide_lines(items)

    def from_memory(self, example, sample_rate_hz=None, keeps_long=True):
        return points_of_array(example, self.config.max_points)

    def is_batch(self, examples):
        """A list of strokes is one ink, a list of these several."""
        return isinstance(examples, list | tuple) and not (examples and _is_stroke(examples[0]))

    def made_up(self, num_frames):
        """Loops, a stroke of 20 points each."""
        time = np.arange(num_frames)
        columns = (0.3 * time + np.sin(0.3 * time), np.cos(0.3 * time), 0.01 * time, time % 20 == 19)
        return np.stack(columns, axis=1).astype(np.float32)

    def fault(self, raw):
        if len(raw) == 0:
            return "no points"
        if not np.isfinite(raw).all():
            return "coordinates that are not finite"
        if len(raw) > self.config.max_points:
            return f"{len(raw)} points, more than features.max_points = {self.config.max_points}"
        return None

    def features(self, inputs):
        return ink_features(inputs, self.config)

    def augment(self, inputs, seed):
        return damage_ink(augment(inputs, seed, self.augmentation), seed, self.augmentation.damage_probability)

    def augment_features(self, features, seed, fill):
        return mask_path(features, seed, self.augmentation)

    def join(self, inputs_a, text_a, inputs_b, text_b, seed):
        return join(inputs_a, text_a, inputs_b, text_b, seed)


def _is_stroke(value):
    """Whether this is a stroke, points of two or three numbers, and not an ink, strokes of points."""
    return len(value) == 0 or (np.ndim(value[0]) == 1 and len(value[0]) in (2, 3))

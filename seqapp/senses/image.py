"""Images of text lines: columns of grey to columns of darkness, distorted as images are."""

import numpy as np

from seqapp.features.image_augmentation import augment_image
from seqapp.features.line_image import line_features, to_float
from seqapp.recipe.rules import CORPUS_HEIGHT
from seqapp.senses.sense import Sense


class ImageSense(Sense):
    """Columns uint8 `[W, CORPUS_HEIGHT]` of one line, 255 white; in the graph float32 in [0, 1]."""

    name = "image"
    raw_key, group_key, group = "columns", "writer_id", "writer"
    raw_dtype, raw_shape = "uint8", (CORPUS_HEIGHT,)  # a quarter of the memory of float32
    is_normalized = False  # 0 is paper already, whatever the scanner

    @property
    def num_features(self):
        return self.config.height

    def fault(self, raw):
        if len(raw) == 0:
            return "no columns"
        if not np.isfinite(raw).all():
            return "grey that is not finite"
        if len(raw) > self.config.max_width:
            return f"too wide: {len(raw)} columns, features.max_width = {self.config.max_width}"
        return None

    def features(self, inputs):
        return line_features(inputs, self.config)

    @staticmethod
    def as_inputs(raw):
        return to_float(raw)

    def augment_features(self, features, seed, fill):
        """Distorts the image behind contrast and size, which would undo what was done to them before."""
        return augment_image(features, seed, self.augmentation)

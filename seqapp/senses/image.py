"""Line images as a sense: columns of grey to columns of darkness, distorted as images are."""

import math
import re

import numpy as np

from seqapp.conditions.image.paper import damage_paper
from seqapp.datasets.image.line_array import columns_of_array
from seqapp.datasets.image.line_files import read_lines
from seqapp.datasets.image.page_picture import PagePicture
from seqapp.features.image.augmentation import augment_image
from seqapp.features.image.line_image import line_features, to_float
from seqapp.recipe import LineImageConfig
from seqapp.recipe.rules import CORPUS_HEIGHT
from seqapp.senses.sense import Sense
from seqapp.text.direction import RIGHT_TO_LEFT, direction_of

ENOUGH_TEXTS = 1_000  # to know a script by
COLUMNS_OF_A_LOOP = 24  # of made-up writing
_OF_A_FORM = re.compile(r"\w+-\w+-\d\d")


class ImageSense(Sense):
    """Columns uint8 `[W, CORPUS_HEIGHT]` of one line, 255 white; in the graph float32 in [0, 1]."""

    name = "image"
    raw_key, group_key, group = "columns", "writer_id", "writer"
    raw_dtype, raw_shape = "uint8", (CORPUS_HEIGHT,)  # a quarter of the memory of float32
    is_normalized = False  # 0 is paper already, whatever the scanner
    config_class = LineImageConfig
    raw_full_scale = 255.0
    plural = "line images"

    @property
    def num_features(self):
        return self.config.height

    @property
    def reads_leftwards(self):
        """Whether frames begin at the right end of the line."""
        return self.config.direction == RIGHT_TO_LEFT

    def read_files(self, path, skipped):
        return read_lines(path, skipped)

    def read_files_of_any_length(self, path, skipped):
        return read_lines(path, skipped, keeps_pages=True)

    def from_memory(self, example, sample_rate_hz=None, keeps_long=True):
        return columns_of_array(example, self.config.max_width, keeps_long)

    def made_up(self, num_frames):
        """Loops of ink on white paper, a gap behind every twelfth: noise would be no line to what looks for one."""
        columns = np.arange(num_frames)
        angle = columns * (2 * math.pi / COLUMNS_OF_A_LOOP)
        rows = np.arange(CORPUS_HEIGHT) - CORPUS_HEIGHT / 2
        ink = np.exp(-(((rows - 0.2 * CORPUS_HEIGHT * np.sin(angle)[:, np.newaxis]) / 3) ** 2))
        is_gap = columns % (13 * COLUMNS_OF_A_LOOP) >= 12 * COLUMNS_OF_A_LOOP
        return np.where(is_gap[:, np.newaxis], 1.0, 1.0 - 0.8 * ink).astype(np.float32)

    def fault(self, raw):
        if isinstance(raw, PagePicture):
            return None
        if len(raw) == 0:
            return "no columns"
        if not np.isfinite(raw).all():
            return "grey that is not finite"
        if len(raw) > self.config.max_width:
            return f"too wide: {len(raw)} columns, features.max_width = {self.config.max_width}"
        return None

    @staticmethod
    def page_of(id):
        """Lines of pages are called page/line; those of IAM's forms a01-000u-03."""
        return id.rpartition("/")[0] or (id[:-3] if _OF_A_FORM.fullmatch(id) else "")

    def doubt(self, texts):
        direction = direction_of("".join(texts[:ENOUGH_TEXTS]))
        if direction in ("", self.config.direction):
            return None
        return (
            f"most of its letters run {direction.replace('_', ' ')}, but lines are read {self.config.direction}. CTC "
            f"needs labels in the order of the frames: --set features.direction={direction}"
        )

    def features(self, inputs):
        return line_features(inputs, self.config)

    @staticmethod
    def as_inputs(raw):
        return to_float(raw)

    def augment(self, inputs, seed):
        """Damage what a scanner or a camera would: contrast and size are made alike behind it."""
        return damage_paper(inputs, seed, self.augmentation.damage_probability)

    def augment_features(self, features, seed, fill):
        """Distort the image behind contrast and size, which would undo what was done to them before."""
        return augment_image(features, seed, self.augmentation)

"""Raw input to features: TensorFlow operations on one example, the same graph in training and serving.

Pen ink float32 [N, 4] (x, y down, time_s, pen_up) to features float32 [T, F]. Floor 0.
"""

from seqapp.features.augmentation import augment
from seqapp.features.ink import frame_of_point, ink_features, num_features
from seqapp.features.joining import join

__all__ = ["augment", "frame_of_point", "ink_features", "join", "num_features"]

"""Feature extraction: raw input to features by TensorFlow operations, one graph in training and serving. Floor 0.

ink/, speech/, image/      one folder per sense; none imports another
windows                    overlapping windows of sequences that arrive in chunks
random_draws               stateless random draws of augmentation
"""

from seqapp.features.ink import augment, frame_of_point, ink_features, join, num_features

__all__ = ["augment", "frame_of_point", "ink_features", "join", "num_features"]

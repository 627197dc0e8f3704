"""The features of a recipe, traced once: survey, training and evaluation would each build the same graph again."""

import functools

import tensorflow as tf

from seqapp.features import ink_features


@functools.lru_cache(maxsize=8)
def feature_graph(config):
    """`ink_features` of one `InkConfig` as a function of points, float32 `[N, 4]`; about a second to trace."""
    return tf.function(lambda points: ink_features(points, config), input_signature=[tf.TensorSpec([None, 4])])

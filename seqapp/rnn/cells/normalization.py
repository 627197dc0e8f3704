"""Layer normalisation of a product with weights, with the pieces that a derived backward pass needs."""

import tensorflow as tf

EPSILON = 1e-5  # added to the variance, as in Ba et al.'s code


def standardize(product) -> tuple[tf.Tensor, tf.Tensor]:
    """Shift and scale to zero mean and unit variance over the last axis.

    Args:
        product: Float `[..., N]`.

    Returns:
        standardized: Float `[..., N]`.
        scale: Float `[..., 1]`, what the centred product was multiplied by.
    """
    centred = product - tf.reduce_mean(product, axis=-1, keepdims=True)
    scale = tf.math.rsqrt(tf.reduce_mean(centred * centred, axis=-1, keepdims=True) + EPSILON)
    return centred * scale, scale


def standardize_gradient(gradient, standardized, scale) -> tf.Tensor:
    """Return the gradient of `product`, given that of `standardize`'s first result, both `[..., N]`."""
    mean = tf.reduce_mean(gradient, axis=-1, keepdims=True)
    along = tf.reduce_mean(gradient * standardized, axis=-1, keepdims=True)
    return scale * (gradient - mean - standardized * along)


def normalize(product, gain) -> tf.Tensor:
    """Standardize, and scale by a learned gain `[N]`."""
    return standardize(product)[0] * tf.cast(tf.convert_to_tensor(gain), product.dtype)

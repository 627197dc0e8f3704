"""Loss of a line finder: cross-entropy and dice of its marks, absolute error of the heights where a line is."""

import tensorflow as tf

END_WEIGHT = 4.0  # of places at the end of a line: they are few
HEIGHT_SHARE = 0.5


def line_finder_loss(outputs, targets) -> dict[str, tf.Tensor]:
    """Compute the parts of the loss of a batch, and their sum.

    Args:
        outputs: Float32 `[B, H, W, 4]`, from a `LineFinderNetwork`.
        targets: Float32 `[B, H, W, 4]`, from `seqapp.features.image.page_crop.draw_target`.

    Returns:
        {"baseline", "end", "height", "loss"}: float32 scalars.
    """
    baseline = _marks(outputs[..., 0], targets[..., 0], 1.0)
    end = _marks(outputs[..., 1], targets[..., 1], END_WEIGHT)
    known = tf.cast((targets[..., :1] > 0.5) & (targets[..., 2:] > 0), tf.float32)
    errors = tf.abs(outputs[..., 2:] - targets[..., 2:]) * known
    height = tf.math.divide_no_nan(tf.reduce_sum(errors), tf.reduce_sum(known))
    return {
        "baseline": baseline, "end": end, "height": height, "loss": baseline + 0.5 * end + HEIGHT_SHARE * height,
    }  # fmt: skip


def _marks(logits, shares, weight):
    """Return the weighted cross-entropy, in units of what chance costs, and one less the overlap (dice)."""
    losses = tf.nn.sigmoid_cross_entropy_with_logits(shares, logits) * (1 + (weight - 1) * shares)
    probabilities = tf.sigmoid(logits)
    overlap = 2 * tf.reduce_sum(probabilities * shares) + 1
    dice = overlap / (tf.reduce_sum(tf.square(probabilities)) + tf.reduce_sum(tf.square(shares)) + 1)
    return 2 * tf.reduce_mean(losses) + 1 - dice

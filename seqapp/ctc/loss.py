"""CTC loss: one signature for our implementation and TensorFlow's."""

import tensorflow as tf

from seqapp.ctc.forward_backward import block_loss, forward_backward_loss


def ctc_loss(logits, logit_length, labels, label_length, implementation: str = "forward_backward") -> tf.Tensor:
    """Compute the negative log-probability of each label sequence under connectionist temporal classification.

    Args:
        logits: Float `[B, T, K]`, unnormalised; the blank is the last class, K - 1.
        logit_length: Int32 `[B]`, valid frames of each row; what stands behind them changes nothing.
        labels: Int32 `[B, U]`, classes in [0, K - 1), padded with anything.
        label_length: Int32 `[B]`.
        implementation: "forward_backward" (ours: any row, any logits, on CPU about five times faster; its recursion is
            compiled by XLA, a second for each new size of batch), "blocks" (the same in blocks of frames side by side,
            for a step that XLA compiles as a whole for a GPU: a tenth of the launches) or "sparse" (tf.nn.ctc_loss: C++
            on CPU, cuDNN on GPU; see `sparse_loss` for what it cannot take).

    Returns:
        Float32 `[B]`, infinite where a label does not fit into its frames.

    Raises:
        ValueError: For another implementation, or labels outside of [0, K - 1) within their lengths. Inside of a
            graph these are a tf.errors.InvalidArgumentError; a function that XLA compiles does not check them.

    Reference: Graves et al., Connectionist temporal classification, 2006.
    """
    if implementation not in IMPLEMENTATIONS:
        names = ", ".join(IMPLEMENTATIONS)
        raise ValueError(f"implementation must be one of {names}. Received: {implementation!r}.")
    labels = _checked(tf.convert_to_tensor(labels), label_length, tf.shape(logits)[2] - 1)
    return IMPLEMENTATIONS[implementation](logits, logit_length, labels, label_length)


def _checked(labels, label_length, blank):
    """Return the labels, unless one within its row's length is no class or the blank."""
    is_label = tf.sequence_mask(label_length, tf.shape(labels)[1])
    used = tf.where(is_label, labels, tf.zeros_like(labels))
    smallest = tf.reduce_min(tf.pad(used, [[0, 1], [0, 1]]))  # of no label at all: 0
    largest = tf.reduce_max(tf.pad(used, [[0, 1], [0, 1]]))
    is_class = (smallest >= 0) & ((largest < tf.cast(blank, labels.dtype)) | ~tf.reduce_any(is_label))
    if tf.executing_eagerly():
        if not is_class:
            raise ValueError(
                f"labels must lie in [0, {int(blank)}), below the blank. Received: labels from {int(smallest)} to "
                f"{int(largest)}. Only behind label_length may they be anything."
            )
        return labels
    received = ["labels must be at least 0 and below the blank, the last class. Smallest, largest, blank:"]
    with tf.control_dependencies([tf.debugging.Assert(is_class, [*received, smallest, largest, blank])]):
        return tf.identity(labels)


MOST_CUDNN_LABELS = 256  # of a row


def sparse_loss(logits, logit_length, labels, label_length) -> tf.Tensor:
    """Compute `ctc_loss` by tf.nn.ctc_loss with sparse labels, about 20 times faster than its dense form.

    On a GPU that is cuDNN, which fails at rows of more than 256 labels: a batch that holds one goes to
    `forward_backward_loss`.

    Rows must be alignable and their labels not empty, since one of the others makes the kernel fail. Infinite is
    also, on CPU, the loss of a label whose logit lies more than about 100 below another in a frame that it cannot
    avoid: its probability is 0 in float32.
    """
    arguments = logits, logit_length, labels, label_length
    if not tf.config.list_logical_devices("GPU"):
        return _tensorflow_loss(*arguments)
    fits = tf.reduce_all(tf.convert_to_tensor(label_length) <= MOST_CUDNN_LABELS)
    return tf.cond(fits, lambda: _tensorflow_loss(*arguments), lambda: forward_backward_loss(*arguments))


def _tensorflow_loss(logits, logit_length, labels, label_length):
    valid = tf.sequence_mask(label_length, tf.shape(labels)[1])
    indices = tf.where(valid)
    shape = tf.shape(labels, out_type=tf.int64)
    sparse_labels = tf.SparseTensor(indices, tf.boolean_mask(labels, valid), shape)
    return tf.nn.ctc_loss(
        labels=sparse_labels,
        logits=tf.cast(logits, tf.float32),
        label_length=None,
        logit_length=logit_length,
        logits_time_major=False,
        blank_index=-1,
    )


IMPLEMENTATIONS = {"forward_backward": forward_backward_loss, "blocks": block_loss, "sparse": sparse_loss}

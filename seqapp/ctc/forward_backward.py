"""The CTC loss by its own forward-backward recursion: exact for any row, and ready for XLA."""

import tensorflow as tf

IMPOSSIBLE = -1e30  # log of a probability of 0; finite, so that differences of two of them are no NaN


def forward_backward_loss(logits, logit_length, labels, label_length):
    """Negative log-probability of each label sequence under connectionist temporal classification.

    Everything stays in the log domain, so that logits may be as sharp as they like. Labels may be empty; a label
    that does not fit into its frames has an infinite loss and a gradient of zero, so that `tf.math.is_finite` of the
    result tells which rows cannot be aligned.

    With the states s = 0..2U (blank, label 1, blank, label 2, ..., blank), their symbols l_s and y_t(k) the softmax:

        alpha_t(s) = y_t(l_s) (alpha_{t-1}(s) + alpha_{t-1}(s-1) + [l_s != blank, l_s != l_{s-2}] alpha_{t-1}(s-2))
        beta_t(s)  = the same, from the end, without y_t(l_s)
        p          = sum_s alpha_t(s) beta_t(s)                               for any t
        dloss / dlogit_t(k) = y_t(k) - sum_{s: l_s = k} alpha_t(s) beta_t(s) / p

    The gradient is this closed form: no loop is differentiated, and it comes with the forward pass.

    Args:
        logits: Float `[B, T, K]`, unnormalised; the blank is the last class, K - 1.
        logit_length: Int `[B]`, valid frames of each row; what stands behind them changes nothing.
        labels: Int `[B, U]`, classes in [0, K - 1), padded with anything.
        label_length: Int `[B]`.

    Returns:
        Float32 `[B]`.

    Reference: Graves et al., Connectionist temporal classification, 2006, equations 6-16.
    """
    logits = tf.cast(logits, tf.float32)

    @tf.custom_gradient
    def loss_of(logits):
        loss, gradient = _loss_and_gradient(logits, logit_length, labels, label_length)
        return loss, lambda upstream: upstream[:, tf.newaxis, tf.newaxis] * gradient

    return loss_of(logits)


def _loss_and_gradient(logits, logit_length, labels, label_length):
    num_frames, num_classes = tf.shape(logits)[1], tf.shape(logits)[2]
    valid = tf.sequence_mask(logit_length, num_frames)
    log_probs = tf.nn.log_softmax(tf.where(valid[:, :, tf.newaxis], logits, tf.zeros_like(logits)))
    symbols, skip, final = _states(labels, label_length, num_classes - 1)
    # A product with 0 and 1 picks exactly, and is much faster than a gather in both directions.
    one_hot = tf.one_hot(symbols, num_classes, dtype=tf.float32)
    emission = tf.einsum("btk,bsk->tbs", log_probs, one_hot)

    is_frame = tf.transpose(valid)[:, :, tf.newaxis]
    alpha = _forward(emission, is_frame, skip)
    beta = _backward(emission, is_frame, skip, final)
    log_p = tf.reduce_logsumexp(alpha[-1] + final, axis=-1)
    feasible = log_p > IMPOSSIBLE / 2
    posterior = tf.exp(alpha[1:] + beta - tf.where(feasible, log_p, 0.0)[:, tf.newaxis])
    gradient = tf.exp(log_probs) - tf.einsum("tbs,bsk->btk", posterior, one_hot)
    counts = (valid & feasible[:, tf.newaxis])[:, :, tf.newaxis]
    loss = tf.where(feasible, -log_p, float("inf"))
    return loss, tf.where(counts, gradient, tf.zeros_like(gradient))


def _states(labels, label_length, blank):
    """The S = 2U + 1 states of each row.

    Returns:
        symbols: Int32 `[B, S]`, blank at even places.
        skip: Float32 `[B, S]`, 0 where state s - 2 may come right before s, else IMPOSSIBLE.
        final: Float32 `[B, S]`, 0 for the two states in which a row may end, else IMPOSSIBLE.
    """
    labels, length = tf.cast(labels, tf.int32), tf.cast(label_length, tf.int32)[:, tf.newaxis]
    labels = tf.where(tf.sequence_mask(label_length, tf.shape(labels)[1]), labels, blank)
    pairs = tf.stack([tf.fill(tf.shape(labels), blank), labels], axis=2)
    symbols = tf.reshape(pairs, [tf.shape(labels)[0], 2 * tf.shape(labels)[1]])
    symbols = tf.pad(symbols, [[0, 0], [0, 1]], constant_values=blank)
    before = tf.pad(symbols, [[0, 0], [2, 0]], constant_values=blank)[:, :-2]
    place = tf.range(tf.shape(symbols)[1])[tf.newaxis]
    final = (place == 2 * length) | (place == 2 * length - 1)
    skip = (symbols != blank) & (symbols != before)
    return symbols, *(tf.where(where, 0.0, IMPOSSIBLE) for where in (skip, final))


def _forward(emission, is_frame, skip):
    """log alpha `[T + 1, B, S]`: before the first frame, then after each; held behind a row's last frame.

    All starts in the first blank: one step from there leads to it and to the first label, as it should.
    """
    start = tf.concat([tf.zeros_like(skip[:, :1]), tf.fill(tf.shape(skip[:, 1:]), IMPOSSIBLE)], axis=1)

    def step(t, alpha):
        moved = _log_sum(alpha, _shift_right(alpha, 1), _shift_right(alpha, 2) + skip)
        return tf.where(is_frame[t], moved + emission[t], alpha)

    return _scan(step, start, tf.shape(emission)[0])


def _backward(emission, is_frame, skip, final):
    """log beta `[T, B, S]`: of reaching the end from each state, given that frame t was spent in it."""
    last = tf.shape(emission)[0] - 1

    def step(k, beta):
        t = last - k
        after = emission[t] + beta
        moved = _log_sum(after, _shift_left(after, 1), _shift_left(after + skip, 2))
        return tf.where(is_frame[t], moved, beta)

    return tf.reverse(_scan(step, final, tf.shape(emission)[0])[:-1], [0])


def _scan(step, start, num_steps):
    """The states `[num_steps + 1, B, S]` of state = step(k, state), the start first."""
    states = tf.TensorArray(start.dtype, num_steps + 1, element_shape=start.shape).write(0, start)

    def body(k, state, states):
        state = tf.maximum(step(k, state), IMPOSSIBLE)  # a sum of impossibles must not run away to -inf
        return k + 1, state, states.write(k + 1, state)

    loop = tf.while_loop(lambda k, *_: k < num_steps, body, (0, start, states), maximum_iterations=num_steps)
    return loop[2].stack()


def _log_sum(a, b, c):
    largest = tf.maximum(tf.maximum(a, b), c)
    return largest + tf.math.log(tf.exp(a - largest) + tf.exp(b - largest) + tf.exp(c - largest))


def _shift_right(x, count):
    return tf.pad(x, [[0, 0], [count, 0]], constant_values=IMPOSSIBLE)[:, : tf.shape(x)[1]]


def _shift_left(x, count):
    return tf.pad(x, [[0, 0], [0, count]], constant_values=IMPOSSIBLE)[:, count:]

"""The loss is the negative log of a sum over paths, and its gradient softmax minus occupancy."""

import functools
import itertools

import numpy as np
import pytest
import tensorflow as tf

from seqapp.ctc import ctc_loss
from seqapp.ctc import loss as loss_module
from tests.contracts import tolerance

K = 4  # three labels and the blank
BLANK = K - 1
close = functools.partial(np.testing.assert_allclose, rtol=tolerance("float32"), atol=tolerance("float32"))

CURRENT = {}


@pytest.fixture(autouse=True, params=["forward_backward", "blocks", "sparse"])
def implementation(request, monkeypatch):
    """Every claim holds for every implementation, unless a test names one."""
    monkeypatch.setitem(CURRENT, "implementation", request.param)


def loss_and_gradient(logits, logit_length, labels, label_length):
    """Of a batch; no row has a part in another's gradient, so theirs are told apart."""
    logits = tf.constant(logits, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(logits)
        loss = ctc_loss(logits, tf.constant(logit_length), tf.constant(labels), tf.constant(label_length), **CURRENT)
    return loss.numpy(), tape.gradient(loss, logits).numpy()


def of_one(logits, labels):
    loss, gradient = loss_and_gradient(logits[np.newaxis], [len(logits)], [labels], [len(labels)])
    return loss[0], gradient[0]


def log_softmax(logits):
    logits = logits.astype(np.float64)
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def all_paths(logits, labels):
    """Loss and gradient by the definition: sum the probability of each of the K^T paths that collapse to `labels`."""
    log_probs, frames = log_softmax(logits), np.arange(len(logits))
    total, occupancy = 0.0, np.zeros_like(log_probs)
    for path in itertools.product(range(K), repeat=len(logits)):
        if [label for label, _ in itertools.groupby(path) if label != BLANK] == list(labels):
            probability = np.exp(log_probs[frames, path].sum())
            total += probability
            occupancy[frames, path] += probability
    return -np.log(total), np.exp(log_probs) - occupancy / total


def random_logits(*shape, seed=0):
    return np.random.default_rng(seed).normal(scale=2.0, size=shape).astype(np.float32)


@pytest.mark.parametrize(
    ("num_frames", "labels"),
    [(1, [0]), (2, [1]), (3, [1, 1]), (4, [0, 2]), (4, [2, 2]), (5, [0]), (5, [0, 1, 0]), (5, [0, 0, 0]), (5, [2, 1])],
)
def test_equals_the_sum_over_all_paths(num_frames, labels):
    logits = random_logits(num_frames, K, seed=num_frames)
    for received, expected in zip(of_one(logits, labels), all_paths(logits, labels), strict=True):
        close(received, expected)


def test_with_as_many_frames_as_labels_there_is_one_path():
    logits, labels = random_logits(6, K), [0, 1, 2, 1, 0, 2]
    loss, gradient = of_one(logits, labels)
    log_probs = log_softmax(logits)
    close(loss, -log_probs[np.arange(6), labels].sum())
    close(gradient, np.exp(log_probs) - np.eye(K)[labels])


def test_a_repeat_passes_through_the_blank():
    logits = random_logits(3, K)
    close(of_one(logits, [1, 1])[0], -log_softmax(logits)[[0, 1, 2], [1, BLANK, 1]].sum())


def batch():
    """Rows of full, middle and least length, with 4, 2 and 1 labels."""
    logits = random_logits(3, 7, K)
    labels = [[0, 1, 1, 2], [2, 0, 0, 0], [1, 0, 0, 0]]
    return logits, *(np.array(a, np.int32) for a in ([7, 4, 1], labels, [4, 2, 1]))


def test_a_batch_is_each_row_alone_with_its_own_lengths():
    logits, frames, labels, counts = batch()
    loss, gradient = loss_and_gradient(logits, frames, labels, counts)
    for row in range(3):
        alone, alone_gradient = of_one(logits[row, : frames[row]], labels[row, : counts[row]])
        close(loss[row], alone)
        close(gradient[row, : frames[row]], alone_gradient)


@pytest.mark.parametrize("garbage", [np.nan, np.inf, 1e30])
def test_logits_behind_the_length_change_nothing_and_get_no_gradient(garbage):
    logits, frames, labels, counts = batch()
    loss, gradient = loss_and_gradient(logits, frames, labels, counts)
    padding = np.arange(7) >= frames[:, np.newaxis]
    logits[padding] = garbage
    dirty_loss, dirty_gradient = loss_and_gradient(logits, frames, labels, counts)
    close(dirty_loss, loss)
    close(dirty_gradient, gradient)
    assert not dirty_gradient[padding].any()


@pytest.mark.parametrize("garbage", [-1, BLANK, 10**6])
def test_labels_behind_the_length_are_ignored(garbage):
    logits, frames, labels, counts = batch()
    expected, _ = loss_and_gradient(logits, frames, labels, counts)
    labels[np.arange(4) >= counts[:, np.newaxis]] = garbage
    close(loss_and_gradient(logits, frames, labels, counts)[0], expected)


@pytest.mark.parametrize("wrong", [-1, BLANK, 10**6])
def test_labels_that_are_no_class_are_refused(wrong):
    logits, frames, labels, counts = batch()
    labels[1, 0] = wrong
    with pytest.raises(ValueError, match=r"labels must lie in \[0, 3\).*Received: labels from"):
        loss_and_gradient(logits, frames, labels, counts)
    in_graph = tf.function(functools.partial(ctc_loss, **CURRENT))
    with pytest.raises(tf.errors.InvalidArgumentError, match="below the blank"):
        in_graph(logits, frames, labels, counts)


def penalty(logits, frames, labels, counts):
    """Sum of the squared gradient of the loss."""
    with tf.GradientTape() as tape:
        tape.watch(logits)
        loss = tf.reduce_sum(ctc_loss(logits, frames, labels, counts, **CURRENT))
    return tf.reduce_sum(tape.gradient(loss, logits) ** 2)


@pytest.mark.parametrize("implementation", ["forward_backward"], indirect=True)
def test_second_derivatives_are_those_of_finite_differences(implementation):
    logits, frames, labels, counts = batch()
    logits = tf.constant(logits)

    def gradient():
        with tf.GradientTape() as tape:
            tape.watch(logits)
            value = penalty(logits, frames, labels, counts)
        return tape.gradient(value, logits)

    direction = tf.cos(tf.reshape(tf.range(tf.size(logits), dtype=tf.float32), logits.shape))
    above, below = (penalty(logits + step * direction, frames, labels, counts) for step in (1e-2, -1e-2))
    for received in (gradient(), tf.function(gradient)()):
        np.testing.assert_allclose(tf.reduce_sum(received * direction), (above - below) / 2e-2, rtol=1e-2)


@pytest.mark.parametrize("implementation", ["sparse"], indirect=True)
def test_the_kernel_refuses_second_derivatives(implementation):
    logits, frames, labels, counts = batch()
    logits = tf.constant(logits)
    with pytest.raises(LookupError, match="second +derivative"), tf.GradientTape() as tape:
        tape.watch(logits)
        value = penalty(logits, frames, labels, counts)
        tape.gradient(value, logits)


def test_half_precision_logits_are_summed_in_float32():
    logits, frames, labels, counts = batch()
    half = tf.cast(logits, tf.float16)
    loss = ctc_loss(half, *map(tf.constant, (frames, labels, counts)))
    assert loss.dtype == tf.float32
    close(loss, loss_and_gradient(tf.cast(half, tf.float32), frames, labels, counts)[0])


def test_unknown_shapes_equal_eager():
    logits, frames, labels, counts = batch()
    unknown = [tf.TensorSpec([None] * 3, tf.float32), *(tf.TensorSpec([None] * rank, tf.int32) for rank in (1, 2, 1))]
    traced = tf.function(functools.partial(ctc_loss, **CURRENT), input_signature=unknown)
    arguments = [tf.constant(logits), *(tf.constant(a, tf.int32) for a in (frames, labels, counts))]
    close(traced(*arguments), ctc_loss(*arguments, **CURRENT))


@pytest.mark.parametrize("implementation", ["sparse"], indirect=True)
def test_sharp_logits_are_exact_until_a_probability_underflows():
    """The CPU kernel works on probabilities: exp(-104) is 0 in float32, and a path through it costs infinity."""
    logits = np.zeros((2, K), np.float32)
    for gap, is_finite in ((80, True), (120, False)):
        logits[:, 0] = gap
        loss, gradient = of_one(logits, [1])
        assert np.isfinite(loss) == is_finite and np.isfinite(gradient).all()
        if is_finite:
            close(loss, all_paths(logits, [1])[0])


def test_equals_torch():
    torch = pytest.importorskip("torch")
    logits, frames, labels, counts = batch()
    given = torch.tensor(logits, requires_grad=True)
    loss = torch.nn.functional.ctc_loss(
        given.log_softmax(-1).transpose(0, 1), torch.tensor(labels), torch.tensor(frames), torch.tensor(counts),
        blank=BLANK, reduction="none",
    )  # fmt: skip
    loss.sum().backward()
    received, gradient = loss_and_gradient(logits, frames, labels, counts)
    close(received, loss.detach().numpy())
    close(gradient, given.grad.numpy())


@pytest.mark.parametrize("implementation", ["sparse"], indirect=True)
def test_a_row_that_cannot_be_aligned_never_has_a_finite_loss():
    """`input_pipeline` leaves such rows out by id; what slips through must not look like a loss."""
    logits = random_logits(2, K)
    assert of_one(logits, [1, 1])[0] == np.inf
    with pytest.raises(tf.errors.InvalidArgumentError, match="Not enough time"):
        of_one(logits, [0, 1, 0])
    with pytest.raises(tf.errors.InvalidArgumentError, match="Labels length is zero"):
        loss_and_gradient(logits[np.newaxis], [2], [[0]], [0])


def test_labels_beyond_cudnns_go_another_way_on_a_gpu(monkeypatch):
    monkeypatch.setattr(tf.config, "list_logical_devices", lambda kind=None: ["a GPU"])
    monkeypatch.setattr(loss_module, "MOST_CUDNN_LABELS", 3)
    refused = []

    def kernel(**arguments):
        refused.append(arguments["labels"].dense_shape.numpy())
        return tf.zeros([2])

    monkeypatch.setattr(tf.nn, "ctc_loss", kernel)
    logits, labels = tf.random.stateless_normal([2, 12, 4], [1, 2]), tf.constant([[0, 1, 2, 0], [1, 1, 0, 0]])
    short = ctc_loss(logits, [12, 12], labels, [3, 2], "sparse")
    assert len(refused) == 1 and short.numpy().tolist() == [0.0, 0.0]
    long = ctc_loss(logits, [12, 12], labels, [4, 2], "sparse")
    assert len(refused) == 1, "a row of four labels is not for it"
    np.testing.assert_allclose(long, ctc_loss(logits, [12, 12], labels, [4, 2]), rtol=1e-6)

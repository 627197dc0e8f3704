"""Equal to PyTorch's recurrent layers with the same weights: outputs, final states and gradients."""

import numpy as np
import pytest
import tensorflow as tf

from seqapp.rnn import Bidirectional, Recurrent
from seqapp.rnn.cells import CELLS

torch = pytest.importorskip("torch", exc_type=ImportError)

UNITS, NUM_FEATURES, NUM_FRAMES = 4, 3, 7
LENGTHS = {"full": [7, 7, 7], "unequal": [4, 7, 1]}  # PyTorch refuses a row of length 0
MODULES = {"simple": "RNN", "lstm": "LSTM", "gru": "GRU"}
# The place of each of PyTorch's gates in ours: z, r, n against r, z, n.
GATES = {"simple": [0], "lstm": [0, 1, 2, 3], "gru": [1, 0, 2]}
directions = pytest.mark.parametrize("reverse", [False, True], ids=["forward", "backward"])


def random_cell(name, num_features=NUM_FEATURES, seed=0):
    """A cell in float64 that no weight of which is zero."""
    cell, rng = CELLS[name](UNITS, dtype="float64"), np.random.default_rng(seed)
    cell.build((None, num_features))
    cell.set_weights([rng.normal(scale=0.5, size=v.shape) for v in cell.variables])
    return cell


def reordered(name, array):
    """Gates along the last axis, from our order into PyTorch's or back: no more than a swap."""
    gates = np.split(array, len(GATES[name]), axis=-1)
    return np.concatenate([gates[k] for k in GATES[name]], axis=-1)


def torch_weights(name, cell):
    """Our weights under PyTorch's names, which has a recurrent bias in every layer and keeps its kernels transposed."""
    weights = {v.name: reordered(name, v.numpy()) for v in cell.variables}
    return {
        "weight_ih": weights["kernel"].T,
        "weight_hh": weights["recurrent_kernel"].T,
        "bias_ih": weights["bias"],
        "bias_hh": weights.get("recurrent_bias", np.zeros_like(weights["bias"])),
    }


def make_module(name, cells, num_layers=1):
    """PyTorch's bidirectional stack with the weights of `cells`: forward and backward, layer after layer."""
    module = getattr(torch.nn, MODULES[name])(
        NUM_FEATURES, UNITS, num_layers, batch_first=True, bidirectional=True, dtype=torch.float64
    )
    for k, cell in enumerate(cells):
        for weight, value in torch_weights(name, cell).items():
            suffix = f"_l{k // 2}{'_reverse' if k % 2 else ''}"
            getattr(module, weight + suffix).data = torch.tensor(value)
    return module


def problem(name):
    rng = np.random.default_rng(1)
    inputs = rng.normal(size=(3, NUM_FRAMES, NUM_FEATURES))
    state = [rng.normal(size=(3, UNITS)) for _ in CELLS[name](1).state_size]
    return inputs, state, np.cos(np.arange(3 * NUM_FRAMES * UNITS)).reshape(3, NUM_FRAMES, UNITS)


def run_torch(module, inputs, lengths, state=None):
    """Outputs `[B, T, 2*H]`, zero in the padding, and the list of states `[layers * 2, B, H]`."""
    packed = torch.nn.utils.rnn.pack_padded_sequence(inputs, lengths, batch_first=True, enforce_sorted=False)
    if state is not None:
        state = tuple(state) if isinstance(module, torch.nn.LSTM) else state[0]
    packed, final = module(packed, state)
    outputs, _ = torch.nn.utils.rnn.pad_packed_sequence(packed, batch_first=True, total_length=NUM_FRAMES)
    return outputs, list(final) if isinstance(final, tuple) else [final]


def torch_results(name, cell, lengths, reverse):
    """Outputs, states and gradients of inputs, states and weights, in our layout, of one direction."""
    module = make_module(name, [cell, cell])
    inputs, state, weights = problem(name)
    inputs = torch.tensor(inputs, requires_grad=True)
    state = [torch.tensor(np.stack([s, s]), requires_grad=True) for s in state]
    outputs, final = run_torch(module, inputs, lengths, state)
    outputs, final = outputs.unflatten(-1, (2, UNITS))[:, :, int(reverse)], [s[int(reverse)] for s in final]
    ((outputs * torch.tensor(weights)).sum() + sum((s**2).sum() for s in final)).backward()

    gradients = {}
    for weight in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
        gradient = getattr(module, f"{weight}_l0{'_reverse' if reverse else ''}").grad.numpy()
        gradients[weight] = reordered(name, gradient.T)
    names = {"kernel": "weight_ih", "recurrent_kernel": "weight_hh", "bias": "bias_ih", "recurrent_bias": "bias_hh"}
    of_weights = [gradients[names[v.name]] for v in cell.variables]
    results = [outputs, *final, inputs.grad, *(s.grad[int(reverse)] for s in state)]
    return [r.detach().numpy() for r in results] + of_weights


def our_results(name, cell, lengths, reverse, execution):
    layer = Recurrent(cell, execution, return_state=True, go_backwards=reverse, dtype="float64")
    inputs, state, weights = problem(name)
    inputs, state = tf.constant(inputs), [tf.constant(s) for s in state]
    sources = [inputs, *state, *(v.value for v in cell.variables)]
    with tf.GradientTape() as tape:
        tape.watch([inputs, *state])
        outputs, *final = layer(inputs, initial_state=state, mask=tf.sequence_mask(lengths, NUM_FRAMES))
        outputs = tf.reverse(outputs, [1]) if reverse else outputs  # to the frames they belong to, as in PyTorch
        loss = tf.reduce_sum(outputs * weights) + sum(tf.reduce_sum(s**2) for s in final)
    return [r.numpy() for r in [outputs, *final, *tape.gradient(loss, sources)]]


@directions
@pytest.mark.parametrize(("execution", "lengths"), [("loop", "full"), ("loop", "unequal"), ("fused", "unequal")])
@pytest.mark.parametrize("name", MODULES)
def test_equals_the_layer_of_torch(name, execution, lengths, reverse):
    cell, lengths = random_cell(name), LENGTHS[lengths]
    received = our_results(name, cell, lengths, reverse, execution)
    for r, expected in zip(received, torch_results(name, cell, lengths, reverse), strict=True):
        np.testing.assert_allclose(r, expected, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("name", ["lstm", "gru"])
def test_a_stack_in_both_directions_equals_that_of_torch(name):
    sizes = [NUM_FEATURES, NUM_FEATURES, 2 * UNITS, 2 * UNITS]
    cells = [random_cell(name, size, seed) for seed, size in enumerate(sizes)]
    inputs, lengths = problem(name)[0], LENGTHS["unequal"]
    with torch.no_grad():
        expected, _ = run_torch(make_module(name, cells, num_layers=2), torch.tensor(inputs), lengths)
    outputs, mask = tf.constant(inputs), tf.sequence_mask(lengths, NUM_FRAMES)
    for forward, backward in (cells[:2], cells[2:]):
        outputs = Bidirectional(forward, backward, dtype="float64")(outputs, mask=mask)
    np.testing.assert_allclose(outputs, expected, rtol=1e-9, atol=1e-11)

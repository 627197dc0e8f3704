"""The equations of the cells in a few lines of NumPy, written from the papers and from nothing of ours."""

import numpy as np


def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


def simple(x, state, w):
    h = np.tanh(x @ w["kernel"] + state[0] @ w["recurrent_kernel"] + w["bias"])
    return h, [h]


def lstm(x, state, w):
    h, c = state
    i, f, g, o = np.split(x @ w["kernel"] + h @ w["recurrent_kernel"] + w["bias"], 4, axis=-1)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    h = sigmoid(o) * np.tanh(c)
    return h, [h, c]


def gru(x, state, w):
    h = state[0]
    xz, xr, xn = np.split(x @ w["kernel"] + w["bias"], 3, axis=-1)
    hz, hr, hn = np.split(h @ w["recurrent_kernel"] + w["recurrent_bias"], 3, axis=-1)
    z, r = sigmoid(xz + hz), sigmoid(xr + hr)
    h = z * h + (1 - z) * np.tanh(xn + r * hn)
    return h, [h]


def min_gru(x, state, w):
    z, n = np.split(x @ w["kernel"] + w["bias"], 2, axis=-1)
    h = (1 - sigmoid(z)) * state[0] + sigmoid(z) * n
    return h, [h]


def min_lstm(x, state, w):
    f, i, n = np.split(x @ w["kernel"] + w["bias"], 3, axis=-1)
    f, i = sigmoid(f), sigmoid(i)
    h = f / (f + i) * state[0] + i / (f + i) * n
    return h, [h]


def rg_lru(x, state, w):
    r, i, v = np.split(x @ w["kernel"] + w["bias"], 3, axis=-1)
    a = np.exp(-8 * np.log1p(np.exp(w["decay"])) * sigmoid(r))
    h = a * state[0] + np.sqrt(1 - a**2) * sigmoid(i) * v
    return h, [h]


def sru(x, state, w):
    f, r, c, s = np.split(x @ w["kernel"] + w["bias"], 4, axis=-1)
    c = sigmoid(f) * state[0] + (1 - sigmoid(f)) * c
    return sigmoid(r) * c + (1 - sigmoid(r)) * s, [c]


STEPS = {
    "simple": simple,
    "lstm": lstm,
    "gru": gru,
    "min_gru": min_gru,
    "min_lstm": min_lstm,
    "rg_lru": rg_lru,
    "sru": sru,
}


def run(name, inputs, state, weights, length=None):
    """Outputs [T, H] and the final state of one row, frame after frame."""
    outputs = np.zeros((len(inputs), state[0].shape[-1]))
    for t in range(len(inputs) if length is None else length):
        outputs[t], state = STEPS[name](inputs[t], state, weights)
    return outputs, state

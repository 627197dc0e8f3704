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


def lru(x, state, w):
    re, im = np.split(x @ w["kernel"] + w["bias"], 2, axis=-1)
    s = state[0][..., : re.shape[-1]] + 1j * state[0][..., re.shape[-1] :]
    s = np.exp(-np.exp(w["nu"]) + 1j * np.exp(w["theta"])) * s + np.exp(w["gamma"]) * (re + 1j * im)
    return s.real, [np.concatenate([s.real, s.imag], axis=-1)]


def memory_gates(x, w, num_small):
    """Value, output gate, key, query, and one number per head each, of a cell with a matrix for a state."""
    gates, heads, units = x @ w["kernel"] + w["bias"], len(w["log_rate"]), len(w["norm_gain"])
    keys = (gates.shape[-1] - 2 * units - num_small * heads) // 2
    v, z, k, q, *small = np.split(gates, np.cumsum([units, units, keys, keys] + [heads] * (num_small - 1)), axis=-1)
    dt = np.log1p(np.exp(small[0]))
    return v.reshape(*v.shape[:-1], heads, -1), z, k, q, dt, np.exp(-np.exp(w["log_rate"]) * dt), *small[1:]


def memory_output(y, z, w):
    """Each head's root mean square 1, then gain and gate. y: `[..., N, V]`."""
    y = y / np.sqrt(np.mean(y**2, axis=-1, keepdims=True) + 1e-5)
    return y.reshape(z.shape) * w["norm_gain"] * z * sigmoid(z)


def mamba2(x, state, w):
    v, z, k, q, dt, a = memory_gates(x, w, 1)
    s = state[0].reshape(*v.shape[:-1], k.shape[-1], v.shape[-1])
    s = a[..., None, None] * s + np.einsum("...n,...k,...nv->...nkv", dt, k, v)
    y = np.einsum("...nkv,...k->...nv", s, q) / np.sqrt(k.shape[-1]) + w["skip"].reshape(v.shape[-2:]) * v
    return memory_output(y, z, w), [s.reshape(state[0].shape)]


def gated_delta(x, state, w):
    v, z, k, q, _, a, b = memory_gates(x, w, 2)
    k, q = (y / np.sqrt(np.sum(y**2, axis=-1, keepdims=True) + 1e-6) for y in (k, q))
    kk = np.einsum("...i,...j->...ij", k, k)[..., None, :, :]
    s = state[0].reshape(*v.shape[:-1], k.shape[-1], v.shape[-1])
    s = (np.eye(k.shape[-1]) - sigmoid(b)[..., None, None] * kk) @ (a[..., None, None] * s)
    s = s + np.einsum("...n,...k,...nv->...nkv", sigmoid(b), k, v)
    return memory_output(np.einsum("...nkv,...k->...nv", s, q), z, w), [s.reshape(state[0].shape)]


STEPS = {
    "simple": simple,
    "lstm": lstm,
    "gru": gru,
    "min_gru": min_gru,
    "min_lstm": min_lstm,
    "rg_lru": rg_lru,
    "sru": sru,
    "lru": lru,
    "mamba2": mamba2,
    "gated_delta": gated_delta,
}


def run(name, inputs, state, weights, length=None):
    """Outputs [T, H] and the final state of one row, frame after frame."""
    state_and_more = {"norm_gain", "nu"} & set(weights)  # their states are not of H numbers
    units = len(weights[state_and_more.pop()]) if state_and_more else state[0].shape[-1]
    outputs = np.zeros((len(inputs), units))
    for t in range(len(inputs) if length is None else length):
        outputs[t], state = STEPS[name](inputs[t], state, weights)
    return outputs, state

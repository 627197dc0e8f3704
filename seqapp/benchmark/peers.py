"""Recurrent layers and CTC losses of other libraries (PyTorch, optax), where they are installed."""

import functools
import importlib.util
from collections.abc import Callable


def is_installed(*modules) -> bool:
    return all(importlib.util.find_spec(module) for module in modules)


def torch_recurrent(batch: int, frames: int, units: int, threads: int) -> dict[str, Callable]:
    """Name to what builds the runs of PyTorch's layers, on the CPU; as `rnn.work`."""
    if not is_installed("torch"):
        return {}
    return {
        f"torch.nn.{name}": functools.partial(_torch_layer, name, batch, frames, units, threads)
        for name in ("LSTM", "GRU")
    }


def _torch_layer(name, batch, frames, units, threads):
    import torch

    torch.set_num_threads(threads)
    inputs = torch.randn(batch, frames, units, requires_grad=True)
    upstream = torch.randn(batch, frames, units)
    layer = getattr(torch.nn, name)(units, units, batch_first=True)

    def forward():
        with torch.no_grad():
            return layer(inputs)[0]

    def step():
        return torch.autograd.grad(layer(inputs)[0], [inputs, *layer.parameters()], upstream)

    return [batch, frames, units, units], forward, step


def ctc(logits, logit_length, labels, label_length, shape: list[int], threads: int) -> dict[str, Callable]:
    """Name to what builds the runs of CTC losses: arrays as for `ctc_loss`, the blank last."""
    arrays = (logits, logit_length, labels, label_length)
    losses = {}
    if is_installed("torch"):
        losses["torch.nn.functional.ctc_loss"] = functools.partial(_torch_ctc, *arrays, shape, threads)
    if is_installed("jax", "optax"):
        losses["optax.ctc_loss"] = functools.partial(_optax_ctc, *arrays, shape)
    return losses


def _torch_ctc(logits, logit_length, labels, label_length, shape, threads):
    import torch

    torch.set_num_threads(threads)
    logits = torch.tensor(logits, requires_grad=True)
    logit_length, labels, label_length = map(torch.tensor, (logit_length, labels, label_length))

    def loss(logits):
        log_probs = logits.log_softmax(-1).transpose(0, 1)
        return torch.nn.functional.ctc_loss(
            log_probs, labels, logit_length, label_length, blank=logits.shape[-1] - 1, reduction="sum"
        )

    def forward():
        with torch.no_grad():
            return loss(logits)

    return shape, forward, lambda: torch.autograd.grad(loss(logits), logits)


def _optax_ctc(logits, logit_length, labels, label_length, shape):
    import jax
    import optax

    logit_paddings, label_paddings = (
        (jax.numpy.arange(size) >= length[:, None]).astype("float32")
        for size, length in ((logits.shape[1], logit_length), (labels.shape[1], label_length))
    )
    blank = logits.shape[-1] - 1

    def loss(logits):
        return optax.ctc_loss(logits, logit_paddings, labels, label_paddings, blank_id=blank).sum()

    logits = jax.numpy.asarray(logits)
    forward = jax.jit(loss)
    step = jax.jit(jax.value_and_grad(loss))
    return shape, lambda: forward(logits).block_until_ready(), lambda: jax.block_until_ready(step(logits))

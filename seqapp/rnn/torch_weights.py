"""Exchange of weights with PyTorch's RNN, LSTM and GRU, as arrays under PyTorch's names.

PyTorch itself is not needed: `module.state_dict()` gives tensors, of which NumPy makes arrays.
"""

from collections.abc import Mapping

import numpy as np

from seqapp.rnn.cells.cell import Cell, equations_of
from seqapp.rnn.cells.gru import GRUCell
from seqapp.rnn.cells.lstm import LSTMCell
from seqapp.rnn.cells.simple import SimpleCell

# The place of each of PyTorch's gates in ours and the reverse: r, z, n against z, r, n.
GATE_ORDER = {LSTMCell: (0, 1, 2, 3), GRUCell: (1, 0, 2), SimpleCell: (0,)}


def set_torch_weights(cell: Cell, weights: Mapping, suffix: str = "_l0") -> None:
    """Set the weights of a cell to those of one layer and direction of a PyTorch module.

    Args:
        cell: An `LSTMCell`, `SimpleCell` or `GRUCell` with `reset_after`; built where it is not yet.
        weights: By name: `weight_ih` `[G*H, F]`, `weight_hh` `[G*H, H]` and, with `use_bias`, `bias_ih` and `bias_hh`
            `[G*H]`, each with the suffix, as in `module.state_dict()`. Others are left alone.
        suffix: Of the layer and direction, as PyTorch has it: `"_l0"`, `"_l0_reverse"`, `"_l1"`, ...

    Raises:
        ValueError: If PyTorch has no such cell, or a weight is missing or of another shape.

    Example:
        >>> cell = LSTMCell(128)
        >>> set_torch_weights(cell, torch.load("lstm.pt"))
    """
    _check_cell(cell)
    names = ["weight_ih", "weight_hh", *(["bias_ih", "bias_hh"] if cell.use_bias else [])]
    arrays = {name: _in_other_order(cell, _array(weights, name + suffix)) for name in names}
    if not cell.built:
        cell.build((None, arrays["weight_ih"].shape[-1]))
    _assign(cell.kernel, arrays["weight_ih"].T, "weight_ih")
    _assign(cell.recurrent_kernel, arrays["weight_hh"].T, "weight_hh")
    if not cell.use_bias:
        return
    biases = [arrays["bias_ih"], arrays["bias_hh"]]
    if equations_of(cell) is not GRUCell:
        _assign(cell.bias, biases[0] + biases[1], "bias_ih")
    elif getattr(cell, "both_biases", None) is not None:
        _assign(cell.both_biases, np.stack(biases), "bias_ih")
    else:
        _assign(cell.bias, biases[0], "bias_ih")
        _assign(cell.recurrent_bias, biases[1], "bias_hh")


def torch_weights(cell: Cell, suffix: str = "_l0") -> dict[str, np.ndarray]:
    """Return the weights of a cell under PyTorch's names; arguments as for `set_torch_weights`.

    A cell with one bias gives it as `bias_ih`, and zeros as `bias_hh`.
    """
    _check_cell(cell)
    weights = {"weight_ih": np.asarray(cell.kernel).T, "weight_hh": np.asarray(cell.recurrent_kernel).T}
    if cell.use_bias:
        recurrent_bias = getattr(cell, "recurrent_bias", None)
        weights["bias_ih"] = np.asarray(cell.bias)
        weights["bias_hh"] = np.zeros_like(weights["bias_ih"]) if recurrent_bias is None else np.asarray(recurrent_bias)
    return {name + suffix: _in_other_order(cell, weight) for name, weight in weights.items()}


def _check_cell(cell):
    is_known = equations_of(cell) in GATE_ORDER and getattr(cell, "reset_after", True) and not cell.layer_norm
    if not is_known:
        raise ValueError(
            "PyTorch knows an LSTMCell, a SimpleCell and a GRUCell with reset_after=True, without layer_norm. "
            f"Received: {type(cell).__name__}. Use one of these, or set_weights with arrays of this cell's own."
        )


def _array(weights, name):
    if name not in weights:
        raise ValueError(
            f"Expected a weight {name}. Received: {', '.join(sorted(weights))}. "
            "Give the suffix of the layer and direction; a module with bias=False needs a cell with use_bias=False."
        )
    weight = weights[name]
    return np.asarray(weight.detach().cpu() if hasattr(weight, "detach") else weight)


def _in_other_order(cell, array):
    """Swap gates along the first axis, from PyTorch's order into ours or back."""
    gates = np.split(array, cell.num_gates)
    return np.concatenate([gates[k] for k in GATE_ORDER[equations_of(cell)]])


def _assign(variable, array, name):
    if array.shape != tuple(variable.shape):
        raise ValueError(
            f"{name} must fit a weight of shape {tuple(variable.shape)}. Received: {array.shape}, transposed. "
            "Give the cell the module's hidden_size as units, and the layer its input_size."
        )
    variable.assign(array)

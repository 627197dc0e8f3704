"""Recurrent cells: gates `[B, G*H]` and a hidden state to an output `[B, H]` and the next state, in one step.

Floor 1. To add a cell: one file here, one line in CELLS, one test.
"""

from seqapp.rnn.cells.cell import Cell
from seqapp.rnn.cells.gated_delta import GatedDeltaCell
from seqapp.rnn.cells.gru import GRUCell
from seqapp.rnn.cells.linear_cell import LinearCell
from seqapp.rnn.cells.lru import LRUCell
from seqapp.rnn.cells.lstm import LSTMCell
from seqapp.rnn.cells.mamba2 import Mamba2Cell
from seqapp.rnn.cells.matrix_cell import MatrixCell
from seqapp.rnn.cells.min_gru import MinGRUCell
from seqapp.rnn.cells.min_lstm import MinLSTMCell
from seqapp.rnn.cells.rg_lru import RGLRUCell
from seqapp.rnn.cells.simple import SimpleCell
from seqapp.rnn.cells.sru import SRUCell

CELLS = {
    "simple": SimpleCell,
    "lstm": LSTMCell,
    "gru": GRUCell,
    "min_gru": MinGRUCell,
    "min_lstm": MinLSTMCell,
    "rg_lru": RGLRUCell,
    "sru": SRUCell,
    "lru": LRUCell,
    "mamba2": Mamba2Cell,
    "gated_delta": GatedDeltaCell,
}

__all__ = [
    "CELLS",
    "Cell",
    "GRUCell",
    "GatedDeltaCell",
    "LRUCell",
    "LSTMCell",
    "LinearCell",
    "Mamba2Cell",
    "MatrixCell",
    "MinGRUCell",
    "MinLSTMCell",
    "RGLRUCell",
    "SRUCell",
    "SimpleCell",
]

"""Recurrent cells: gates `[B, G*H]` and a hidden state to an output `[B, H]` and the next state, in one step.

Floor 1. To add a cell: one file here, one line in CELLS, one test.
"""

from seqapp.rnn.cells.cell import Cell, LinearCell
from seqapp.rnn.cells.gru import GRUCell
from seqapp.rnn.cells.lstm import LSTMCell
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
}

__all__ = [
    "CELLS",
    "Cell",
    "GRUCell",
    "LSTMCell",
    "LinearCell",
    "MinGRUCell",
    "MinLSTMCell",
    "RGLRUCell",
    "SRUCell",
    "SimpleCell",
]

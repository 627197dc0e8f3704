"""Recurrent layers: inputs `[B, T, F]` and a mask `[B, T]` to outputs `[B, T, H]` and a hidden state.

Floor 1. `cells` say what is computed, `execution` how it is run over time, `Recurrent` is the Keras layer.
"""

from seqapp.rnn.bidirectional import Bidirectional
from seqapp.rnn.recurrent import Recurrent

__all__ = ["Bidirectional", "Recurrent"]

"""Executions of a cell over time: `(cell, gates, mask, initial_state, reverse, keep) -> outputs, state`.

Floor 1. Every execution gives what `loop` gives: outputs, final states and gradients. `inference` and
`cudnn` take sequences `[B, T, F]` instead of gates: they project inputs themselves.
"""

from seqapp.rnn.execution.choose import EXECUTIONS, choose, legal_executions
from seqapp.rnn.execution.chunkwise import chunkwise
from seqapp.rnn.execution.cudnn import cudnn
from seqapp.rnn.execution.fused import fused
from seqapp.rnn.execution.inference import inference
from seqapp.rnn.execution.loop import loop
from seqapp.rnn.execution.parallel_scan import linear_scan, parallel_scan
from seqapp.rnn.execution.unrolled import unrolled

__all__ = [
    "EXECUTIONS",
    "choose",
    "chunkwise",
    "cudnn",
    "fused",
    "inference",
    "legal_executions",
    "linear_scan",
    "loop",
    "parallel_scan",
    "unrolled",
]

"""Fused execution: derived backward passes, compiled by XLA in pieces of fixed size.

Where a state meets a matrix, one file per cell holds its equations and their derivatives; `recurrence` runs them over
a few rows, `fused` over a batch. Cells that are linear in their state share one file, `linear`.
"""

from seqapp.rnn.execution.fused.fused import can_fuse, fused

__all__ = ["can_fuse", "fused"]

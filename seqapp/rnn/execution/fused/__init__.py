"""The execution `fused`: derived backward passes, compiled by XLA in pieces of fixed size.

One file a cell holds its equations and their derivatives; `chunk` runs them over some frames; `fused` over all.
"""

from seqapp.rnn.execution.fused.fused import can_fuse, fused

__all__ = ["can_fuse", "fused"]

"""Inference execution: plain operations, arranged for the time of a forward pass.

`recurrence` runs cells whose state meets a matrix, `linear` those that are linear in their state.
"""

from seqapp.rnn.execution.inference.inference import can_infer, inference

__all__ = ["can_infer", "inference"]

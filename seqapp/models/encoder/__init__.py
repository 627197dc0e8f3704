"""Encoder: features `[B, T, F]` to vectors `[B, T', C]`, one stack of recurrent layers, whole or streaming."""

from seqapp.models.encoder.encoder import Encoder
from seqapp.models.encoder.stream_state import flatten_state, unflatten_state

__all__ = ["Encoder", "flatten_state", "unflatten_state"]

"""Synthetic connected handwriting: `write` for any text, and the TFDS builder `synthetic_ink`."""

from seqapp.datasets.ink.synthetic_ink.pen import write
from seqapp.datasets.ink.synthetic_ink.style import Style

__all__ = ["Style", "write"]

"""Synthetic connected handwriting under its earlier import path, `seqapp.datasets.synthetic_ink`."""

from seqapp.datasets.ink.synthetic_ink import Style, write

__all__ = ["Style", "write"]

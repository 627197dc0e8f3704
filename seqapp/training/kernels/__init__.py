"""Kernels of a whole training step, compiled for a GPU that is not there: `python -m seqapp.training.kernels`."""

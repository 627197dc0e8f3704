"""Corpora that TensorFlow Datasets itself prepares, read through the same pipeline as all others."""

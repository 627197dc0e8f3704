"""Corpora: readers of the true file formats (NumPy only) and the TFDS builders around them, one folder a
corpus."""

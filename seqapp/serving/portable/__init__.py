"""Portable models for programs without TensorFlow: the network, from features to log_probs, as LiteRT or ONNX files.

The front ends stay outside: log-mel needs a Fourier transform inside a loop, ink needs segment minima, and neither
LiteRT's built-in operators nor ONNX have these for an unknown number of frames.
"""

"""Small lattices, and every text in them by brute force."""

import itertools

import numpy as np


def random_log_probs(rng, num_frames, num_classes, sharpness=1.0):
    """Log-probabilities float64 `[T, K]`, the blank last."""
    logits = sharpness * rng.normal(size=(num_frames, num_classes))
    return logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)


def every_text(log_probs):
    """Labels -> log-probability, all paths summed one by one."""
    num_frames, num_classes = log_probs.shape
    found = {}
    for path in itertools.product(range(num_classes), repeat=num_frames):
        labels = tuple(k for k, _ in itertools.groupby(path) if k != num_classes - 1)
        score = sum(log_probs[t, k] for t, k in enumerate(path))
        found[labels] = np.logaddexp(found.get(labels, -np.inf), score)
    return found

"""Sampling of a token from log-probabilities: temperature and nucleus (top-p) sampling."""

import numpy as np


def draw(
    log_probs, temperature: float, top_p: float, generator: np.random.Generator, forbidden: int | None = None
) -> int:
    """Draw one token.

    Args:
        log_probs: Float `[V]`.
        temperature: Not negative; 0 takes the likeliest token.
        top_p: In (0, 1]: only the fewest likeliest tokens that have this probability together are drawn from.
        generator: `numpy.random.Generator`.
        forbidden: A token that is never drawn.

    Raises:
        ValueError: For values outside of these ranges.

    Reference: Holtzman et al., The curious case of neural text degeneration, 2020, section 3.1.
    """
    if not temperature >= 0 or not 0 < top_p <= 1:
        raise ValueError(f"temperature must be >= 0 and top_p in (0, 1]. Received: {temperature} and {top_p}.")
    log_probs = np.array(log_probs, np.float64)
    if forbidden is not None:
        log_probs[forbidden] = -np.inf
    if temperature == 0:
        return int(np.argmax(log_probs))
    weights = np.exp((log_probs - log_probs.max()) / temperature)
    order = np.argsort(-weights, kind="stable")
    cumulated = np.cumsum(weights[order]) / weights.sum()
    nucleus = order[: int(np.searchsorted(cumulated, top_p - 1e-12)) + 1]
    return int(generator.choice(nucleus, p=weights[nucleus] / weights[nucleus].sum()))

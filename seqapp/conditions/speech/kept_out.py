"""Speech conditions kept out: damage that no model is trained with and no confidence is fitted to."""

import numpy as np

from seqapp.conditions.condition import Damage
from seqapp.recipe.rules import CORPUS_RATE_HZ

PACKET_S = 0.02


def lose_packets(waveform: np.ndarray, share: float, rng: np.random.Generator, sample_rate_hz: int) -> np.ndarray:
    """Silence packets of 20 ms, each by itself with a probability: a call over a bad network, nothing concealed.

    Args:
        waveform: Float32 `[N]`.
        share: In [0, 1], of the packets.
        rng: Draws those that are lost.
        sample_rate_hz: Of the waveform.

    Returns:
        Float32 `[N]`.
    """
    size = int(PACKET_S * sample_rate_hz)
    lost = rng.random(-(-len(waveform) // size)) < share
    return np.where(np.repeat(lost, size)[: len(waveform)], np.float32(0.0), waveform)


KEPT_OUT = {
    "lost_packets": Damage(
        lambda waveform, share, rng, others: lose_packets(waveform, share, rng, CORPUS_RATE_HZ),
        "of the packets", (0.05,), "20 ms each, silent",
    ),
}  # fmt: skip

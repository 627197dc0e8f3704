"""Image conditions kept out: damage that no model is trained with and no confidence is fitted to."""

import numpy as np

from seqapp.conditions.condition import Damage
from seqapp.conditions.image.reread import read_again

SPACING = 4.0  # heights from one stain to the next, on the average
RADII = (0.3, 0.9)  # heights
RIM = 0.12  # heights, how wide the dark edge of a stain is
INSIDE = 0.4  # share of the rim's darkness within


def stain(columns: np.ndarray, darkness: float, rng: np.random.Generator) -> np.ndarray:
    """Let drops dry on the line: round, darkest at their rims.

    Args:
        columns: Float32 `[W, H]` in [0, 1].
        darkness: Share of the light that a rim takes, in [0, 1].
        rng: Draws their number, places and sizes.

    Returns:
        Float32 `[W, H]`.
    """
    length, height = columns.shape
    x, y = np.arange(length)[:, np.newaxis] + 0.5, np.arange(height)[np.newaxis] + 0.5
    taken = np.zeros(columns.shape)
    for _ in range(1 + rng.poisson(length / (SPACING * height))):
        place = rng.uniform(0.0, length), rng.uniform(0.0, height)
        radius = rng.uniform(*RADII) * height
        # Heights inward from the edge of the drop, negative outside of it.
        depth = (radius - np.hypot(x - place[0], y - place[1])) / height
        drop = np.where(depth < RIM, 1.0 - np.abs(2 * depth / RIM - 1.0) * (1 - INSIDE), INSIDE) * (depth > 0)
        taken = np.maximum(taken, drop)
    return (columns * (1.0 - darkness * taken)).astype(np.float32)


KEPT_OUT = read_again(
    {
        "stains": Damage(
            lambda columns, darkness, rng, others: stain(columns, darkness, rng),
            "of the light taken", (0.5,), "dried drops, dark at their rims",
        ),
    }
)  # fmt: skip

"""Inks without a text: scribbles and mirrored writing."""

import numpy as np

from seqapp.conditions.condition import Damage

WOBBLE = 0.35  # radians of a scribble's turn from point to point, standard deviation


def scribble(points, strength, rng, others) -> np.ndarray:
    """Return strokes as long as those of the ink, each point a step from the last in a direction that wanders."""
    points = np.array(points, np.float32)
    if len(points) < 2:
        return points
    steps = np.linalg.norm(np.diff(points[:, :2], axis=0, prepend=points[:1, :2]), axis=1)
    angles = np.cumsum(rng.normal(0.0, WOBBLE, len(points)) + rng.uniform(-0.2, 0.2))
    walk = np.cumsum(steps[:, None] * np.stack([np.cos(angles), np.sin(angles)], axis=1), axis=0)
    points[:, :2] = walk
    return points


def mirror(points, strength, rng, others) -> np.ndarray:
    """Return the ink as a mirror shows it, left where right was, written in the same order."""
    points = np.array(points, np.float32)
    if len(points):
        points[:, 0] = points[:, 0].max() - points[:, 0]
    return points


UNREADABLE = {
    "scribble": Damage(scribble, "", (1.0,), "strokes that wander"),
    "mirrored": Damage(mirror, "", (1.0,), "left where right was: letters of no alphabet"),
}

"""Which label sequences fit into how many frames."""

import numpy as np


def frames_needed(labels) -> int:
    """Frames that CTC needs for a label sequence: one a label, and a blank between equal neighbours.

    Args:
        labels: Int `[U]`, classes without the blank.

    Returns:
        U + number of immediate repeats: with fewer frames no alignment exists.
    """
    labels = np.asarray(labels)
    return len(labels) + int(np.sum(labels[1:] == labels[:-1]))

"""Made-up corpora for batch plans: lengths, labels and writers of examples."""

import numpy as np


def plan_arguments(num_main, num_extra, data_seed):
    """Arguments of a plan over a corpus of random lengths; extra examples are shorter and by five writers."""
    rng, total = np.random.default_rng(data_seed), num_main + num_extra
    is_extra = np.arange(total) >= num_main
    return dict(
        num_frames=np.where(is_extra, rng.integers(3, 60, total), rng.integers(20, 400, total)),
        num_labels=np.where(is_extra, rng.integers(1, 9, total), rng.integers(5, 60, total)),
        groups=np.array([f"writer {i}" for i in rng.integers(0, 5, total)], dtype=object),
        is_extra=is_extra, extra_share=0.3, longest_row=4, batch_frames=1500, max_batch_size=9, seed=0,
    )  # fmt: skip

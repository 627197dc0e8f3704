"""Training batches of a line finder: random crops of pages, the same for the same seed and step."""

from collections.abc import Iterator, Sequence

import numpy as np

from seqapp.datasets.image.page_layouts.read import LayoutPage
from seqapp.features.image.page_crop import crop_page
from seqapp.recipe import PageConfig


def page_batches(pages: Sequence[LayoutPage], config: PageConfig, seed: int, start_step: int) -> Iterator[dict]:
    """Draw batches from a step on, for ever.

    Args:
        pages: `LayoutPage`s, scaled by `scale_lines`.
        config: `PageConfig`.
        seed: Of all draws.
        start_step: Of the first batch.

    Yields:
        {"pages": float32 `[B, S, S]`, "targets": float32 `[B, S / 4, S / 8, 4]`}.
    """
    step = start_step
    while True:
        rng = np.random.default_rng([seed, step])
        chosen = [pages[k] for k in rng.integers(len(pages), size=config.batch_size)]
        crops, targets = zip(*(crop_page(page.picture, page.lines, rng, config) for page in chosen))
        yield {"pages": np.stack(crops), "targets": np.stack(targets)}
        step += 1

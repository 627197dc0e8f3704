"""Training objective of line finders: maps of baselines on random crops of pages, their loss on fixed ones."""

import functools
import itertools
import json
import logging
from pathlib import Path

import numpy as np
import tensorflow as tf

from seqapp.datasets.image.page_layouts.read import LayoutPage, read_layout_pages, scale_lines
from seqapp.datasets.skipped import Skipped
from seqapp.features.image.page_crop import GRID
from seqapp.input_pipeline.page_batches import page_batches
from seqapp.models.line_finder.loss import line_finder_loss
from seqapp.models.line_finder.network import LineFinderNetwork
from seqapp.models.line_finder.starting_weights import starting_weights
from seqapp.models.workdir import Workdir, write_whole
from seqapp.recipe import PageConfig, PageRecipe
from seqapp.training.objective import Evaluation, Objective
from seqapp.training.strategy import building
from seqapp.training.workdir_claim import claim

log = logging.getLogger(__name__)

VALIDATION_CROPS = 24
VALIDATION_SEED = 1_000_003


class PageObjective(Objective):
    """Lines of pages.

    Args:
        recipe: `PageRecipe`.
        pages: From split to `LayoutPage`s, scaled: see `read_pages`.
        skipped: `Skipped` of the reader.
        workdir: `Workdir` of the run.
        strategy: From `make_strategy`.
        start: Workdir or SavedModel of a line finder whose weights to begin with.

    Raises:
        ValueError: Where the workdir belongs to another recipe, there are no pages to train or validate on, or `start`
            is a network of another size.
    """

    score_name = "validation loss"

    def __init__(self, recipe: PageRecipe, pages: dict[str, list[LayoutPage]], skipped: Skipped, workdir: Workdir,
                 strategy, start: str | Path | None = None):  # fmt: skip
        super().__init__(recipe.training, workdir, strategy)
        for split in ("train", "validation"):
            if not pages[split]:
                raise ValueError(f"No page for {split}. Skipped: {skipped.first()}.")
        self._recipe = recipe
        self._pages = pages["train"]
        claim(workdir, recipe)
        with building(strategy, self.config):
            self.model = LineFinderNetwork(recipe.finder, recipe.training.seed)
            self.model.build()
            if start:
                self.model.set_weights(starting_weights(recipe.finder, start))
        self._validation = _fixed_crops(pages["validation"], recipe.pages)
        write_whole(workdir.skipped, json.dumps({"reader": skipped.to_dict()}, indent=1, ensure_ascii=False) + "\n")
        counts = {split: len(pages[split]) for split in pages}
        log.info("%d parameters; pages: %s; left out: %d", self.model.count_params(), counts, len(skipped.items))

    def batches(self, start_step: int, replicas, num_replicas: int) -> tf.data.Dataset:
        config = self._recipe.pages
        shape = [config.batch_size, config.crop, config.crop]
        grid = [config.batch_size, config.crop // GRID[0], config.crop // GRID[1], 4]
        signature = {"pages": tf.TensorSpec(shape), "targets": tf.TensorSpec(grid)}
        draw = functools.partial(page_batches, self._pages, config, self.config.seed, start_step)
        return tf.data.Dataset.from_generator(draw, output_signature=signature).prefetch(2)

    def loss(self, batch, carried):
        outputs = self.model(batch["pages"], training=True)
        return line_finder_loss(outputs, batch["targets"])["loss"], carried

    def size(self, batch):
        return tf.size(batch["targets"]) // 4

    def evaluate(self) -> Evaluation:
        parts = [{name: float(value) for name, value in self._losses(batch).items()} for batch in self._validation]
        means = {name: float(np.mean([part[name] for part in parts])) for name in parts[0]}
        log.info("validation: %s", ", ".join(f"{name} {value:.4f}" for name, value in means.items()))
        facts = {**means, "parameters": self.model.count_params()}
        return Evaluation(means["loss"], {"validation_loss": means["loss"]}, facts)

    @functools.cached_property
    def _losses(self):
        return tf.function(self._validation_losses, autograph=False)

    def _validation_losses(self, batch):
        return line_finder_loss(self.model(batch["pages"]), batch["targets"])


def read_pages(path, config: PageConfig) -> tuple[dict[str, list[LayoutPage]], Skipped]:
    """Read the pages of training and validation, their lines scaled to one height, and what was left out."""
    skipped = Skipped()
    scale = functools.partial(scale_lines, line_height=config.line_height)
    pages = read_layout_pages(path, skipped, ("train", "validation"), scale, leave_out=config.sources_left_out)
    return {split: [page for page in pages if page.split == split] for split in ("train", "validation")}, skipped


def _fixed_crops(pages, config):
    """Draw the crops that all evaluations share."""
    batches = page_batches(pages, config, VALIDATION_SEED, 0)
    return list(itertools.islice(batches, -(-VALIDATION_CROPS // config.batch_size)))

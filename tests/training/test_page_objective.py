"""A line finder in the loop of all: it trains on drawn pages, resumes exactly, and is exported as it was trained."""

import dataclasses

import numpy as np
import pytest

from seqapp.datasets.image.page_layouts.read import LayoutPage
from seqapp.datasets.image.page_layouts.splits import split as split_of
from seqapp.datasets.skipped import Skipped
from seqapp.models import Workdir
from seqapp.models.line_finder.export import export
from seqapp.models.line_finder.line_finder import LineFinder, load_network
from seqapp.recipe import LineFinderConfig, PageConfig, PageRecipe, TrainingConfig
from seqapp.training import Training, make_strategy
from seqapp.training.page_objective import PageObjective, read_pages
from tests.small_lines import write_page
from tests.small_pages import drawn_page

RECIPE = PageRecipe(
    pages=PageConfig(crop=64, batch_size=2),
    finder=LineFinderConfig(stem_channels=(4, 4), width=8, units=4, num_blocks=1, dropout=0.1),
    training=TrainingConfig(steps=4, warmup_steps=1, evaluate_every=2, checkpoint_every=1, average_decay=0.9),
)


def open_training(path, recipe=RECIPE, splits=("train", "validation"), start=None):
    pages = {split: [LayoutPage(f"a/{k}", *drawn_page(seed=k)) for k in range(2)] for split in splits}
    pages = {"train": [], "validation": []} | pages
    return Training(PageObjective(recipe, pages, Skipped(), Workdir(path), make_strategy("one_device"), start))


@pytest.mark.slow
def test_a_resumed_training_ends_with_the_same_weights_and_is_exported(tmp_path):
    through = open_training(tmp_path / "through")
    facts = through.run()
    assert facts["step"] in (2, 4) and facts["parameters"] == through.objective.model.count_params()
    killed = open_training(tmp_path / "killed")
    killed._lost_patience = lambda: killed.step == 2
    killed.run()
    resumed = open_training(tmp_path / "killed")
    resumed.run()
    for a, b in zip(through.objective.model.get_weights(), resumed.objective.model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    page = drawn_page()[0]
    version = export(tmp_path / "killed", tmp_path / "exported")
    maps = [LineFinder.load(path)._maps(page)["maps"] for path in (tmp_path / "killed", version.parent)]
    np.testing.assert_allclose(*maps, atol=1e-5)
    assert LineFinder.load(version).name == "exported/1"
    with pytest.raises(ValueError, match="belongs to another recipe"):
        open_training(tmp_path / "killed", dataclasses.replace(RECIPE, pages=PageConfig(crop=128)))


def test_what_cannot_be_trained_is_said(tmp_path):
    with pytest.raises(ValueError, match="No page for validation"):
        open_training(tmp_path / "w", splits=("train",))
    with pytest.raises(ValueError, match="finder.cell must be one of min_gru"):
        PageRecipe(finder=LineFinderConfig(cell="lstm"))
    with pytest.raises(ValueError, match="pages.crop must be divided by 8"):
        PageRecipe(pages=PageConfig(crop=100))
    with pytest.raises(ValueError, match="training.strategy='mirrored'"):
        PageRecipe(training=TrainingConfig(strategy="mirrored"))


def test_a_training_begins_with_the_weights_of_a_workdir_or_of_what_was_exported_of_it(tmp_path):
    trained = open_training(tmp_path / "trained").objective
    trained.model.save_weights(trained.workdir.best_weights)
    best = load_network(trained.workdir).get_weights()
    exported = export(tmp_path / "trained", tmp_path / "exported").parent
    other_seed = dataclasses.replace(RECIPE, training=dataclasses.replace(RECIPE.training, seed=5))
    for number, start in enumerate((tmp_path / "trained", exported)):
        begun = open_training(tmp_path / f"begun_{number}", other_seed, start=start)
        for a, b in zip(begun.objective.model.get_weights(), best, strict=True):
            np.testing.assert_array_equal(a, b)
    other = dataclasses.replace(RECIPE, finder=dataclasses.replace(RECIPE.finder, units=6, dropout=0.0))
    with pytest.raises(ValueError, match="finder.units=4. Received: finder.units=6."):
        open_training(tmp_path / "other", other, start=exported)


def test_sources_are_left_out_of_training_and_validation(tmp_path):
    names = {split_of(f"p{k}"): f"p{k}" for k in range(60)}  # one of each split
    for source in ("letters", "bills"):
        for name in names.values():
            write_page(tmp_path / source, name)
    pages, _ = read_pages(tmp_path, dataclasses.replace(RECIPE.pages, leave_out="bills,"))
    assert {split: [page.source for page in pages[split]] for split in pages} == {
        "train": ["letters"],
        "validation": ["letters"],
    }
    with pytest.raises(ValueError, match="Expected sources among bills, letters. Received: 'novels'"):
        read_pages(tmp_path, dataclasses.replace(RECIPE.pages, leave_out="letters, novels"))

"""Training of a recipe: its corpus, its objective and its strategy put together."""

from collections.abc import Sequence
from pathlib import Path

from seqapp.input_pipeline.read import read_training
from seqapp.language.corpus.text_corpus import read_corpus
from seqapp.models import StartingPoint, Workdir
from seqapp.recipe import LanguageRecipe, PageRecipe, Recipe
from seqapp.training.fine_tuning import FineTuning, ParentCorpus
from seqapp.training.language_objective import LanguageObjective
from seqapp.training.loop import Training
from seqapp.training.page_objective import PageObjective, read_pages
from seqapp.training.preparation import Corpora
from seqapp.training.recognizer_objective import RecognizerObjective
from seqapp.training.strategy import make_strategy


def make_training(
    recipe: Recipe | LanguageRecipe | PageRecipe,
    workdir: str | Path,
    data_dir: str | Path | None = None,
    prepared_dir: str | Path | None = None,
    start: str | Path | None = None,
    symbols: str = "add",
    own_features: bool = False,
    frozen: Sequence[str] = (),
    parent_data_dir: str | Path | None = None,
) -> Training:
    """Read the corpus of a recipe, prepare its objective, and return a training that is ready to run.

    Args:
        recipe: `Recipe`, `LanguageRecipe` or `PageRecipe`.
        workdir: Path of the workdir.
        data_dir: The corpus as its owners distribute it.
        prepared_dir: Folder of TFDS for its copy.
        start: Path of a recogniser, or line finder, whose weights to begin with.
        symbols, own_features: As for `StartingPoint.adapted`.
        frozen: As for `StartingPoint.load`.
        parent_data_dir: The corpus that this recogniser was trained on, to see what it forgets.

    Raises:
        ValueError: Where there is no such corpus or model, the workdir belongs to another recipe, nothing usable is
            left to train or validate on, or an argument of fine-tuning would change nothing.
    """
    tuning = {
        "--symbols": symbols != "add", "--own-features": own_features, "--freeze": frozen,
        "--parent-data-dir": parent_data_dir,
    }  # fmt: skip
    _expect_use_of([name for name, is_given in tuning.items() if is_given], recipe, start)
    run = Workdir(workdir), make_strategy(recipe.training.strategy)
    if isinstance(recipe, LanguageRecipe):
        return Training(LanguageObjective(recipe, read_corpus(recipe.text, data_dir), *run))
    if isinstance(recipe, PageRecipe):
        return Training(PageObjective(recipe, *read_pages(data_dir, recipe.pages), *run, start))
    corpora = Corpora(*read_training(recipe, data_dir, prepared_dir))
    if not start:
        return Training(RecognizerObjective(recipe, corpora, *run))
    point = StartingPoint.load(start, frozen)
    recipe = point.adapted(recipe, [*corpora.train.texts, *corpora.extra.texts], symbols, own_features)
    objective = RecognizerObjective(recipe, corpora, *run, point)
    return FineTuning(objective, point, start, ParentCorpus(parent_data_dir, prepared_dir))


def _expect_use_of(tuning, recipe, start):
    """Raise ValueError where arguments of fine-tuning, by their options, would be without effect."""
    kind = {LanguageRecipe: "a language model", PageRecipe: "a line finder"}.get(type(recipe))
    if start and isinstance(recipe, LanguageRecipe):
        raise ValueError(f"Language models begin with weights of their own. Received --from {start}: leave it out.")
    if tuning and kind:
        raise ValueError(f"{', '.join(tuning)}: of recognisers alone. Received a recipe of {kind}: leave them out.")
    if tuning and not start:
        raise ValueError(f"{', '.join(tuning)}: expected --from MODEL beside, whose weights to begin with.")

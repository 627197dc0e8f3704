"""From a recipe and a corpus to a training: which objective it is."""

from seqapp.input_pipeline.read import read_training
from seqapp.language.corpus.text_corpus import read_corpus
from seqapp.models import StartingPoint, Workdir
from seqapp.recipe import LanguageRecipe
from seqapp.training.language_objective import LanguageObjective
from seqapp.training.loop import Training
from seqapp.training.preparation import Corpora
from seqapp.training.recognizer_objective import RecognizerObjective
from seqapp.training.strategy import make_strategy


def make_training(recipe, workdir, data_dir=None, prepared_dir=None, start=None, symbols="add", frozen=()) -> Training:
    """Read the corpus of a recipe, and make ready to train on it.

    Args:
        recipe: `Recipe` or `LanguageRecipe`.
        workdir: Path of the workdir.
        data_dir: Where the corpus lies as its owners distribute it.
        prepared_dir: Where TFDS keeps its copy.
        start: Path of a recogniser whose weights to begin with; symbols and frozen, as for `StartingPoint`.

    Raises:
        ValueError: Where there is no such corpus or model, or the workdir belongs to another recipe.
    """
    strategy = make_strategy(recipe.training.strategy)
    if isinstance(recipe, LanguageRecipe):
        objective = LanguageObjective(recipe, read_corpus(recipe.text, data_dir))
        return Training(objective, Workdir(workdir), strategy)
    corpora = Corpora(*read_training(recipe, data_dir, prepared_dir))
    if point := StartingPoint.load(start, frozen) if start else None:
        recipe = point.adapted(recipe, [*corpora.train.texts, *corpora.extra.texts], symbols)
    return Training(RecognizerObjective(recipe, corpora, point), Workdir(workdir), strategy)

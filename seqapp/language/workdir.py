"""The files of a language model's training: those of any workdir, with a vocabulary in place of an alphabet."""

import seqapp.recipe
from seqapp.language.corpus.vocabulary import Vocabulary
from seqapp.language.network.language_model import LanguageModel
from seqapp.models.model_folder import VOCABULARY
from seqapp.models.workdir import write_whole
from seqapp.recipe import LanguageRecipe


def claim(workdir, recipe, vocabulary) -> None:
    """Write recipe and vocabulary into a new workdir, or check that an old one's are these.

    Raises:
        ValueError: Where the workdir belongs to another recipe, or to another text.
    """
    path = workdir.path / VOCABULARY
    if workdir.recipe.exists():
        if workdir.load_recipe() != recipe:
            raise ValueError(f"{workdir.path} belongs to another recipe. Give the one that lies there, or another one.")
        if path.exists() and Vocabulary.load(path) != vocabulary:
            raise ValueError(f"{workdir.path} was trained on another text. Give that one, or another --workdir.")
    workdir.path.mkdir(parents=True, exist_ok=True)
    vocabulary.save(path)
    write_whole(workdir.recipe, seqapp.recipe.to_json(recipe))


def load_model(workdir):
    """The model with its best weights.

    Returns:
        model: `LanguageModel`.
        recipe: `LanguageRecipe`.
        vocabulary: `Vocabulary`.

    Raises:
        ValueError: Where there is no language model, or no evaluation has stored weights yet.
    """
    recipe = workdir.load_recipe()
    if not isinstance(recipe, LanguageRecipe):
        raise ValueError(f"{workdir.path} holds no language model. Expected the workdir of a LanguageRecipe.")
    if not workdir.best_weights.is_file():
        raise ValueError(f"{workdir.path} holds no best.weights.h5 yet: its training has not reached an evaluation.")
    vocabulary = Vocabulary.load(workdir.path / VOCABULARY)
    model = LanguageModel(recipe.network, len(vocabulary), recipe.training.seed)
    model.load_weights(workdir.best_weights)
    return model, recipe, vocabulary

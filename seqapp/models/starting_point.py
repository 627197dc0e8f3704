"""Fine-tuning: a new model that begins with what another one knows, for other hands, voices or symbols."""

import dataclasses
import fnmatch
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from seqapp.models.model_folder import ModelFolder
from seqapp.models.recognizer import Recognizer
from seqapp.models.workdir import Workdir
from seqapp.recipe import PageRecipe, Recipe
from seqapp.senses import sense_of
from seqapp.text import Alphabet

ADD, REPLACE = "add", "replace"  # what becomes of symbols that the new training does not have


@dataclasses.dataclass(frozen=True)
class StartingPoint:
    """A trained model to start from.

    Args:
        weights: Its values, in the order of `Recognizer.variables`.
        recipe: Its `Recipe`.
        alphabet: Its `Alphabet`.
        frozen: Patterns of the names of layers that shall not learn: "image_*", "block_0", "logits".
        name: Of the model, with its version.
    """

    weights: tuple[np.ndarray, ...]
    recipe: Recipe
    alphabet: Alphabet
    frozen: tuple[str, ...] = ()
    name: str = ""

    @classmethod
    def load(cls, path, frozen: Iterable[str] = ()) -> "StartingPoint":
        """Open a workdir, a SavedModel, or the folder of its versions (the newest); ValueError for neither."""
        folder = ModelFolder.find(path)
        if folder.is_saved_model:
            weights = [variable.numpy() for variable in folder.load_graph()._variables]
            recipe, alphabet = folder.recipe, folder.alphabet
        else:
            recognizer, recipe, alphabet = Workdir(folder.path).load_model()
            weights = [variable.numpy() for variable in recognizer.variables]
        return cls(tuple(weights), recipe, alphabet, tuple(frozen), folder.name)

    def taken(self, alphabet: Alphabet) -> dict:
        """Return what a model with this alphabet has from here: number of weights, symbols, frozen layers."""
        ours, theirs = self.alphabet.symbols, alphabet.symbols
        common = [symbol for symbol in theirs if symbol in ours]
        rows = len(common) + 1  # and the blank
        *_, kernel, bias = self.weights
        logits = rows * (kernel.shape[0] + 1)
        return {
            "weights": sum(value.size for value in self.weights) - kernel.size - bias.size + logits,
            "symbols": common,
            "new_symbols": [symbol for symbol in theirs if symbol not in ours],
            "left_out_symbols": [symbol for symbol in ours if symbol not in theirs],
            "frozen": list(self.frozen),
        }

    def adapted(self, recipe: Recipe, texts: Iterable[str], symbols: str = ADD, own_features: bool = False) -> Recipe:
        """A recipe as it must be to start from here: features and encoder are this model's.

        Args:
            recipe: Of the new training; its own alphabet, where it names one, is kept.
            texts: Labels of the new training.
            symbols: "add": the model's symbols, then the new ones; "replace": those of the texts alone.
            own_features: Whether the recipe keeps its own features: the layers learn to see through other glasses, as
                long as these show as many values a frame.

        Raises:
            ValueError: The recipe is of another sense, or has features of another size.
        """
        if recipe.features.sense != self.recipe.features.sense:
            raise ValueError(
                f"Expected a model of {recipe.features.sense} to start from, as the recipe is. "
                f"Received: one of {self.recipe.features.sense}."
            )
        features = recipe.features if own_features else self.recipe.features
        ours, theirs = (sense_of(each).num_features for each in (self.recipe, recipe))
        if own_features and ours != theirs:
            raise ValueError(
                f"Expected features of {ours} values a frame, as the model to start from sees. Received: {theirs}. "
                "Leave --own-features out, or change the recipe's features."
            )
        new = Alphabet.from_texts(texts).symbols
        old = self.alphabet.symbols if symbols == ADD else ()
        alphabet = recipe.output.alphabet or "".join([*old, *(symbol for symbol in new if symbol not in old)])
        encoder = dataclasses.replace(
            self.recipe.encoder, dropout=recipe.encoder.dropout, execution=recipe.encoder.execution
        )
        output = dataclasses.replace(recipe.output, alphabet=alphabet)
        return dataclasses.replace(recipe, features=features, encoder=encoder, output=output)

    def apply(self, recognizer: Recognizer, alphabet: Alphabet) -> None:
        """Give a fresh model the weights, and freezes what shall stay; new symbols begin as they were drawn.

        Args:
            recognizer: Of a recipe that `adapted` gave, before its optimizer is built.
            alphabet: Its symbols.

        Raises:
            ValueError: The models differ, or a pattern of `frozen` is the name of no layer.
        """
        ends = len(recognizer.logits.variables)
        shapes = [tuple(variable.shape) for variable in recognizer.variables[:-ends]]
        if shapes != [value.shape for value in self.weights[:-ends]]:
            raise ValueError("The model to start from has other layers than the recipe. Use the recipe of `adapted`.")
        for variable, value in zip(recognizer.variables[:-ends], self.weights):
            variable.assign(value)
        known = [symbol for symbol in alphabet.symbols if symbol in self.alphabet.symbols]
        rows = [(alphabet.symbols.index(symbol), self.alphabet.symbols.index(symbol)) for symbol in known]
        here, there = zip(*rows, (alphabet.blank_index, self.alphabet.blank_index))
        for variable, value in zip(recognizer.logits.variables, self.weights[-ends:]):
            adapted = variable.numpy()
            adapted[..., list(here)] = value[..., list(there)]
            variable.assign(adapted)
        self._freeze(recognizer)

    def _freeze(self, recognizer):
        layers = {layer.name: layer for layer in (*recognizer.encoder._stages(), recognizer.logits)}
        for pattern in self.frozen:
            names = fnmatch.filter(layers, pattern)
            if not names:
                raise ValueError(f"No layer is called {pattern!r}. Layers: {', '.join(layers)}.")
            for name in names:
                layers[name].trainable = False


def own_recipe(path: str | Path) -> Recipe | PageRecipe:
    """Return the recipe of a recogniser or line finder for another training like its own, on a user's own files.

    Args:
        path: A workdir, a SavedModel, or the folder of its versions.

    Raises:
        ValueError: There is neither.
    """
    recipe = ModelFolder.find(path).recipe
    if isinstance(recipe, PageRecipe):
        return recipe
    if not isinstance(recipe, Recipe):
        raise ValueError(f"{path} is a language model. Expected a recogniser to begin with.")
    data = dataclasses.replace(recipe.data, dataset="files", extra_train=())
    return dataclasses.replace(recipe, data=data, output=dataclasses.replace(recipe.output, alphabet=""))

"""A text that a test can foresee, and language models as small as they come."""

import numpy as np

from seqapp.language.corpus.text_corpus import TextCorpus
from seqapp.language.corpus.vocabulary import Vocabulary, split
from seqapp.language.network.language_model import LanguageModel
from seqapp.models import Workdir
from seqapp.models.model_folder import VOCABULARY
from seqapp.recipe import LanguageRecipe, NetworkConfig, TextConfig, TrainingConfig
from seqapp.training.workdir_claim import claim

WORDS = ("the", "cat", "sat", "on", "a", "mat")


def text(num_lines=60, seed=0):
    """Lines of three to six words, each word mostly followed by the next of the list."""
    rng, lines = np.random.default_rng(seed), []
    for _ in range(num_lines):
        start = rng.integers(len(WORDS))
        lines.append(" ".join(WORDS[(start + i) % len(WORDS)] for i in range(rng.integers(3, 7))))
    return "\n".join(lines) + "\n"


def small_recipe(kind="characters", training=None, **network):
    # execution=loop: of few operations, of which a trace takes longer than these texts do.
    network = {"units": 12, "width": 12, "num_layers": 2, "execution": "loop", "dropout": 0.0} | network
    return LanguageRecipe(
        text=TextConfig(dataset="own_text", tokens=kind, batch_size=4, window=10),
        network=NetworkConfig(**network),
        training=TrainingConfig(
            **{"steps": 6, "warmup_steps": 1, "evaluate_every": 3, "checkpoint_every": 2, **(training or {})}
        ),
    )


def small_corpus(kind="characters"):
    parts = [text(n, seed) for seed, n in enumerate((40, 4, 4))]
    vocabulary = Vocabulary.from_tokens(split(parts[0], kind), kind)
    return TextCorpus(*(vocabulary.encode(part) for part in parts), vocabulary)


def small_model(corpus, recipe):
    """Random weights, not as small as initial ones, so that states matter."""
    model = LanguageModel(recipe.network, len(corpus.vocabulary), seed=1)
    rng = np.random.default_rng(3)
    for variable in model.trainable_variables:
        variable.assign(variable + rng.normal(scale=0.3, size=variable.shape))
    return model


def write_workdir(path, corpus, recipe, model):
    """The `Workdir` of a training whose best weights are those of a model."""
    workdir = Workdir(path)
    claim(workdir, recipe, corpus.vocabulary, workdir.path / VOCABULARY)
    workdir.save_best(model, {"step": 1})
    return workdir

"""Language model beside torch.nn.LSTM of the same size, trained on the same windows for the same time."""

import dataclasses
import json
from collections.abc import Callable

import torch

from seqapp.benchmark.torch_language_model import TorchPeer
from seqapp.language.corpus.text_corpus import TextCorpus
from seqapp.language.corpus.text_windows import Windows
from seqapp.language.corpus.vocabulary import LINE_BREAK
from seqapp.language.open_model import load_model
from seqapp.language.perplexity import Foreseer
from seqapp.models.workdir import Workdir
from seqapp.recipe import LanguageRecipe


@dataclasses.dataclass(frozen=True)
class Contender:
    """One model: its size, the processor time that its training took, and bits per token."""

    name: str
    num_parameters: int
    core_minutes: float
    validation: float
    test: float

    def __str__(self):
        return (
            f"{self.name:<14} {self.num_parameters:>10,} parameters  {self.core_minutes:6.1f} core-minutes  "
            f"validation {self.validation:.4f}  test {self.test:.4f} bits a token"
        )


def trained_model(workdir: Workdir, corpus: TextCorpus) -> Contender:
    """Measure the model of a workdir on test.

    Args:
        workdir: `Workdir` of a finished training.
        corpus: `TextCorpus` that it was trained on.
    """
    facts = json.loads(workdir.best.read_text(encoding="utf-8"))
    model, recipe, vocabulary = load_model(workdir)
    test = Foreseer(model, vocabulary).measure(corpus.test)
    minutes = float(workdir.metrics.read_text(encoding="utf-8").splitlines()[-1].split(",")[1])  # to the last step
    return Contender(recipe.network.cell, facts["parameters"], minutes, facts["bits_per_token"], test.bits_per_token)


def torch_peer(
    ours: Contender, recipe: LanguageRecipe, corpus: TextCorpus, dropout: float, on_step: Callable | None = None
) -> Contender:
    """Train torch.nn.LSTM of at most as many parameters for as long, and measure it alike.

    Args:
        ours: `Contender` to compare with.
        recipe: `LanguageRecipe`; its windows and its seed count.
        corpus: `TextCorpus`.
        dropout: Of the peer.
        on_step: As for `TorchPeer.train_for`.
    """
    torch.manual_seed(recipe.training.seed)
    before = corpus.vocabulary.index[LINE_BREAK]
    text = recipe.text
    peer = TorchPeer(len(corpus.vocabulary), ours.num_parameters, dropout)
    peer.train_for(Windows(corpus.train, before, text.batch_size, text.window), ours.core_minutes, on_step)
    bits = [peer.bits_per_token(part, before) for part in (corpus.validation, corpus.test)]
    return Contender("torch.nn.LSTM", peer.num_parameters, ours.core_minutes, *bits)

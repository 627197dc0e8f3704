"""One loop: a recipe and a corpus to a workdir of checkpoints, metrics and the best weights. Floor 4."""

from seqapp.training.loop import Training
from seqapp.training.preparation import Corpora
from seqapp.training.strategy import make_strategy

__all__ = ["Corpora", "Training", "make_strategy"]

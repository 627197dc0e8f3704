"""One loop: an objective to a workdir of checkpoints, metrics and the best weights. Floor 5.

objective              what can be trained: batches, loss, evaluation
recognizer_objective   handwriting, line images and speech to text; preparation and validation are its parts
language_objective     what comes next in a text
loop                   Training: steps, checkpoints, patience, logs, whatever the objective
make_training            a recipe and a corpus to a Training
"""

from seqapp.training.language_objective import LanguageObjective
from seqapp.training.loop import Training
from seqapp.training.make_training import make_training
from seqapp.training.preparation import Corpora
from seqapp.training.recognizer_objective import RecognizerObjective
from seqapp.training.strategy import make_strategy

__all__ = ["Corpora", "LanguageObjective", "RecognizerObjective", "Training", "make_strategy", "make_training"]

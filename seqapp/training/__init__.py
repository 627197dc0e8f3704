"""Training: objectives of recognisers and language models, and the one loop that runs them. Floor 6.

objective              the interface of all objectives: model, batches, loss, validation
recognizer_objective   handwriting, line images and speech to text; preparation and validation are its parts
language_objective     the next token of a text
page_objective         the text lines of a page
workdir_claim          recipe and symbols of a new workdir, checked in an old one
loop                   Training: steps, checkpoints, patience, logs, whatever the objective
seeds                  a recipe trained with several seeds: mean and spread
search                 a recipe trained with proposed values, the best first (Optuna)
fine_tuning            a Training that begins with another model, and tells what it took and forgot
make_training          a recipe and a corpus to a Training
"""

from seqapp.training.language_objective import LanguageObjective
from seqapp.training.loop import Training
from seqapp.training.make_training import make_training
from seqapp.training.preparation import Corpora
from seqapp.training.recognizer_objective import RecognizerObjective
from seqapp.training.seeds import train
from seqapp.training.strategy import make_strategy

__all__ = [
    "Corpora",
    "LanguageObjective",
    "RecognizerObjective",
    "Training",
    "make_strategy",
    "make_training",
    "train",
]

"""seqapp: handwriting and speech to text with recurrent networks, from raw data to one SavedModel.

    import seqapp

    model = seqapp.load_model("saved_models/an4")
    print(model.transcribe("recording.flac")[0].text)

load_model, Model      a trained recogniser: seqapp.transcription.model
Reading, Alphabet, DecoderConfig, Endpointing      what it gives and takes
rnn, ctc, recipe       the recurrent layer, the loss and the knobs of training

Everything is imported where it is first used: `import seqapp` needs no TensorFlow.
"""

import importlib
import os
from typing import TYPE_CHECKING

__version__ = "0.1.0"

# TensorFlow takes all memory of a GPU when it first sees it, unless it is told before. Here, since every program comes
# by: scripts, servers, their workers, and whoever imports a layer. A value that somebody set stays.
os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")

if TYPE_CHECKING:
    from seqapp import ctc, recipe, rnn
    from seqapp.decoding.config import DecoderConfig
    from seqapp.models.reading import Reading
    from seqapp.models.transcriber.endpointing import Endpointing
    from seqapp.text import Alphabet
    from seqapp.transcription.model import Model, load_model

__all__ = ["Alphabet", "DecoderConfig", "Endpointing", "Model", "Reading", "ctc", "load_model", "recipe", "rnn"]

_MODULES = {
    "Alphabet": "seqapp.text",
    "DecoderConfig": "seqapp.decoding.config",
    "Endpointing": "seqapp.models.transcriber.endpointing",
    "Model": "seqapp.transcription.model",
    "Reading": "seqapp.models.reading",
    "load_model": "seqapp.transcription.model",
}
_ROOMS = ("ctc", "recipe", "rnn")


def __getattr__(name: str):
    if name in _ROOMS:
        return importlib.import_module(f"seqapp.{name}")
    if name in _MODULES:
        return getattr(importlib.import_module(_MODULES[name]), name)
    raise AttributeError(f"module 'seqapp' has no attribute {name!r}. Public names: {', '.join(__all__)}.")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])

"""Features `[B, T, F]` and lengths `[B]` to logits `[B, T', K]`; raw ink to text as one graph. Floor 2."""

from seqapp.models.encoder import Encoder
from seqapp.models.ink_to_text import InkToText
from seqapp.models.recognizer import Recognizer
from seqapp.models.transcriber import Reading, Transcriber
from seqapp.models.workdir import Workdir

__all__ = ["Encoder", "InkToText", "Reading", "Recognizer", "Transcriber", "Workdir"]

"""Models: features `[B, T, F]` to logits `[B, T', K]`, raw input to text as one graph, transcribers. Floor 4."""

from seqapp.models.encoder import Encoder
from seqapp.models.reading import ImageReading, InkReading, Reading, SpeechReading, StreamedReading
from seqapp.models.recognizer import Recognizer
from seqapp.models.starting_point import StartingPoint
from seqapp.models.to_text.image_to_text import ImageToText
from seqapp.models.to_text.ink_to_text import InkToText
from seqapp.models.to_text.speech_to_text import SpeechToText
from seqapp.models.to_text.to_text_class import to_text_class
from seqapp.models.transcriber.decoding import GREEDY, BeamDecoding
from seqapp.models.transcriber.endpointing import Endpointing
from seqapp.models.transcriber.local_transcriber import LocalTranscriber
from seqapp.models.transcriber.streaming_transcriber import StreamingTranscriber
from seqapp.models.transcriber.transcriber import Transcriber
from seqapp.models.workdir import Workdir

__all__ = [
    "GREEDY",
    "BeamDecoding",
    "Encoder",
    "Endpointing",
    "ImageReading",
    "ImageToText",
    "InkReading",
    "InkToText",
    "LocalTranscriber",
    "Reading",
    "Recognizer",
    "SpeechReading",
    "SpeechToText",
    "StartingPoint",
    "StreamedReading",
    "StreamingTranscriber",
    "Transcriber",
    "Workdir",
    "to_text_class",
]

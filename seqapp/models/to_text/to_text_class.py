"""The class of `RawToText` for the sense of a recipe."""

from seqapp.models.to_text.image_to_text import ImageToText
from seqapp.models.to_text.ink_to_text import InkToText
from seqapp.models.to_text.raw_to_text import RawToText
from seqapp.models.to_text.speech_to_text import SpeechToText
from seqapp.senses import ImageSense, InkSense, SpeechSense, sense_of

TO_TEXT = {InkSense: InkToText, SpeechSense: SpeechToText, ImageSense: ImageToText}


def to_text_class(recipe) -> type[RawToText]:
    """The class of `RawToText` for the sense of a recipe."""
    return TO_TEXT[type(sense_of(recipe))]

"""Which transcriber a script's options ask for."""

from seqapp.decoding.options import decoder_config
from seqapp.models.context_transcriber import ContextTranscriber


def decoding_with(arguments, transcriber):
    """The transcriber itself for greedy decoding, else one that decodes as the options of `add_decoder_options` say.

    Raises:
        ValueError: Where options contradict each other, or a language model cannot be used.
    """
    config = decoder_config(arguments)
    return transcriber if config is None else ContextTranscriber(transcriber, config)

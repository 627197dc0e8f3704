"""The transcriber that a script's options ask for, with the language models that help it."""

from seqapp.decoding.options import decoder_config
from seqapp.language.rescorer import read_rescorers
from seqapp.models.transcriber.beam_transcriber import ContextTranscriber
from seqapp.models.transcriber.transcriber import Transcriber


def open_transcriber(path, arguments):
    """Open a model as `Transcriber.load` does, to decode as options say.

    Args:
        path: A workdir, a SavedModel, or the folder of its versions.
        arguments: Parsed options of `add_decoder_options`.

    Returns:
        `Transcriber` for greedy decoding, else `ContextTranscriber`.

    Raises:
        ValueError: Where there is no model, options contradict each other, or a language model cannot be used.
    """
    config, transcriber = decoder_config(arguments), Transcriber.load(path)
    return transcriber if config is None else ContextTranscriber(transcriber, config, read_rescorers(config))

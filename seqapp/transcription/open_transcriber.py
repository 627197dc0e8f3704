"""Opening of the transcriber that a script's options ask for, with its language models."""

from pathlib import Path

from seqapp.decoding.options import decoder_config
from seqapp.language.rescorer import read_rescorers
from seqapp.models.transcriber.local_transcriber import LocalTranscriber
from seqapp.models.transcriber.transcriber import Transcriber


def open_transcriber(path: str | Path, arguments) -> LocalTranscriber:
    """Open a model as `Transcriber.load` does, to decode as options say.

    Args:
        path: A workdir, a SavedModel, or the folder of its versions.
        arguments: Parsed options of `add_decoder_options`.

    Returns:
        `LocalTranscriber`, greedy unless options ask for a search.

    Raises:
        ValueError: Where there is no model, options contradict each other, or a language model cannot be used.
    """
    config = decoder_config(arguments)
    transcriber = Transcriber.load(path)
    if config is None:
        return transcriber
    return transcriber.with_beam_search(config, read_rescorers(config))

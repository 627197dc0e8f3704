"""Opening of the transcriber that a script's options ask for, with its language models."""

import dataclasses
from pathlib import Path

from seqapp.decoding.config import DecoderConfig
from seqapp.decoding.options import decoder_config
from seqapp.language.rescorer import read_rescorers
from seqapp.models.transcriber.decoding import GREEDY
from seqapp.models.transcriber.local_transcriber import LocalTranscriber
from seqapp.models.transcriber.transcriber import Transcriber


def open_transcriber(path: str | Path, arguments) -> LocalTranscriber:
    """Open a model as `Transcriber.load` does, to decode as options say.

    Args:
        path: A workdir, a SavedModel, or the folder of its versions.
        arguments: Parsed options of `add_decoder_options`.

    Returns:
        `LocalTranscriber`, that decodes as the model's graph does unless options ask for another way.

    Raises:
        ValueError: Where there is no model, options contradict each other, or a language model cannot be used.
    """
    config = decoder_config(arguments)
    transcriber = Transcriber.load(path)
    if config is None:
        return transcriber.with_decoding(GREEDY) if arguments.decoder else transcriber
    if transcriber.context and arguments.decoder is None and not config.language_models:
        # Hotwords or a lexicon beside the language model that the model has.
        config = dataclasses.replace(config, **_own_language_model(transcriber.context))
    return transcriber.with_beam_search(config, read_rescorers(config))


def _own_language_model(context: DecoderConfig) -> dict:
    """The fields of a config that belong to a model's language model, and its confidences."""
    names = "language_models", "temperature", "offset", "confidence"
    return {name: getattr(context, name) for name in names}

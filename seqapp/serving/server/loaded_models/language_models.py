"""Language models that a request may name: that of a model's graph, those of its server's decoders, and none."""

import functools
import json
from collections.abc import Mapping
from pathlib import Path

from seqapp.decoding.config import DecoderConfig
from seqapp.language.rescorer import read_rescorers
from seqapp.models.model_folder import METADATA, ModelFolder
from seqapp.models.transcriber.decoding import GREEDY
from seqapp.models.transcriber.local_transcriber import LocalTranscriber
from seqapp.serving.server.refusal import Refusal

NONE = "none"  # the network alone, greedily
LONGEST = 60  # characters of a name that an error repeats


class LanguageModels:
    """Transcribers of one model by the names of what they read with.

    Args:
        transcriber: `LocalTranscriber` of the model, as its graph decodes.
        own: Name of the language model in its graph; "" for none.
        decoders: Files of `pipelines/tune.py` by name, which are read at once.

    Attributes:
        names: Tuple of all names, first that of what is read with where nobody names one.

    Raises:
        ValueError: A name twice, or a decoder that cannot be read or does not fit the model.
    """

    def __init__(self, transcriber: LocalTranscriber, own: str = "", decoders: Mapping[str, Path] | None = None):
        decoders = decoders or {}
        graph = (own, NONE) if own else (NONE,)
        if taken := [name for name in decoders if name in graph]:
            raise ValueError(
                f"Expected other names of decoders than the model's own, {', '.join(graph)}. Received: {taken[0]}."
            )
        self._transcriber = transcriber
        self._searches = {name: _search(transcriber, path) for name, path in decoders.items()}
        self.names = (*graph, *self._searches)

    def transcriber(self, name: str = "") -> LocalTranscriber:
        """Get the transcriber that reads with a language model.

        Args:
            name: One of `names`; "": the first.

        Raises:
            Refusal: INVALID_ARGUMENT: no such name.
        """
        self.expect(name)
        if name in ("", self.names[0]):
            return self._transcriber
        return self._greedy if name == NONE else self._searches[name]

    def n_best(self, name: str = "") -> LocalTranscriber:
        """Get a transcriber with the same language model of which all readings have alternatives.

        Args:
            name: As for `transcriber`.

        Raises:
            Refusal: As `transcriber`.
        """
        transcriber = self.transcriber(name)
        if transcriber.signature is None:
            return transcriber
        return self._alone if name == NONE else self._transcriber.with_beam_search()

    def expect(self, name: str) -> None:
        """Refuse a name that is none.

        Raises:
            Refusal: INVALID_ARGUMENT, with all names.
        """
        if name and name not in self.names:
            names = ", ".join(self.names)
            raise Refusal("INVALID_ARGUMENT", f"Expected language_model: {names}. Received: {name[:LONGEST]!r}.")

    @functools.cached_property
    def _greedy(self):
        return self._transcriber.with_decoding(GREEDY)

    @functools.cached_property
    def _alone(self):
        return self._transcriber.with_beam_search(DecoderConfig())


def name_in_graph(folder: ModelFolder) -> str:
    """Return the name of the language model that stands in a graph, without the ending of its file; "" for none."""
    if folder.context is None:
        return ""
    metadata = folder.file(METADATA)
    facts = json.loads(metadata.read_text(encoding="utf-8")) if metadata.is_file() else {}
    file = facts.get("context", {}).get("language_model") or folder.context.language_models[0].file
    return Path(file).stem


def _search(transcriber, path):
    config = DecoderConfig.load(path)
    return transcriber.with_beam_search(config, read_rescorers(config))

"""Hotwords, lexicon and language model of a live stream: those of its last config, and transcribers that mind them."""

from seqapp.serving.server.hotwords import MOST_WORDS, NONE, Phrases, with_words
from seqapp.serving.server.live.message import BadMessage, phrases_of
from seqapp.serving.server.refusal import Refusal

HOTWORDS, LEXICON, LANGUAGE_MODEL = "phrase_list", "lexicon", "language_model"  # keys of a config
IGNORED = {HOTWORDS: "ignored_phrases", LEXICON: "ignored_lexicon"}  # keys of an answer


class LiveWords:
    """What a stream is read with.

    Args:
        transcriber: `LocalTranscriber`.
        decoder: Transcriber of the same model by beam search, for alternatives.
        language_models: `LanguageModels` of the model, where a config may name one.

    Attributes:
        transcriber, decoder: Those that mind the words of the last `use`.
        wanted: Those of the last config: `Phrases` twice, and the name of a language model, "" for the model's own.
    """

    def __init__(self, transcriber, decoder, language_models=None):
        self.transcriber, self.decoder = self._plain = transcriber, decoder
        self._language_models = language_models
        self._used = self.wanted = (NONE, NONE, "")

    def parse(self, config: dict) -> tuple[Phrases, Phrases, str]:
        """Get hotwords, lexicon and language model of a config; where it has none, they stay.

        Raises:
            BadMessage: No lists, too many words, or no such language model.
        """
        hotwords, lexicon, language_model = self.wanted
        hotwords = phrases_of(config, HOTWORDS, hotwords)
        return hotwords, phrases_of(config, LEXICON, lexicon, MOST_WORDS), self._name_of(config, language_model)

    def use(self) -> dict[str, list[str]] | None:
        """Read with the words of the last config from now on.

        Returns:
            What an answer says of those that are left out, by key; None where no words are new. Where none can be
            written, none is minded.
        """
        if self.wanted == self._used:
            return None
        self._used = self.wanted
        *words, name = self.wanted
        named = self._language_models
        plain, decoder = (named.transcriber(name), named.n_best(name)) if name else self._plain
        self.transcriber, left_out = with_words(plain, *words)
        self.decoder = decoder if self.transcriber is plain else self.transcriber
        return {key: list(names) for key, names in zip(IGNORED.values(), left_out) if names}

    def _name_of(self, config, before):
        name = config.get(LANGUAGE_MODEL, before)
        if not isinstance(name, str):
            raise BadMessage(f"Expected {LANGUAGE_MODEL}: a name. Received: {str(name)[:60]}.")
        if name and self._language_models is None:
            raise BadMessage(f"Expected no {LANGUAGE_MODEL}: this model has none to choose. Received: {name[:60]}.")
        try:
            if name:
                self._language_models.expect(name)
        except Refusal as refusal:
            raise BadMessage(refusal.message) from None
        return name

"""Hotwords and lexicon of a live stream: those of its last config, and the transcribers that mind them."""

from seqapp.serving.server.hotwords import MOST_WORDS, NONE, Phrases, with_words
from seqapp.serving.server.live.message import phrases_of

HOTWORDS, LEXICON = "phrase_list", "lexicon"  # keys of a config
IGNORED = {HOTWORDS: "ignored_phrases", LEXICON: "ignored_lexicon"}  # keys of an answer


class LiveWords:
    """What a stream is read with.

    Args:
        transcriber: `LocalTranscriber`.
        decoder: Transcriber of the same model by beam search, for alternatives.

    Attributes:
        transcriber, decoder: Those that mind the words of the last `use`.
        wanted: Those of the last config, `Phrases` twice.
    """

    def __init__(self, transcriber, decoder):
        self._plain = self.transcriber, self.decoder = transcriber, decoder
        self._used = self.wanted = (NONE, NONE)

    def parse(self, config: dict) -> tuple[Phrases, Phrases]:
        """Get hotwords and lexicon of a config; where it has none, they stay.

        Raises:
            BadMessage: No lists, or too many words.
        """
        hotwords, lexicon = self.wanted
        return phrases_of(config, HOTWORDS, hotwords), phrases_of(config, LEXICON, lexicon, MOST_WORDS)

    def use(self) -> dict[str, list[str]] | None:
        """Read with the words of the last config from now on.

        Returns:
            What an answer says of those that are left out, by key; None where no words are new. Where none can be
            written, none is minded.
        """
        if self.wanted == self._used:
            return None
        self._used = self.wanted
        self.transcriber, left_out = with_words(self._plain[0], *self.wanted)
        self.decoder = self._plain[1] if self.transcriber is self._plain[0] else self.transcriber
        return {key: list(names) for key, names in zip(IGNORED.values(), left_out) if names}

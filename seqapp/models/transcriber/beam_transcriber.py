"""A transcriber that listens to context: the same network, its frames decoded by a beam search."""

import numpy as np

from seqapp.decoding.decoder import Decoder, Decoding
from seqapp.models.to_text.speech_to_text import LONGEST_CHARACTER_S
from seqapp.models.transcriber.beam_characters import SearchedCharacters
from seqapp.models.transcriber.endpointing import NEVER


class ContextTranscriber:
    """Reads raw examples as a `Transcriber` does, with a language model's help.

    Confidences are those of the search: what the texts it considered agree upon.

    Args:
        transcriber: `Transcriber`.
        config: `seqapp.decoding.config.DecoderConfig`.
        rescorers: Of `config.rescorers`, as `seqapp.language.rescorer.read_rescorers` gives them.

    Raises:
        ValueError: Where a language model cannot be read or does not fit the alphabet, or rescorers are missing.
    """

    def __init__(self, transcriber, config, rescorers=()):
        self._transcriber = transcriber
        self.recipe, self.alphabet, self.name = transcriber.recipe, transcriber.alphabet, transcriber.name
        self.sense, self.log_probs = transcriber.sense, transcriber.log_probs
        self.decoder = Decoder(self.alphabet, config, rescorers=rescorers)

    def transcribe(self, examples, batch_size=32):
        """As `Transcriber.transcribe`; every `Reading` has alternatives."""
        readings = [None] * len(examples)
        for i, log_probs, places in self._transcriber.posteriors(examples, batch_size):
            readings[i] = self._reading(self.decoder.decode(log_probs), places, len(examples[i]))
        return readings

    def stream(self, endpointing=NEVER):
        """As `Transcriber.stream`; the texts are those of the search in all frames of an utterance."""
        return self._transcriber.stream(endpointing, lambda: SearchedCharacters(self.decoder, self.alphabet))

    def _reading(self, decoding: Decoding, places, num_inputs):
        frames = np.array(decoding.frames, np.int64)
        symbols = np.array([self.alphabet.symbols[label].encode() for label in decoding.labels], object)
        place = PLACES.get(self._transcriber.to_text.PLACES, _nothing)
        columns = {
            "characters": symbols, "char_frames": frames, "char_confidences": np.array(decoding.confidences),
            **place(frames, places, num_inputs, self.sense),
        }  # fmt: skip
        outputs = {name: column[np.newaxis] for name, column in columns.items()}
        outputs["text"], outputs["num_characters"] = [b"".join(symbols.tolist())], [len(symbols)]
        outputs["confidence"] = [decoding.confidence]
        return self._transcriber.to_text.READING.from_outputs(outputs, 0, decoding.alternatives)


def _points(frames, frame_of_point, num_points, sense):
    """The first point of each frame, as `InkToText` has it."""
    first = np.searchsorted(frame_of_point[:num_points], frames, side="left")
    return {"char_points": np.minimum(first, max(0, num_points - 1))}


def _times(frames, frame_start_s, num_samples, sense):
    """When characters begin and end, as `SpeechToText` has it."""
    duration_s = num_samples / sense.config.sample_rate_hz
    start_s = frame_start_s[frames].astype(np.float64)
    next_s = np.append(start_s[1:], duration_s)[: len(start_s)]
    end_s = np.minimum(np.minimum(next_s, duration_s), start_s + LONGEST_CHARACTER_S)
    return {"char_start_s": np.minimum(start_s, duration_s), "char_end_s": end_s}


def _nothing(*_):
    return {}


PLACES = {"frame_of_point": _points, "frame_start_s": _times}  # by what `log_probs` says beside the frames

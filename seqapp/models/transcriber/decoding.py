"""Decoding strategies of transcribers: in the model's graph, greedy or with context, or a beam search beside it."""

import dataclasses
import functools
from collections.abc import Iterator
from typing import Protocol

import numpy as np

from seqapp.decoding.config import DecoderConfig
from seqapp.decoding.decoder import Decoder, Decoding
from seqapp.decoding.reading_confidence import ReadingConfidence
from seqapp.decoding.text_probability import path_log_prob, text_log_prob
from seqapp.models.reading import Reading
from seqapp.models.transcriber.beam_characters import BeamCharacters, ContextCharacters
from seqapp.models.transcriber.greedy_characters import GreedyCharacters
from seqapp.text import Alphabet


class DecodingStrategy(Protocol):
    """What turns the outputs of a network into texts."""

    def signature(self, transcriber) -> str | None:
        """Name of the signature of a `LocalTranscriber` that decodes so; None for a search beside the graph."""

    def readings(self, transcriber, examples, batch_size) -> Iterator[tuple[int, Reading]]:
        """Read examples by a `LocalTranscriber`; yields (index of the example, its `Reading`) in any order."""

    def characters(self, fitted: ReadingConfidence | None):
        """Return what decodes the frames of one utterance of a stream, such as `GreedyCharacters`.

        Args:
            fitted: `ReadingConfidence` of the model, where it has one.
        """


class GreedyDecoding:
    """The likeliest class of every frame, decoded in the graph of the model."""

    def signature(self, transcriber) -> str:
        # Of a model with context, another one than that which everybody asks for.
        return "greedy" if transcriber.context else "serving_default"

    def readings(self, transcriber, examples, batch_size) -> Iterator[tuple[int, Reading]]:
        return _graph_readings(transcriber, self.signature(transcriber), examples, batch_size)

    def characters(self, fitted) -> GreedyCharacters:
        return GreedyCharacters(fitted)


class ContextDecoding:
    """A prefix beam search in the graph of a model that was exported with a language model.

    Streams are searched here, frame by frame, with the same language model: they find the same.

    Args:
        alphabet: `Alphabet` of the recogniser.
        config: `seqapp.decoding.config.DecoderConfig` of what stands in the graph.
    """

    def __init__(self, alphabet: Alphabet, config: DecoderConfig):
        self._alphabet, self._config = alphabet, config

    def signature(self, transcriber) -> str:
        return "serving_default"

    def readings(self, transcriber, examples, batch_size) -> Iterator[tuple[int, Reading]]:
        return _graph_readings(transcriber, self.signature(transcriber), examples, batch_size)

    def characters(self, fitted) -> ContextCharacters:
        decoder = decoder_of_context(self._alphabet, self._config)
        return ContextCharacters(decoder, self._alphabet, self._config.confidence or fitted)


@functools.lru_cache(maxsize=8)
def decoder_of_context(alphabet: Alphabet, config: DecoderConfig) -> Decoder:
    """Read the decoder of a model with context, once for all of its streams."""
    return Decoder(alphabet, config)


GREEDY = GreedyDecoding()


def _graph_readings(transcriber, signature, examples, batch_size):
    """Yield (index of the example, its `Reading`) by a signature of the model."""
    has_spaces = " " in transcriber.alphabet.symbols
    for index, outputs, row in transcriber.outputs(signature, examples, batch_size):
        yield index, transcriber.to_text.READING.from_outputs(outputs, row, has_spaces=has_spaces)


class BeamDecoding:
    """A prefix beam search, with a language model's help where the config names one.

    Confidences of characters are those of the search: what the texts that it considered agree upon. Readings have
    alternatives.

    Args:
        alphabet: `Alphabet` of the recogniser.
        config: `seqapp.decoding.config.DecoderConfig`.
        rescorers: Of `config.rescorers`, as `seqapp.language.rescorer.read_rescorers` gives them.
        decoder: `Decoder` of these, where there is one already.

    Attributes:
        decoder: `Decoder`.

    Raises:
        ValueError: Where a language model cannot be read or does not fit the alphabet, or rescorers are missing.
    """

    def __init__(
        self, alphabet: Alphabet, config: DecoderConfig | None = None, rescorers=(), decoder: Decoder | None = None
    ):
        self._alphabet = alphabet
        self.decoder = decoder or Decoder(alphabet, config, rescorers=rescorers)

    def signature(self, transcriber) -> None:
        return None

    def readings(self, transcriber, examples, batch_size) -> Iterator[tuple[int, Reading]]:
        has_spaces = " " in self._alphabet.symbols
        for index, outputs, alternatives in self._rows(transcriber, examples, batch_size):
            yield index, transcriber.to_text.READING.from_outputs(outputs, 0, alternatives, has_spaces)

    def outputs(self, transcriber, examples, batch_size=32) -> dict[str, np.ndarray]:
        """Read examples to what a graph would give of these texts, filled up as there; places of lines are left out."""
        rows = {index: outputs for index, outputs, _ in self._rows(transcriber, examples, batch_size)}
        columns = {name: [rows[index][name] for index in range(len(rows))] for name in rows[0]}
        return {name: _stacked(column) for name, column in columns.items()}

    def _rows(self, transcriber, examples, batch_size):
        """Yield (index of the example, its outputs as a batch of one, its alternatives)."""
        for index, log_probs, places in transcriber.posteriors(examples, batch_size):
            yield index, *self._row(transcriber, log_probs, places, len(examples[index]))

    def characters(self, fitted) -> BeamCharacters:
        return BeamCharacters(self.decoder, self._alphabet, self.decoder.config.confidence or fitted)

    def _row(self, transcriber, log_probs, places, num_inputs):
        """One row of outputs, as the graph would have given it for this text, and the alternatives."""
        decoding: Decoding = self.decoder.decode(log_probs)
        to_text, frames = transcriber.to_text, np.array(decoding.frames, np.int64)
        fitted = self.decoder.config.confidence or transcriber.fitted_confidence
        confidence, is_sure = decoding.confidence, True
        if fitted is not None:
            log_share = np.log(decoding.alternatives[0].probability)
            log_prob = text_log_prob(log_probs, decoding.labels)
            evidence = log_prob, len(decoding.labels), log_share, path_log_prob(log_probs)
            confidence, is_sure = fitted.judge(*evidence)
        symbols = np.array([self._alphabet.symbols[label].encode() for label in decoding.labels], object)
        symbols[np.isin(frames, to_text.line_breaks(log_probs))] = b"\n"
        alternatives = decoding.alternatives
        if b"\n" in symbols:
            best = dataclasses.replace(alternatives[0], text=b"".join(symbols).decode())
            alternatives = (best, *alternatives[1:])
        columns = {
            "characters": symbols,
            "char_frames": frames,
            "char_confidences": np.array(decoding.confidences),
            **to_text.character_places(frames, places, num_inputs, transcriber.sense),
        }
        outputs = {name: column[np.newaxis] for name, column in columns.items()}
        outputs |= {
            "text": np.array([b"".join(symbols.tolist())], object),
            "num_characters": np.array([len(symbols)]),
            "confidence": np.array([confidence]),
            "is_sure": np.array([is_sure]),
        }
        return outputs, alternatives


def _stacked(rows):
    """Batches of one as one batch, filled up with -1, or "" in columns of characters."""
    if rows[0].ndim == 1:
        return np.concatenate(rows)
    width = max(row.shape[1] for row in rows)
    filler = b"" if rows[0].dtype == object else -1
    return np.concatenate([np.pad(row, [(0, 0), (0, width - row.shape[1])], constant_values=filler) for row in rows])

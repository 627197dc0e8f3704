"""Local transcribers: the functions of a model of a workdir, a SavedModel or the server's memory, and a decoding."""

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from seqapp.command_line import log_progress
from seqapp.datasets.image.page_picture import PagePicture
from seqapp.datasets.speech.long_waveform import LongWaveform
from seqapp.decoding.config import DecoderConfig
from seqapp.decoding.reading_confidence import ReadingConfidence
from seqapp.models.model_folder import ModelFolder
from seqapp.models.reading import Reading
from seqapp.models.to_text.ink_to_text import LINES
from seqapp.models.to_text.raw_to_text import RawToText
from seqapp.models.to_text.to_text_class import to_text_class
from seqapp.models.transcriber.decoding import (
    GREEDY,
    BeamDecoding,
    ContextDecoding,
    DecodingStrategy,
    decoder_of_context,
)
from seqapp.models.transcriber.endpointing import NEVER, Endpointing
from seqapp.models.transcriber.padding import pad
from seqapp.models.transcriber.streaming_transcriber import StreamingTranscriber
from seqapp.models.transcriber.transcriber import Transcriber
from seqapp.models.workdir import Workdir
from seqapp.recipe import Recipe
from seqapp.senses import sense_of
from seqapp.text import Alphabet

STREAM = ("stream_init", "stream_step")  # the signatures that a model needs for it


class LocalTranscriber(Transcriber):
    """Reads raw examples of the sense that the recipe names.

    The functions take NumPy arrays as keyword arguments and give dicts of tensors or arrays.

    Args:
        recognize: As `InkToText.recognize`, or that of another sense.
        log_probs: Likewise, as `InkToText.log_probs`.
        recipe: `Recipe` of the model.
        alphabet: `Alphabet` of the model.
        name: For reports.
        owner: Whatever holds the variables of the functions, which do not hold them themselves.
        stream_functions: Function without arguments that gives the functions of a stream, where there are any, by the
            names of their signatures; in a workdir they are traced by it.
        decoding: `DecodingStrategy`; by default that of the graph, with context where it has some.
        fitted_confidence: `ReadingConfidence` of the model, where it has one: what its graph does for greedy texts is
            done with it for others.
        greedy: As `recognize`, without context, of a model that has some.
        context: `DecoderConfig` of this context.
    """

    def __init__(
        self,
        recognize: Callable,
        log_probs: Callable,
        recipe: Recipe,
        alphabet: Alphabet,
        name: str,
        owner: object = None,
        stream_functions: Callable[[], Mapping[str, Callable]] = dict,
        decoding: DecodingStrategy | None = None,
        fitted_confidence: ReadingConfidence | None = None,
        greedy: Callable | None = None,
        context: DecoderConfig | None = None,
    ):
        self._functions = {"serving_default": recognize, "log_probs": log_probs}
        self._functions |= {"greedy": greedy} if greedy else {}
        self._owner = owner
        self._all_stream_functions = stream_functions
        self._decoding = decoding or (ContextDecoding(alphabet, context) if context else GREEDY)
        self.context = context
        self.fitted_confidence = fitted_confidence
        self.recipe = recipe
        self.alphabet = alphabet
        self.name = name
        self.sense = sense_of(recipe)
        self.to_text: type[RawToText] = to_text_class(recipe)
        outputs = getattr(recognize, "structured_outputs", None)  # of a SavedModel; those of before read one line
        self.reads_notes = outputs is None or self.sense.name != "ink" or LINES in outputs

    def with_decoding(self, decoding: DecodingStrategy) -> "LocalTranscriber":
        """Return a transcriber of the same functions that decodes in another way."""
        functions = self._functions
        other = LocalTranscriber(
            functions["serving_default"], functions["log_probs"], self.recipe, self.alphabet, self.name, self._owner,
            self._all_stream_functions, decoding, self.fitted_confidence, functions.get("greedy"), self.context,
        )  # fmt: skip
        other.reads_notes = self.reads_notes
        return other

    def with_beam_search(self, config: DecoderConfig | None = None, rescorers=()) -> "LocalTranscriber":
        """Return a transcriber of the same functions that decodes by beam search; arguments as of `BeamDecoding`.

        Without a config, a model with context keeps it.
        """
        own = decoder_of_context(self.alphabet, self.context) if self.context and config is None else None
        return self.with_decoding(BeamDecoding(self.alphabet, config, rescorers, own))

    def with_hotwords(self, hotwords: Iterable[str]) -> tuple["LocalTranscriber", tuple[str, ...]]:
        """Return a transcriber of the same functions that searches for some words and phrases rather than for others.

        Args:
            hotwords: Strings; beside the language model and the lexicon of this one.

        Returns:
            transcriber: `LocalTranscriber`.
            left_out: Those of the hotwords that the model cannot write.

        Raises:
            ValueError: It can write none of them.
        """
        return self._with_decoder(*self._decoder().with_hotwords(hotwords))

    def with_lexicon(self, words: Iterable[str]) -> tuple["LocalTranscriber", tuple[str, ...]]:
        """Return a transcriber of the same functions that reads no other words than these; marks are free.

        Args:
            words: Strings; beside the language model and the hotwords of this one.

        Returns:
            transcriber: `LocalTranscriber`.
            left_out: Those of the words that the model cannot write.

        Raises:
            ValueError: It can write none of them.
        """
        return self._with_decoder(*self._decoder().with_lexicon(words))

    @property
    def signature(self) -> str | None:
        """Name of the signature that reads as this transcriber does; None where it searches beside the graph."""
        return self._decoding.signature(self)

    def search(self, examples: Sequence[np.ndarray]) -> dict[str, np.ndarray]:
        """Read examples with the beam search of this transcriber, to arrays as the graph would give them.

        Args:
            examples: Raw arrays, at least one.

        Returns:
            Outputs of `serving_default` by name, without those that say where lines of ink lie.
        """
        return self._decoding.outputs(self, examples)

    def _decoder(self):
        if isinstance(self._decoding, BeamDecoding):
            return self._decoding.decoder
        context = self.context if isinstance(self._decoding, ContextDecoding) else None
        return decoder_of_context(self.alphabet, context or DecoderConfig())

    def _with_decoder(self, decoder, left_out):
        return self.with_decoding(BeamDecoding(self.alphabet, decoder=decoder)), left_out

    def transcribe(self, examples: Sequence[np.ndarray], batch_size: int = 32) -> list[Reading]:
        """Read examples in batches of similar length; arguments and value as of `Transcriber.transcribe`."""
        readings = [None] * len(examples)
        decoded = self._decoding.readings(self, examples, batch_size)
        for index, reading in log_progress(decoded, "transcribing", len(examples)):
            readings[index] = reading
        return readings

    def posteriors(self, examples: Sequence[np.ndarray], batch_size: int = 32) -> Iterator:
        """Compute log-probabilities of examples; arguments and values as of `Transcriber.posteriors`."""
        all_outputs = self.outputs("log_probs", examples, batch_size)
        for index, outputs, row in log_progress(all_outputs, "computing posteriors", len(examples)):
            yield index, outputs["log_probs"][row, : outputs["num_frames"][row]], outputs[self.to_text.PLACES][row]

    def outputs(self, signature: str, examples: Sequence[np.ndarray], batch_size: int) -> Iterator:
        """Compute a signature for examples, short ones first.

        Args:
            signature: "serving_default", "log_probs" or, of a model with context, "greedy".
            examples: Raw arrays.
            batch_size: Examples at once.

        Yields:
            index: Of the example.
            outputs: Dict of NumPy arrays of its batch.
            row: Its row in them.
        """
        if any(isinstance(raw, LongWaveform) for raw in examples):
            longest = f"at most features.max_seconds = {self.sense.config.max_seconds:g} at once"
            raise ValueError(f"{self.name} computes {signature} of {longest}. Received: a longer recording. Cut it.")
        if any(isinstance(raw, PagePicture) for raw in examples):
            raise ValueError(f"{self.name} computes {signature} of lines. Received: a whole page. Cut its lines out.")
        order = np.argsort([len(raw) for raw in examples], kind="stable")
        for start in range(0, len(order), batch_size):
            batch = order[start : start + batch_size]
            inputs, lengths = pad([examples[i] for i in batch], self.sense)
            outputs = self._functions[signature](**{self.to_text.INPUT: inputs, "lengths": lengths})
            outputs = {name: np.asarray(tensor) for name, tensor in outputs.items()}
            yield from ((int(index), outputs, row) for row, index in enumerate(batch))

    def stream(self, endpointing: Endpointing = NEVER) -> StreamingTranscriber:
        """Begin a stream; arguments and errors as of `Transcriber.stream`."""
        characters = functools.partial(self._decoding.characters, self.fitted_confidence)
        has_spaces = " " in self.alphabet.symbols
        return StreamingTranscriber(
            *self._stream_functions, self.recipe, self.sense, endpointing, characters, has_spaces
        )

    @functools.cached_property
    def _stream_functions(self):
        functions = self._all_stream_functions()
        if not all(name in functions for name in STREAM):
            raise ValueError(f"{self.name} cannot stream: {self._why_no_stream()}")
        init, step = (functions[name] for name in STREAM)
        # The first call plans the graph, which takes seconds: nobody who speaks should wait for it.
        StreamingTranscriber(init, step, self.recipe, self.sense).finish()
        return init, step

    def _why_no_stream(self):
        if not self.sense.can_stream:
            return f"expected a model of speech. Received: {self.sense.name}, whose features need the whole of it."
        if self.recipe.encoder.bidirectional:
            return (
                "expected a model that runs forward. Received: encoder.bidirectional=True, which hears audio from its "
                "end too. Train one as pipelines/recipes/an4_streaming.py does."
            )
        return f"expected the signatures {' and '.join(STREAM)}. Export its workdir again."


def load(path: str | Path) -> LocalTranscriber:
    """Open a workdir, a SavedModel, or the folder of its versions (the newest is taken), to decode as its graph does.

    Raises:
        ValueError: Where there is none of these.
    """
    folder = ModelFolder.find(path)
    if folder.is_saved_model:
        graph = folder.load_graph()
        signatures = graph.signatures
        functions = signatures["serving_default"], signatures["log_probs"]
        return LocalTranscriber(
            *functions, folder.recipe, folder.alphabet, folder.name, graph, lambda: signatures,
            fitted_confidence=folder.confidence, greedy=signatures.get("greedy"), context=folder.context,
        )  # fmt: skip
    recognizer, recipe, alphabet = Workdir(folder.path).load_model()
    module = to_text_class(recipe)(recognizer, recipe, alphabet, folder.confidence)
    functions = module.recognize, module.log_probs
    return LocalTranscriber(
        *functions, recipe, alphabet, folder.name, module, module.stream_functions,
        fitted_confidence=folder.confidence,
    )  # fmt: skip

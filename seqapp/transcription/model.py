"""Model: the Python API of a trained recogniser, from files or arrays to Readings, whole or as a stream."""

import dataclasses
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from seqapp.datasets.image.page_picture import PagePicture
from seqapp.datasets.skipped import Skipped
from seqapp.decoding.config import DecoderConfig
from seqapp.input_pipeline.examples import Examples
from seqapp.input_pipeline.read import read_inputs
from seqapp.language.rescorer import read_rescorers
from seqapp.models.page_reader import FindsLines, PageReader
from seqapp.models.reading import Reading
from seqapp.models.transcriber.endpointing import NEVER, Endpointing
from seqapp.models.transcriber.local_transcriber import LocalTranscriber
from seqapp.models.transcriber.streaming_transcriber import StreamingTranscriber
from seqapp.models.transcriber.transcriber import Transcriber
from seqapp.transcription.pages.line_finders import open_line_finder
from seqapp.transcription.recording.read_recording import transcribe_any_length

BEAM = "beam"


class Readings(list):
    """List of `Reading`, one per example.

    Attributes:
        ids: The id of each: of files their names, of arrays their numbers.
        skipped: What could not be read, as (id, reason).
    """

    def __init__(self, readings: Sequence[Reading], ids: Sequence[str], skipped: Sequence[tuple[str, str]]):
        super().__init__(readings)
        self.ids = list(ids)
        self.skipped = list(skipped)


@dataclasses.dataclass(frozen=True)
class Posteriors:
    """The network's opinion of one example.

    Attributes:
        id: Of the example.
        log_probs: Float32 `[T', K]`, natural logarithms of the probabilities of `alphabet`'s symbols, the blank last.
        places: Of ink the frame of each point, int32 `[N]`; of speech the time of each frame in seconds, float32
            `[T']`; of line images the column in the middle of each frame, float32 `[T']`.
    """

    id: str
    log_probs: np.ndarray
    places: np.ndarray


class Model:
    """A trained recogniser of ink, speech or line images. `seqapp.load_model` opens one.

    Args:
        transcriber: `LocalTranscriber`.
        line_finder: Of pages of images; None: every picture is one of a line.

    Attributes:
        name: Of the model and its version.
        sense: "ink", "speech" or "image".
        alphabet: `seqapp.text.Alphabet`: what it can write.
        recipe: `seqapp.recipe.Recipe`: how it was trained.
        sample_rate_hz: Of speech; None for others.
    """

    def __init__(self, transcriber: LocalTranscriber, line_finder: FindsLines | None = None):
        self._transcriber = transcriber
        self._line_finder = line_finder
        self.name = transcriber.name
        self.sense = transcriber.sense.name
        self.alphabet = transcriber.alphabet
        self.recipe = transcriber.recipe
        self.sample_rate_hz = getattr(transcriber.sense.config, "sample_rate_hz", None)

    def __repr__(self):
        return f"<seqapp.Model {self.name} of {self.sense}, {len(self.alphabet.symbols)} symbols>"

    def transcribe(self, inputs, sample_rate_hz: int | None = None, batch_size: int = 32) -> Readings:
        """Read files or arrays.

        Args:
            inputs: A path of a file, folder or archive; or an array, as the sense takes it: audio `[N]` or `[N, C]`,
                ink as points `[N, 4]` or a list of strokes `[n, 2]` or `[n, 3]`, the image of a line or page `[H, W]`
                or `[H, W, 3]`; or a list of paths or of arrays.
            sample_rate_hz: Of arrays of audio, which are resampled; None: that of the model. Files say their own.
            batch_size: Examples at once.

        Returns:
            `Readings`. Audio may be of any length: what is longer than `features.max_seconds` of the recipe is read in
            pieces, cut at its pauses. A picture of a page gives a `PageReading`, whose `lines` were found on it; it is
            taken for one where it is at least 300 pixels high and less than four times as wide as high. Of several
            inputs, one that cannot be read costs itself only, and is listed in `skipped`.

        Raises:
            ValueError: The only input cannot be read.

        Example:

        >>> import numpy as np, seqapp
        >>> model = seqapp.load_model("saved_models/unipen")
        >>> model.transcribe("saved_models/unipen/sample.inkml")[0].text
        'a state carried from stroke to stroke.'
        >>> stroke = np.array([[0, 0], [1, 9], [2, 0]])
        >>> model.transcribe([[stroke, stroke + 5]]).ids
        ['0']
        """
        examples, skipped = self._examples(inputs, sample_rate_hz)
        pages = {place: raw for place, raw in examples.long.items() if isinstance(raw, PagePicture)}
        others = [place for place in range(len(examples)) if place not in pages]
        raw = [examples.raw_of(place) for place in others]
        readings = dict(zip(others, transcribe_any_length(self._transcriber, raw, batch_size)))
        readings |= self._page_readings(pages, examples.ids, skipped)
        places = sorted(readings)
        return Readings([readings[i] for i in places], [str(examples.ids[i]) for i in places], skipped.items)

    def _page_readings(self, pages: dict[int, PagePicture], ids, skipped: Skipped) -> dict[int, Reading]:
        reader = PageReader(self._transcriber, self._line_finder)
        readings = {}
        for place, page in pages.items():
            try:
                readings[place] = reader.read(page)
            except ValueError as error:
                if len(ids) == 1:
                    raise
                skipped.add(ids[place], str(error))
        return readings

    def posteriors(self, inputs, sample_rate_hz: int | None = None, batch_size: int = 32) -> list[Posteriors]:
        """Compute the posteriorgrams of files or arrays; arguments and errors as of `transcribe`."""
        examples, _ = self._examples(inputs, sample_rate_hz)
        raw = [examples.raw_of(index) for index in range(len(examples))]
        posteriors = [None] * len(raw)
        for index, log_probs, places in self._transcriber.posteriors(raw, batch_size):
            posteriors[index] = Posteriors(str(examples.ids[index]), log_probs, places)
        return posteriors

    def stream(self, endpointing: Endpointing = NEVER) -> StreamingTranscriber:
        """Begin a stream of audio: `push(samples)` gives what has been said so far, `finish()` the rest.

        Args:
            endpointing: Rules that end utterances; by default the whole stream is one utterance.

        Returns:
            `StreamingTranscriber`; it takes int16, or float of full scale 1, at `sample_rate_hz`, in chunks of any
            size.

        Raises:
            ValueError: The model cannot hear a stream.
        """
        return self._transcriber.stream(endpointing)

    def with_beam_search(
        self, decoder: DecoderConfig | str | Path | None = None, hotwords: Sequence[str] = ()
    ) -> "Model":
        """Return this model with a beam search, whose readings have `alternatives`: the n-best texts with their shares.

        Args:
            decoder: `seqapp.decoding.config.DecoderConfig`, a file of `pipelines/tune.py`, or None: with the
                language model in the model's graph, where there is one.
            hotwords: Words and phrases that are likelier here.

        Raises:
            ValueError: A language model cannot be read, or does not fit the alphabet.
        """
        config = decoder if isinstance(decoder, DecoderConfig) else None
        if config is None:
            own = self._transcriber.context or DecoderConfig()
            config = own if decoder is None else DecoderConfig.load(decoder)
        if hotwords:
            config = dataclasses.replace(config, hotwords=(*config.hotwords, *hotwords))
        return Model(self._transcriber.with_beam_search(config, read_rescorers(config)), self._line_finder)

    def _examples(self, inputs, sample_rate_hz):
        """`Examples` of paths or arrays, and `Skipped`."""
        sense = self._transcriber.sense
        paths = [inputs] if _is_path(inputs) else inputs
        skipped = Skipped()
        keeps_long = sense.name != "image" or self._line_finder is not None
        if isinstance(paths, list | tuple) and paths and all(map(_is_path, paths)):
            options = {"keeps_long": keeps_long, "single_lines": not self._transcriber.reads_notes}
            return read_inputs([Path(path) for path in paths], sense, skipped, **options), skipped
        if sample_rate_hz is not None and self.sample_rate_hz is None:
            raise ValueError(
                f"{self.sense} has no sample rate. Received: sample_rate_hz={sample_rate_hz}. Leave it out."
            )
        arrays = inputs if sense.is_batch(inputs) else [inputs]
        records = []
        for number, array in enumerate(arrays):
            try:
                raw = sense.from_memory(array, sample_rate_hz, keeps_long)
                records.append({"id": str(number), "text": "", sense.group_key: "", sense.raw_key: raw})
            except ValueError as error:
                if len(arrays) == 1:
                    raise
                skipped.add(str(number), str(error))
        return Examples.from_iterable(records, sense), skipped


def _is_path(value):
    return isinstance(value, str | os.PathLike)


def load_model(path: str | Path, line_finder: str | Path | None = None) -> Model:
    """Open a trained recogniser.

    Args:
        path: A SavedModel, the folder of its versions (the newest is taken), or the workdir of a training.
        line_finder: Folder of a model that finds the lines of pages; None: the folder `pages` beside `path`, if it is
            there; "none": every picture is one of a line.

    Returns:
        `Model`.

    Raises:
        ValueError: There is no recogniser.
    """
    return Model(Transcriber.load(path), open_line_finder(line_finder, path))

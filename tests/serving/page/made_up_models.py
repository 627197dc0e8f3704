"""Models of which a test knows what they will say: a letter a stroke, a letter each quarter of a second."""

import types
from operator import itemgetter

import numpy as np
from starlette.requests import Request
from starlette.responses import JSONResponse

from seqapp.models.model_folder import VOCABULARY
from seqapp.models.reading import StreamedReading, words
from seqapp.models.to_text.to_text_class import to_text_class
from seqapp.models.transcriber.decoding import BeamDecoding
from seqapp.senses import sense_of
from tests.serving.server.live.small_live import Repository, StrokeReader
from tests.small_models import ALPHABET, small_recipe
from tests.small_speech import speech_recipe

LETTER_S = 0.25


class MadeUp:
    """What a `Transcriber` of a recipe has, without a network."""

    fitted_confidence = None

    def __init__(self, recipe):
        self.recipe, self.alphabet, self.name = recipe, ALPHABET, "made up"
        self.sense, self.to_text = sense_of(recipe), to_text_class(recipe)

    def log_probs(self, raw):
        """Of a fixed handful of frames."""
        logits = np.random.default_rng(3).normal(size=(6, ALPHABET.num_classes))
        return (logits - np.log(np.exp(logits).sum(1, keepdims=True))).astype(np.float32), np.zeros(6, np.float32)

    def posteriors(self, examples, batch_size=32):
        return ((i, *self.log_probs(raw)) for i, raw in enumerate(examples))

    def with_beam_search(self):
        return BeamReader(self)


class BeamReader:
    """Reads what the frames of a made-up model say by beam search."""

    def __init__(self, model):
        self._model, self._decoding = model, BeamDecoding(ALPHABET)

    def transcribe(self, examples):
        return [reading for _, reading in sorted(self._decoding.readings(self._model, examples, 32), key=itemgetter(0))]


class InkReader(StrokeReader, MadeUp):
    """A letter a stroke."""

    def __init__(self):
        StrokeReader.__init__(self)
        MadeUp.__init__(self, small_recipe())


class Hearer(MadeUp):
    """A `Transcriber` of speech whose streams count time."""

    def __init__(self):
        super().__init__(speech_recipe())

    def stream(self, endpointing):
        return Stream(self.sense.config.sample_rate_hz)


class Stream:
    """A letter each quarter of a second; all but the last one is stable."""

    def __init__(self, rate_hz):
        self._rate_hz, self._num_samples = rate_hz, 0

    def push(self, samples):
        self._num_samples += len(samples)
        return [self._reading(False)]

    def finish(self):
        reading = self._reading(True)
        self._num_samples = 0
        return [reading]

    def _reading(self, is_final):
        seconds = self._num_samples / self._rate_hz
        text = "".join(chr(97 + i % 26) for i in range(int(seconds / LETTER_S)))
        times, sure = (0.0,) * len(text), (0.5,) * len(text)
        stable = text if is_final else text[:-1]
        return StreamedReading(
            text, 0.5, (), sure, words=words(text, times, times, sure), end_s=seconds, is_final=is_final,
            stable_text=stable,
        )  # fmt: skip


class Viewer:
    """A model of pictures, which the page asks over REST."""

    sense = types.SimpleNamespace(name="image")


async def predict(request: Request) -> JSONResponse:
    """The answer of `:predict` to one picture."""
    asked = await request.json()
    is_png = asked["instances"][0]["images"]["b64"].startswith("iVBORw0KGgo")
    found = {"text": "a line", "num_characters": 6, "char_confidences": [0.5] * 6}
    return JSONResponse({"predictions": [found]} if is_png else {"error": "no PNG"}, 200 if is_png else 400)


async def next_words(request: Request) -> JSONResponse:
    """In the place of a language model."""
    return JSONResponse({"words": [{"word": "next", "probability": 0.5}]})


def repository(folder):
    """One model of each kind; the language model has a folder with nothing in it but the name of its vocabulary."""
    (folder / "assets.extra").mkdir()
    (folder / "assets.extra" / VOCABULARY).touch()
    (folder / "saved_model.pb").touch()
    found = Repository(hearer=Hearer(), reader=InkReader(), viewer=Viewer())
    found.add(types.SimpleNamespace(name="bard", version=1, path=folder, sense="", signatures={}))
    return found

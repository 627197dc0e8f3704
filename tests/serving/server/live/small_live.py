"""Writers and speakers that a test can make, and a repository without files to serve them."""

import functools
import types
from pathlib import Path

import numpy as np

from seqapp.decoding.decoder import Alternative
from seqapp.models import InkToText, LocalTranscriber, SpeechToText
from seqapp.models.reading import InkReading
from seqapp.serving.server.loaded_models.language_models import LanguageModels
from seqapp.serving.server.refusal import Refusal
from tests.small_models import ALPHABET, small_recipe, small_recognizer
from tests.small_speech import speech_model

MANY_STROKES = 11  # of so many, and more, the reader of strokes is not sure


class StrokeReader:
    """Stands for a model of ink: reads the letter of the alphabet that each stroke is, by its number."""

    def __init__(self):
        self.num_readings = 0

    def transcribe(self, examples):
        self.num_readings += 1
        return [self._read(points) for points in examples]

    def _read(self, points):
        text = "".join(chr(97 + i) for i in range(int(points[:, 3].sum())))
        alternatives = (Alternative(text, 0.0, 0.75), Alternative(text + "?", -1.0, 0.25))
        is_sure = len(text) < MANY_STROKES
        return InkReading(text, 0.5, (0,) * len(text), (0.5,) * len(text), is_sure=is_sure, alternatives=alternatives)


class Clock:
    """Time that passes when a test says so."""

    now_s = 100.0

    def __call__(self):
        return self.now_s


@functools.cache
def ink_transcriber():
    recipe = small_recipe()
    module = InkToText(small_recognizer(recipe), recipe, ALPHABET)
    return LocalTranscriber(
        module.recognize, module.log_probs, recipe, ALPHABET, "scribbles/1", module, module.stream_functions
    )


@functools.cache
def speech_transcriber():
    recognizer, recipe = speech_model(ALPHABET, look_ahead=2)
    module = SpeechToText(recognizer, recipe, ALPHABET)
    return LocalTranscriber(
        module.recognize, module.log_probs, recipe, ALPHABET, "talk/1", module, module.stream_functions
    )


class Repository:
    """What the live routes need of the server's repository."""

    def __init__(self, **transcribers):
        gauge = types.SimpleNamespace(set=self._count)
        self.metrics, self.num_streams, self.loading = types.SimpleNamespace(streams=gauge), 0, []
        self._models = {name: _model(name, transcriber) for name, transcriber in transcribers.items()}

    def add(self, model):
        self._models[model.name] = model

    def names(self):
        return sorted(self._models)

    def states(self):
        return dict.fromkeys(self.names(), "AVAILABLE") | dict.fromkeys(self.loading, "LOADING")

    def model(self, name, version=None, label=None):
        if name not in self._models:
            raise Refusal("NOT_FOUND", f"Servable not found for request: Latest({name})")
        return self._models[name]

    def _count(self, number):
        self.num_streams = number


def _model(name, transcriber):
    signatures = {"stream_init": None, "stream_step": None} if transcriber.sense.name == "speech" else {}
    return types.SimpleNamespace(
        name=name, version=1, path=Path("nowhere"), sense=transcriber.sense.name, transcriber=transcriber,
        signatures=signatures, language_models=LanguageModels(transcriber),
    )  # fmt: skip


def answers(conversation):
    """All that a conversation has to say now."""
    found = []
    while work := conversation.work():
        found += work()
    return found


def stroke(num_points=5, left=0.0):
    """Points [x, y, time_s] as a client sends them."""
    return [[left + i, float(i % 3), 0.01 * i] for i in range(num_points)]


def frames_of(samples, size):
    """Samples as binary messages."""
    return [samples[start : start + size].tobytes() for start in range(0, len(samples), size)]


def as_points(strokes):
    """Strokes as a client sends them to the points of an ink."""
    rows = [[*point, float(i == len(stroke) - 1)] for stroke in strokes for i, point in enumerate(stroke)]
    return np.array(rows, np.float32)

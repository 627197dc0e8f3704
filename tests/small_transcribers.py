"""An untrained model of each sense as a local and as a remote transcriber, and files for it to read."""

import functools
import json
import types
import wave

import keras
import numpy as np
from PIL import Image

from seqapp.decoding.reading_confidence import ReadingConfidence
from seqapp.models import ImageToText, InkToText, LocalTranscriber, Recognizer, SpeechToText
from seqapp.serving.client import remote_transcriber
from seqapp.text import Alphabet
from tests.small_lines import draw_line, image_recipe, page_xml, write_page
from tests.small_models import scribble, small_recipe
from tests.small_speech import RATE_HZ, say, speech_model

ALPHABET = Alphabet((" ", "a", "b", "c", "d", "é"))
FITTED = ReadingConfidence(bias=3.0, doubt=-1.0, empty=-2.0, sure_from=0.5, path=-0.3, sure_log_prob=-0.5)
SENSES = ("ink", "speech", "image")


@functools.cache
def small_module(sense):
    """`RawToText` of a sense with random weights that write texts, and its recipe."""
    if sense == "speech":
        recognizer, recipe = speech_model(ALPHABET, look_ahead=2)
        return SpeechToText(recognizer, recipe, ALPHABET, FITTED), recipe
    keras.utils.set_random_seed(0)
    recipe = small_recipe() if sense == "ink" else image_recipe()
    recognizer = Recognizer.from_recipe(recipe, ALPHABET)
    rng = np.random.default_rng(9)
    for variable in recognizer.trainable_variables:
        variable.assign(variable + rng.normal(scale=0.8, size=variable.shape))
    recognizer.logits.bias.assign(np.zeros(ALPHABET.num_classes))
    return (InkToText if sense == "ink" else ImageToText)(recognizer, recipe, ALPHABET, FITTED), recipe


@functools.cache
def local_transcriber(sense):
    module, recipe = small_module(sense)
    functions = module.recognize, module.log_probs
    return LocalTranscriber(
        *functions, recipe, ALPHABET, f"small_{sense}", module, module.stream_functions, fitted_confidence=FITTED
    )


class ClientWithoutServer:
    """Stands for `Client`: answers with what a server of the small models would send, as JSON."""

    def __init__(self, url, api_key):
        pass

    def signatures(self, model):
        return {"serving_default": {"inputs": {small_module(model)[0].INPUT: {}, "lengths": {}}}}

    def predict(self, model, inputs, signature_name="serving_default"):
        arrays = {
            name: np.array(value, np.int32 if name == "lengths" else np.float32) for name, value in inputs.items()
        }
        outputs = small_module(model)[0].recognize(**arrays)
        return json.loads(json.dumps({name: _nested(tensor.numpy()) for name, tensor in outputs.items()}))


def _nested(array):
    return np.char.decode(array.astype(bytes), "utf-8").tolist() if array.dtype == object else array.tolist()


def open_remote(sense, monkeypatch, **options):
    """A `RemoteTranscriber`, opened with the options of a script."""
    monkeypatch.setattr(remote_transcriber, "Client", ClientWithoutServer)
    return remote_transcriber.RemoteTranscriber.open(sense, types.SimpleNamespace(server="http://server", **options))


def write_inputs(sense, folder):
    """Two examples of a sense as files: the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    if sense == "image":
        Image.fromarray(draw_line("une ligne")).save(folder / "line.png")
        return [folder / "line.png", write_page(folder / "pages")]
    for number in range(2):
        if sense == "ink":
            points = scribble(60 + 30 * number, seed=number)
            strokes = np.split(points[:, :3], np.flatnonzero(points[:-1, 3]) + 1)
            record = {"strokes": [stroke.tolist() for stroke in strokes]}
            (folder / f"{number}.json").write_text(json.dumps(record), encoding="utf-8")
        else:
            with wave.open(str(folder / f"{number}.wav"), "wb") as file:
                file.setparams((1, 2, RATE_HZ, 0, "NONE", ""))
                file.writeframes(say("ab cad" if number else "dab").astype("<i2").tobytes())
    return sorted(folder.iterdir())


def write_pages(folder):
    """An ALTO and a PAGE with their pictures: the folder."""
    write_page(folder, "alto")
    write_page(folder, "page", page_xml)
    return folder

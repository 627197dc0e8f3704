"""Every committed recogniser answers with TensorFlow alone as the network of its training does, whole and in chunks."""

import json
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

import seqapp.recipe
from seqapp.models import Recognizer
from seqapp.senses import sense_of
from seqapp.text import Alphabet

pytestmark = pytest.mark.slow

SAVED_MODELS = Path(__file__).parents[2] / "saved_models"
FOLDERS = sorted((path.parents[1] for path in SAVED_MODELS.glob("*/*/*/recipe.json")), key=lambda path: int(path.name))
VERSIONS = {path.parent.name: path for path in FOLDERS}  # the newest of each
RECOGNIZERS = {name: path for name, path in VERSIONS.items() if (path / "assets.extra" / "alphabet.txt").is_file()}
CHUNK_FRAMES = (1, 7, 100)

# Reads raw_NAME, [1, N, ...], and writes log_probs_NAME and, of each size of chunks, stream_NAME_SIZE.
ASK_WITH_TENSORFLOW_ALONE = """
import sys
sys.modules["seqapp"] = sys.modules["keras"] = None
import json
import numpy as np
import tensorflow as tf

asked, found, texts = np.load(sys.argv[2]), {}, {}

def optimise(graphs):
    # As users' graphs are, where texts are read; for all signatures of all models that would take a minute.
    tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": not graphs})

for name, path in json.loads(sys.argv[1]).items():
    signatures = tf.saved_model.load(path).signatures
    raw = tf.constant(asked["raw_" + name])
    (key,) = set(signatures["serving_default"].structured_input_signature[1]) - {"lengths"}
    whole = {key: raw, "lengths": tf.constant([raw.shape[1]])}
    optimise(True)
    texts[name] = [signatures["serving_default"](**whole)["text"].numpy()[0].decode("utf-8")]
    optimise(False)
    found["log_probs_" + name] = signatures["log_probs"](**whole)["log_probs"].numpy()
    beam = signatures["beam"](**whole)
    if "greedy" in signatures:  # scores are not those of the network alone
        assert beam["texts"].numpy()[0, 0].decode("utf-8") == texts[name][0]
    else:
        again = signatures["score_text"](**whole, text=beam["texts"][:, 0])["score"]
        assert abs(again - beam["scores"][:, 0]).numpy().max() < 1e-3
    if "stream_step" not in signatures:
        continue
    for frames in json.loads(sys.argv[4]):
        size, state, parts, text = 160 * frames, signatures["stream_init"](batch_size=tf.constant(1)), [], ""
        for start in range(0, raw.shape[1] + 1, size):  # the last chunk may hold no sample at all
            chunk, is_last = raw[:, start : start + size], start + size > raw.shape[1]
            inputs = {"waveform": chunk, "lengths": tf.constant([chunk.shape[1]]), "final": tf.constant([is_last])}
            step = signatures["stream_step"](**inputs, **state)
            state = {key: step[key] for key in state}
            parts.append(step["log_probs"][0, : step["num_frames"][0]].numpy())
            text += step["text"].numpy()[0].decode("utf-8")
        found[f"stream_{name}_{frames}"] = np.concatenate(parts)
        texts[name].append(text)
np.savez(sys.argv[3], **found)
print(json.dumps(texts))
"""


def raw_of(path):
    """Made-up input, and the sense that reads it."""
    sense = sense_of(seqapp.recipe.load(path / "assets.extra" / "recipe.json"))
    return sense.made_up(130)[np.newaxis], sense


@pytest.fixture(scope="module")
def answers(tmp_path_factory, foreign_python):
    """Arrays by name, and the texts of each model: of the whole, then of each size of chunks."""
    folder = tmp_path_factory.mktemp("answers")
    np.savez(folder / "raw.npz", **{f"raw_{name}": raw_of(path)[0] for name, path in RECOGNIZERS.items()})
    paths = json.dumps({name: str(path) for name, path in RECOGNIZERS.items()})
    command = ["-c", ASK_WITH_TENSORFLOW_ALONE, paths, "raw.npz", "found.npz", json.dumps(CHUNK_FRAMES)]
    texts = foreign_python.run(command, cwd=folder, timeout=900)
    return dict(np.load(folder / "found.npz")), json.loads(texts)


@pytest.mark.parametrize("name", RECOGNIZERS)
def test_is_the_network_of_its_training(answers, name):
    path = RECOGNIZERS[name]
    recipe = seqapp.recipe.load(path / "assets.extra" / "recipe.json")
    recognizer = Recognizer.from_recipe(recipe, Alphabet.load(path / "assets.extra" / "alphabet.txt"))
    weights = tf.train.load_checkpoint(str(path / "variables" / "variables"))
    for number, variable in enumerate(recognizer.variables):
        variable.assign(weights.get_tensor(f"_variables/{number}/.ATTRIBUTES/VARIABLE_VALUE"))
    raw, sense = raw_of(path)
    features = sense.features(tf.constant(raw[0]))[tf.newaxis]
    expected = tf.nn.log_softmax(recognizer(features, tf.shape(features)[1:2])[0])
    np.testing.assert_allclose(answers[0][f"log_probs_{name}"], expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("num_frames", CHUNK_FRAMES)
def test_chunks_of_any_size_are_the_whole(answers, num_frames):
    arrays, texts = answers
    streaming = [name for name in RECOGNIZERS if f"stream_{name}_{num_frames}" in arrays]
    assert streaming
    for name in streaming:
        np.testing.assert_allclose(arrays[f"stream_{name}_{num_frames}"], arrays[f"log_probs_{name}"][0], atol=1e-4)
        assert len(set(texts[name])) == 1

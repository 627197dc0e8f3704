"""What the pictures show are the network's own numbers, and marks stand where they say."""

import json

import numpy as np
import pytest
import tensorflow as tf

from seqapp.evaluation.hidden_states.pictures import save_memory
from seqapp.evaluation.hidden_states.recognizer_states import _gaps, _silence, layer_outputs, recognizer_memory
from seqapp.evaluation.hidden_states.states import text_memory
from seqapp.models import Workdir
from seqapp.models.recognizer import Recognizer
from seqapp.recipe import EncoderConfig
from seqapp.senses import sense_of
from tests.small_models import scribble, small_recipe, write_workdir

FEATURES = np.random.default_rng(1).normal(size=(23, 4)).astype(np.float32)


@pytest.mark.parametrize("bidirectional", [False, True])
def test_layer_outputs_are_what_the_layers_gave_the_recognizer(bidirectional, monkeypatch):
    config = EncoderConfig(
        units=6, num_layers=2, bidirectional=bidirectional, stem_strides=(2,), block_strides=(1, 2), look_ahead=1
    )
    recognizer, seen = Recognizer(config, num_features=4, num_classes=5), []
    layer = type(recognizer.encoder.blocks[0].recurrent)
    call = layer.call
    monkeypatch.setattr(layer, "call", lambda *given, **named: seen.append(call(*given, **named)) or seen[-1])
    recognizer(FEATURES[np.newaxis], tf.constant([23]))
    monkeypatch.undo()
    found = layer_outputs(recognizer, FEATURES)
    assert [outputs.shape for outputs in found] == [(12, 6), (6, 6)]
    for outputs, given in zip(found, seen, strict=True):
        np.testing.assert_allclose(outputs, given[0, :, :6], atol=1e-6)  # of both directions the forward one


def test_marks_of_a_text_stand_between_its_words_and_inside_of_its_quotes():
    text = 'he: "oh no" \u201ca\u201d b'
    log_probs = np.log(np.full([len(text), 2], 0.5))
    marks = text_memory([np.zeros([len(text), 3])], log_probs, list(text), "xy").marks
    assert "".join(c for c, mark in zip(text, marks["gaps between words"]) if mark) == ': " " \u201c\u201d '
    assert "".join(c for c, mark in zip(text, marks["quotes"]) if mark) == '"oh no"\u201ca\u201d'
    assert set(text_memory([np.zeros([2, 3])], log_probs[:2], list("ab"), "xy").marks) == set()


def test_marks_of_frames_stand_where_a_space_is_emitted_and_where_it_is_soft():
    assert _gaps(["a", "", "", " ", "", "", "b"]).tolist() == [0, 0, 1, 1, 1, 0, 0]
    assert _gaps(["ab"]).tolist() == [0]
    loud = np.repeat([[-8.0], [-1.0], [-7.5], [0.0]], 5, axis=0) + np.zeros((1, 3))
    assert _silence(loud).tolist() == [True] * 5 + [False] * 5 + [True] * 5 + [False] * 5


def test_an_ink_is_remembered_with_its_pen_ups(tmp_path, monkeypatch):
    ink, workdir = tmp_path / "ink.json", write_workdir(tmp_path / "workdir", small_recipe(num_layers=2)).path
    strokes = np.split(scribble(120)[:, :2], [40, 80])
    ink.write_text(json.dumps({"strokes": [stroke.tolist() for stroke in strokes]}))
    memory = recognizer_memory(workdir, ink)
    assert memory.sense == "ink" and len(memory.places) == len(memory.raw) and "pen-ups" in memory.marks
    assert all(len(layer) == len(memory) for layer in memory.layers)
    recognizer, recipe, _ = Workdir(workdir).load_model()
    sense = sense_of(recipe)
    features = sense.features(sense.as_inputs(memory.raw)).numpy()
    for found, expected in zip(memory.layers, layer_outputs(recognizer, features), strict=True):
        np.testing.assert_allclose(found, expected, atol=1e-6)
    assert set(memory.places[[39, 79, 119]]) == set(np.flatnonzero(memory.marks["pen-ups"]))
    monkeypatch.setattr("seqapp.evaluation.hidden_states.pictures.recognizer_memory", lambda *_: memory)  # seconds each
    for picture, first in (("memory.png", None), ("unrolled.png", 0)):
        save_memory(workdir, ink, tmp_path / picture, first=first)
        assert (tmp_path / picture).read_bytes().startswith(b"\x89PNG")
    with pytest.raises(ValueError, match="layer must be one of 0"):
        save_memory(workdir, ink, tmp_path / "memory.png", layer=9)

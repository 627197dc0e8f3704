"""Characters lie where the graph says, computed outside of it from their frames."""

import dataclasses

import numpy as np
import pytest

from seqapp.datasets.image.line_height import to_columns
from seqapp.models import ImageToText
from seqapp.models.to_text.character_places import column_places
from seqapp.models.transcriber.padding import pad
from seqapp.senses import sense_of
from tests.small_lines import draw_line
from tests.small_models import scribble
from tests.small_speech import say
from tests.small_transcribers import ALPHABET, SENSES, small_module

PLACES = {"ink": ("char_points",), "speech": ("char_start_s", "char_end_s"), "image": ("char_left", "char_right")}


def examples(sense):
    if sense == "ink":
        return [scribble(n, seed=n) for n in (1, 40, 95)]
    if sense == "speech":
        return [say(text) for text in ("a", "ab cad", "dab bc acb")]
    return [to_columns(draw_line(text)) for text in ("a", "une ligne", "la deuxième ligne")]


def agree(module, recipe, raw, names):
    sense = sense_of(recipe)
    inputs, lengths = pad([raw], sense)
    outputs = {name: tensor.numpy() for name, tensor in module.recognize(inputs, lengths).items()}
    frame_places = module.log_probs(inputs, lengths)[module.PLACES][0].numpy()
    count = outputs["num_characters"][0]
    places = module.character_places(outputs["char_frames"][0, :count], frame_places, len(raw), sense)
    assert set(places) == set(names)
    for name in names:
        np.testing.assert_allclose(places[name], outputs[name][0, :count], rtol=1e-5, atol=1e-4)
    return count


@pytest.mark.parametrize("sense", SENSES)
def test_places_outside_of_the_graph_are_those_of_the_graph(sense):
    module, recipe = small_module(sense)
    counts = [agree(module, recipe, raw, PLACES[sense]) for raw in examples(sense)]
    assert max(counts) > 2


def test_lines_from_right_to_left_too():
    module, recipe = small_module("image")
    recipe = dataclasses.replace(recipe, features=dataclasses.replace(recipe.features, direction="right_to_left"))
    leftwards = ImageToText(module._network.__closure__[0].cell_contents, recipe, ALPHABET)
    assert max(agree(leftwards, recipe, raw, PLACES["image"]) for raw in examples("image")) > 2


@pytest.mark.parametrize("direction", ["left_to_right", "right_to_left"])
def test_a_character_that_is_alone_fills_the_line_and_none_has_no_place(direction):
    recipe = small_module("image")[1]
    recipe = dataclasses.replace(recipe, features=dataclasses.replace(recipe.features, direction=direction))
    columns, sense = np.array([2.0, 10.0, 18.0]), sense_of(recipe)
    alone = column_places(np.array([1]), columns, 20, sense)
    assert (alone["char_left"].tolist(), alone["char_right"].tolist()) == ([0.0], [20.0])
    nothing = column_places(np.array([], int), columns, 20, sense)
    assert (len(nothing["char_left"]), len(nothing["char_right"])) == (0, 0)

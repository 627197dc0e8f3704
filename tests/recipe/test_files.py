"""Recipes as text: every field can be set, every mistake is named, and nothing is lost on the way."""

import dataclasses
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import seqapp.recipe
from seqapp.recipe import (
    ImageAugmentationConfig,
    LineImageConfig,
    LogMelConfig,
    Recipe,
    SpeechAugmentationConfig,
    from_json,
    override,
    to_json,
)
from seqapp.recipe.files import section_types
from seqapp.recipe.rules import COMMON, LARGEST_SEED, OF_SENSE, TRAINING

SPEECH = Recipe(features=LogMelConfig(), augmentation=SpeechAugmentationConfig())
IMAGE = Recipe(features=LineImageConfig(), augmentation=ImageAugmentationConfig())
DEFAULTS = {"ink": Recipe(), "speech": SPEECH, "image": IMAGE}
PATHS = {
    sense: [f"{name}.{f.name}" for name, config in section_types(sense).items() for f in dataclasses.fields(config)]
    for sense in DEFAULTS
}
RECIPES = sorted((Path(__file__).parents[2] / "pipelines" / "recipes").glob("*.py"))
# These obey rules of their own, which tests/recipe/test_rules.py goes through.
SPECIAL = {
    "data.max_batch_size": st.integers(1, 500),
    "training.seed": st.integers(0, LARGEST_SEED),
    "encoder.cell": st.just("min_gru"),
    "encoder.execution": st.sampled_from(["auto", "loop", "parallel_scan"]),
    "encoder.stem_kernel": st.integers(0, 9).map(lambda half: 2 * half + 1),
    "encoder.stem_strides": st.lists(st.integers(1, 2), min_size=1, max_size=4).map(tuple),
    "encoder.block_strides": st.just(()),
    "encoder.image_channels": st.just(()),
    "encoder.image_strides": st.just(()),
    "encoder.image_row_strides": st.just(()),
    "encoder.image_kernel": st.integers(0, 9).map(lambda half: 2 * half + 1),
    "features.sample_rate_hz": st.just(16_000),
    "features.frame_step_ms": st.sampled_from([10.0, 20.0]),
    "features.min_hz": st.sampled_from([0.0, 20.0]),
    "features.max_hz": st.sampled_from([0.0, 3_800.0]),
    "augmentation.noise_snr_db": st.just((0.0, 10.0)),
    "augmentation.noise_probability": st.floats(0, 1),
    "augmentation.reverberation_probability": st.floats(0, 1),
    "augmentation.channel_probability": st.floats(0, 1),
    "augmentation.damage_probability": st.floats(0, 1),
    "data.extra_train": st.lists(st.from_regex("[a-z_]+(/[a-z_]+)?", fullmatch=True), max_size=3).map(tuple),
}


def value_at(recipe, path):
    section, name = path.split(".")
    return getattr(getattr(recipe, section), name)


def legal_values(sense, path):
    """Values that a field takes, of its type and within its rules."""
    default = value_at(DEFAULTS[sense], path)
    ranges = (COMMON, TRAINING, OF_SENSE[sense])
    if path in SPECIAL:
        return SPECIAL[path]
    for found in (r.choices[path] for r in ranges if path in r.choices):
        return st.sampled_from(found)
    if isinstance(default, bool):
        return st.booleans()
    if isinstance(default, str):
        return st.text(st.characters(codec="utf-8"))
    is_share = any(path in r.shares for r in ranges)
    low = 0 if is_share or any(path in r.not_negative for r in ranges) else 1e-6
    if isinstance(default, float):
        return st.floats(low, 0.999 if is_share else 1e9)
    return st.integers(int(any(path in r.positive for r in ranges)), 10**9)


def as_text(value):
    """As one would type it on the command line."""
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return str(value)


@st.composite
def changes(draw):
    """A sense and new values of some of its fields."""
    sense = draw(st.sampled_from(sorted(DEFAULTS)))
    paths = draw(st.lists(st.sampled_from(PATHS[sense]), unique=True, max_size=12))
    values = {path: draw(legal_values(sense, path)) for path in paths}
    if values.get("training.compile") == "step":  # which takes no kernel of cuDNN, and one device
        others = ("sparse", "cudnn", "mirrored", "multi_worker")
        values = {path: value for path, value in values.items() if value not in others}
    return sense, values


def changed(change):
    sense, wanted = change
    return override(DEFAULTS[sense], [f"{path}={as_text(value)}" for path, value in wanted.items()])


@settings(deadline=None, max_examples=150)
@given(changes())
def test_every_field_can_be_set_and_the_others_stay(change):
    (sense, wanted), recipe = change, changed(change)
    for path in PATHS[sense]:
        expected = wanted.get(path, value_at(DEFAULTS[sense], path))
        assert value_at(recipe, path) == expected and type(value_at(recipe, path)) is type(expected)


@settings(deadline=None, max_examples=150)
@given(changes())
def test_json_gives_back_the_same_recipe(change):
    recipe = changed(change)
    assert from_json(to_json(recipe)) == recipe
    assert to_json(from_json(to_json(recipe))) == to_json(recipe)


@settings(deadline=None, max_examples=100)
@given(st.sampled_from([(sense, path) for sense, paths in PATHS.items() for path in paths]), st.text(max_size=8))
def test_any_text_is_a_value_of_the_right_type_or_an_error_that_names_the_field(which, text):
    sense, path = which
    before = value_at(DEFAULTS[sense], path)
    try:
        after = value_at(override(DEFAULTS[sense], [f"{path}={text}"]), path)
    except ValueError as error:
        assert path in str(error) or path.partition(".")[2] in str(error)
    else:
        assert type(after) is type(before)


def test_the_last_assignment_wins_and_the_first_recipe_stays_as_it_was():
    recipe = Recipe()
    assert override(recipe, ["encoder.units=8", "encoder.units = 16"]).encoder.units == 16
    assert recipe == Recipe() == override(recipe, [])


@pytest.mark.parametrize(
    "assignment, message",
    [
        ("encoder.cells=lstm", r"Unknown field encoder.cells\. Fields of encoder: cell, units, num_layers,"),
        ("encoders.cell=lstm", r"Unknown section 'encoders'\. Known sections: data, features, augmentation, encoder,"),
        ("encoder.cell", r"Expected section.field=value\. Received: 'encoder.cell'"),
        ("cell=lstm", r"Expected section.field=value\. Received: 'cell=lstm'"),
        ("encoder.units=1.5", r"encoder.units expects int, such as 192\. Received: '1.5'"),
        ("encoder.units=True", r"encoder.units expects int, such as 192\. Received: 'True'"),
        ("encoder.bidirectional=1", r"encoder.bidirectional expects bool, such as True\. Received: '1'"),
        ("training.learning_rate=fast", r"training.learning_rate expects float, such as 0.003\. Received: 'fast'"),
        ("encoder.cell=lstms", r"encoder.cell must be one of simple, lstm, gru, .*Received: 'lstms'"),
        ("encoder.stem_strides=2,x", r"encoder.stem_strides must hold positive integers"),
    ],
)
def test_mistakes_name_what_was_expected_and_what_was_received(assignment, message):
    with pytest.raises(ValueError, match=message):
        override(Recipe(), [assignment])


@pytest.mark.parametrize(
    "text, value", [("2,3", (2, 3)), ("(2, 3)", (2, 3)), ("[2,3]", (2, 3)), ("2", (2,)), ("2,", (2,)), (" 4 ", (4,))]
)
def test_tuples_are_typed_with_or_without_brackets(text, value):
    assert override(Recipe(), [f"encoder.stem_strides={text}"]).encoder.stem_strides == value


def test_the_alphabet_is_taken_as_it_is_blanks_and_signs_and_all():
    assert override(Recipe(), ["output.alphabet= =,'\"\\"]).output.alphabet == " =,'\"\\"


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_every_recipe_file_loads_and_survives_its_json(path, tmp_path):
    recipe = seqapp.recipe.load(path)
    (tmp_path / "recipe.json").write_text(to_json(recipe), encoding="utf-8")
    assert seqapp.recipe.load(tmp_path / "recipe.json") == recipe
    assert f"pipelines/recipes/{path.name}" in path.read_text() or "pipelines/quickstart.py" in path.read_text()


@pytest.mark.parametrize(
    "name, content, message",
    [
        ("none.py", None, "No recipe at .*none.py. Expected a .py file that defines `recipe`"),
        ("other.py", "recipe = 3", "other.py must define `recipe = Recipe.*Received: int"),
        ("nothing.py", "", "nothing.py must define `recipe = Recipe.*Received: NoneType"),
        ("half.json", '{"data": ', "half.json: Expecting value"),
        ("list.json", "[]", "list.json: Expected an object with sections of a recipe. Received: list"),
        ("newer.json", json.dumps({"decoder": {}}), "Unknown sections of a recipe: decoder. Known: data, features"),
        ("newer.json", json.dumps({"data": {"shards": 3}}), "Unknown fields of data: shards. Known: dataset, extra_tr"),
        ("wrong.json", json.dumps({"data": {"max_frames": "9"}}), "data.max_frames expects int, such as 4000.*'9'"),
    ],
)
def test_a_file_that_holds_no_recipe_says_so(name, content, message, tmp_path):
    if content is not None:
        (tmp_path / name).write_text(content)
    with pytest.raises(ValueError, match=message):
        seqapp.recipe.load(tmp_path / name)


def test_fields_that_a_json_leaves_out_have_their_defaults():
    assert from_json("{}") == Recipe()
    assert from_json('{"encoder": {"units": 8}}') == override(Recipe(), ["encoder.units=8"])


def test_the_kind_of_the_features_tells_the_sense_and_augmentation_follows():
    assert from_json('{"features": {"kind": "librosa"}}') == SPEECH
    assert from_json('{"features": {"kind": "curves"}}').augmentation == Recipe().augmentation


def test_the_recipe_of_a_model_from_before_speech_still_loads():
    """It names no sense, and no field that came later."""
    path = Path(__file__).parents[2] / "saved_models" / "unipen" / "1" / "assets.extra" / "recipe.json"
    assert seqapp.recipe.load(path).features.sense == "ink"


@pytest.mark.parametrize(
    "sense, changes, message",
    [
        ("ink", ["features.kind=kaldi"], "features.kind must be one of points, curves. Received: 'kaldi'"),
        ("speech", ["features.kind=points"], "features.kind must be one of librosa, kaldi. Received: 'points'"),
        ("speech", ["augmentation.shear=0.1"], "Unknown field augmentation.shear. Fields of augmentation: speed, "),
        ("speech", ["features.sample_rate_hz=8000"], "sample_rate_hz must be 16000, to which .*Received: 8000"),
        ("speech", ["features.max_hz=9000"], r"features.max_hz <= 8000 \(half the sample rate\).*Received: 0 and 9000"),
        ("speech", ["features.min_hz=8000"], "Received: 8000 and 8000"),
        ("speech", ["features.frame_step_ms=0.1"], "must be a whole number of samples. Received: 1.6 samples"),
        ("speech", ["augmentation.noise_snr_db=10,0"], "noise_snr_db must hold the lowest and the highest"),
        ("speech", ["augmentation.noise_probability=2"], "noise_probability must be at most 1. Received: 2.0"),
        ("ink", ["augmentation.damage_probability=1.5"], "damage_probability must be at most 1. Received: 1.5"),
        ("image", ["augmentation.damage_probability=1.5"], "damage_probability must be at most 1. Received: 1.5"),
    ],
)
def test_each_sense_has_rules_of_its_own(sense, changes, message):
    with pytest.raises(ValueError, match=message):
        override(DEFAULTS[sense], changes)


def test_features_and_augmentation_of_two_senses_do_not_meet():
    with pytest.raises(ValueError, match="of speech, so the augmentation must be too. Received: AugmentationConfig of"):
        Recipe(features=LogMelConfig())


def test_recipes_need_the_standard_library_alone():
    code = "import sys, seqapp.recipe; print(sorted({'numpy', 'tensorflow', 'keras'} & set(sys.modules)))"
    root = Path(__file__).parents[2]
    assert subprocess.check_output([sys.executable, "-c", code], cwd=root, text=True, timeout=60) == "[]\n"

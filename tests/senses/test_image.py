"""The third sense keeps the promises of the other two."""

import numpy as np
import pytest
import tensorflow as tf

from seqapp.datasets.image.line_height import to_columns
from seqapp.features.image.line_image import line_features
from seqapp.recipe import ImageAugmentationConfig, LineImageConfig, Recipe, from_json, override, to_json
from seqapp.senses import ImageSense, sense_of
from tests.small_lines import draw_line, image_recipe

RECIPE = image_recipe(ImageAugmentationConfig())
COLUMNS = to_columns(draw_line("une ligne"))
SEED = tf.constant([3, 7])


def test_the_features_of_a_recipe_decide():
    sense = sense_of(RECIPE)
    assert type(sense) is ImageSense and sense.num_features == 24 and sense.longest_row == 1
    inputs = sense.as_inputs(COLUMNS)
    assert inputs.dtype == tf.float32 and inputs.shape == COLUMNS.shape
    np.testing.assert_array_equal(sense.as_inputs(inputs), inputs)
    features = sense.features(inputs)
    assert features.shape == (int(sense.num_frames(inputs)), 24)
    np.testing.assert_array_equal(features, line_features(inputs, RECIPE.features))


def test_augmentation_repeats_with_its_seed():
    sense = sense_of(RECIPE)
    features = sense.features(sense.as_inputs(COLUMNS))
    first, again, other = (sense.augment_features(features, seed, 0.0) for seed in (SEED, SEED, SEED + 1))
    np.testing.assert_array_equal(first, again)
    assert first.shape != other.shape or np.any(first != other)


@pytest.mark.parametrize(
    "raw, fault",
    [
        (COLUMNS, None),
        (np.zeros([0, 64], np.uint8), "no columns"),
        (np.zeros([6_001, 64], np.uint8), "too wide: 6001 columns, features.max_width = 6000"),
        (np.full([3, 64], np.nan, np.float32), "grey that is not finite"),
    ],
)
def test_faults(raw, fault):
    assert sense_of(RECIPE).fault(raw) == fault


def test_recipes_of_images_survive_json_and_overrides():
    assert from_json(to_json(RECIPE)) == RECIPE
    changed = override(RECIPE, ["features.height=40", "encoder.image_channels=8,9", "augmentation.shear=0"])
    assert changed.features.height == 40 and changed.encoder.image_channels == (8, 9)
    assert changed.augmentation.shear == 0


@pytest.mark.parametrize(
    "assignment, message",
    [
        ("encoder.image_strides=2", "encoder.image_strides must hold one positive integer for each of the 2"),
        ("encoder.image_kernel=4", "encoder.image_kernel must be odd"),
        ("encoder.image_strides=8,4", "leave too few frames for CTC"),
        ("features.direction=down", "features.direction must be one of left_to_right, right_to_left"),
        ("features.height=0", "features.height must be greater than 0"),
        ("augmentation.blur_probability=1.5", "augmentation.blur_probability must lie in"),
    ],
)
def test_broken_rules_are_named(assignment, message):
    with pytest.raises(ValueError, match=message):
        override(RECIPE, [assignment])


def test_labels_that_run_the_other_way_are_doubted():
    hebrew = ["שלום 12", "a", ""]
    leftwards = sense_of(override(RECIPE, ["features.direction=right_to_left"]))
    assert "--set features.direction=right_to_left" in sense_of(RECIPE).doubt(hebrew)
    assert "--set features.direction=left_to_right" in leftwards.doubt(["une ligne"])
    assert leftwards.doubt(hebrew) is sense_of(RECIPE).doubt(["une ligne", "12"]) is leftwards.doubt(["12"]) is None


def test_pages_are_told_by_ids():
    ids = {"a/b/l0": "a/b", "a01-000u-03": "a01-000u", "line": "", "02-03": "", "a01-000u": ""}
    assert {id: ImageSense.page_of(id) for id in ids} == ids


def test_features_and_augmentation_are_of_one_sense():
    with pytest.raises(ValueError, match="The features are of image, so the augmentation must be too"):
        Recipe(features=LineImageConfig())

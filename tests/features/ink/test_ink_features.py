import functools
import time

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import example, given, settings
from hypothesis import strategies as st

from seqapp.features.ink.ink_features import frame_of_point, ink_features, num_features
from seqapp.features.ink.normalization import normalize
from seqapp.features.ink.strokes import find_strokes
from seqapp.recipe import InkConfig

CONFIGS = [
    InkConfig(kind=kind, height=height, include_y=True, curve_error=0.001)
    for kind in ("points", "curves")
    for height in ("bounding_box", "spread")
]
each_config = pytest.mark.parametrize("config", CONFIGS, ids=lambda c: f"{c.kind}-{c.height}")


@functools.cache
def compiled(config):
    signature = [tf.TensorSpec([None, 4], tf.float32)]
    return tf.function(functools.partial(ink_features, config=config), input_signature=signature)


@each_config
@pytest.mark.parametrize("include_y", [False, True])
def test_the_width_is_known_before_the_ink(config, include_y):
    config = InkConfig(config.kind, config.height, include_y=include_y)
    assert num_features(config) == {"points": 5, "curves": 10}[config.kind] + include_y
    assert compiled(config).get_concrete_function().output_shapes.as_list() == [None, num_features(config)]


@each_config
@pytest.mark.parametrize(
    ("strokes", "points", "curves"),
    [
        ([], 0, 0),
        ([[[3, 4]]], 1, 1),
        ([[[3, 4], [3, 4]]], 1, 1),
        ([[[3, 4]] * 9], 1, 1),
        ([[[3, 4]], [[3, 4]]], 2, 3),
        ([[[0, 0], [6, 0]]], 121, 1),
    ],
)
def test_the_smallest_inks_have_a_length_known_in_closed_form(ink, config, strokes, points, curves):
    features = compiled(config)(ink(*strokes)).numpy()
    assert features.shape == ({"points": points, "curves": curves}[config.kind], num_features(config))
    assert np.isfinite(features).all()


def test_the_paper_s_step_cuts_a_writing_area_into_twenty(ink):
    features = compiled(InkConfig())(ink([[0, 0], [0, 10]]))  # the area is 12 high
    assert len(features) == np.ceil(20 / 1.2) + 1


@each_config
def test_eager_equals_graph_of_unknown_length(cursive, config):
    np.testing.assert_allclose(ink_features(cursive(), config), compiled(config)(cursive()), atol=1e-6)


numbers = st.integers(-200, 200).map(float)
strokes = st.lists(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=12), min_size=1, max_size=4)


@each_config
@settings(max_examples=25, deadline=None)
@given(strokes, st.integers(-3000, 3000), st.integers(-3000, 3000), st.integers(-6, 6), st.integers(0, 64))
def test_place_size_and_clock_do_not_matter(ink, config, strokes, x, y, power, seconds):
    points = ink(*strokes)
    points[:, 2] = np.round(points[:, 2] * 128) / 128  # exact sums: only the claim is tested, not rounding
    moved = (points + np.float32([x, y, seconds, 0])) * np.float32([2.0**power, 2.0**power, 1, 1])
    np.testing.assert_allclose(compiled(config)(moved), compiled(config)(points), atol=1e-5)


@each_config
def test_any_scale_is_taken_out(cursive, config):
    plain, scaled = cursive(), cursive() * np.float32([0.0137, 0.0137, 1, 1])
    np.testing.assert_allclose(compiled(config)(scaled), compiled(config)(plain), atol=5e-3)


@functools.cache
def farthest_above(config):
    """The most that a place of an ink can be above its writing line, in heights: lines drawn alone tell the height, and
    a dot may lie as many of them away as it likes."""

    @tf.function(input_signature=[tf.TensorSpec([None, 4], tf.float32)])
    def bound(points):
        positions, slope = normalize(points, find_strokes(points[:, 3]), config.height)
        return tf.reduce_max(tf.abs(positions[:, 1])) + tf.abs(slope) * tf.reduce_max(tf.abs(positions[:, 0]))

    return bound


@each_config
@settings(max_examples=40, deadline=None)
@given(strokes)
@example([[(0.0, 0.0)], [(0.0, 2.0), (1.0, 2.0)]])  # a dot above a dash, whose height is a sixth of its mean width
@example([[(0.0, -200.0)], [(0.0, 200.0), (1.0, 200.0)]])
def test_features_stay_finite_and_of_usual_size(ink, config, strokes):
    points = ink(*strokes)
    features = compiled(config)(points).numpy()
    assert np.isfinite(features).all() and np.abs(features[:, :-1]).max() < 15
    assert np.abs(features[:, -1]).max() <= farthest_above(config)(points) + 1e-3


def test_a_dot_lies_as_many_heights_above_a_dash_as_it_was_drawn(ink):
    features = compiled(CONFIGS[1])(ink([[0, 0]], [[0, 2], [1, 2]])).numpy()
    assert features[0, -1] == pytest.approx(2 * 6 * 2)  # 2 units; the mean of two strokes is 1/2 wide, a height 1/12


def test_the_height_above_the_line_ignores_a_tilted_tablet(cursive):
    level, tilted = cursive(), cursive()
    tilted[:, 1] += 0.15 * tilted[:, 0]
    above = [compiled(config)(level)[:, -1].numpy() for config in CONFIGS[:2]]
    assert abs(above[0].mean()) < 0.05 and above[0].max() < 1
    tilted_above = compiled(CONFIGS[1])(tilted)[:, -1].numpy()
    assert tilted_above.std() == pytest.approx(above[1].std(), rel=0.1)


class Batched(tf.Module):
    """What a SavedModel does with inks padded by anything, NaN included."""

    def __init__(self, config):
        super().__init__()
        self.config = config

    @tf.function(input_signature=[tf.TensorSpec([None, None, 4]), tf.TensorSpec([None], tf.int32)])
    def __call__(self, batch, lengths):
        spec = tf.RaggedTensorSpec([None, num_features(self.config)], tf.float32, ragged_rank=0)
        rows = batch, lengths
        padded = tf.map_fn(lambda row: ink_features(row[0][: row[1]], self.config), rows, fn_output_signature=spec)
        return padded.to_tensor()


@each_config
def test_a_padded_batch_in_a_saved_model_equals_each_alone(ink, cursive, config, tmp_path):
    inks = [cursive(300, 5), ink([[0, 0], [5, 9]]), ink(), cursive(100, 1)]
    lengths = [len(points) for points in inks]
    batch = np.full([len(inks), max(lengths), 4], np.nan, np.float32)
    for row, points in zip(batch, inks, strict=True):
        row[: len(points)] = points
    tf.saved_model.save(Batched(config), tmp_path)
    for row, points in zip(tf.saved_model.load(tmp_path)(batch, lengths), inks, strict=True):
        alone = compiled(config)(points)
        np.testing.assert_allclose(row[: len(alone)], alone, atol=1e-6)


@each_config
def test_every_raw_point_finds_its_frame(ink, cursive, config):
    points = np.concatenate([ink([[0, 0]] * 3), cursive(500, 6)])
    frames = frame_of_point(points, config).numpy()
    assert frames.shape == (503,) and (np.diff(frames) >= 0).all()
    features = ink_features(points, config).numpy()
    assert frames[0] == 0 and frames[-1] == len(features) - 1
    pen_up_curve = features[frames, 9] == 0 if config.kind == "curves" else np.zeros(503, bool)
    assert not pen_up_curve.any()
    assert frame_of_point(ink(), config).shape == (0,)


def test_frames_of_resampled_points_lie_where_the_raw_points_lie(ink):
    frames = frame_of_point(ink([[0, 0], [0, 5], [0, 10]], [[3, 3]]), InkConfig()).numpy()
    assert frames.tolist() == [0, 8, 17, 18]  # 17 steps, the raw point in the middle of them


def test_a_hundred_thousand_points_take_less_than_a_second(cursive):
    points = cursive(100_000, 300, 400)
    features_of = compiled(InkConfig())
    features_of(points)
    start = time.perf_counter()
    features = features_of(points)
    assert time.perf_counter() - start < 1.0
    assert np.isfinite(features).all()


@pytest.mark.parametrize(("field", "value"), [("kind", "pixels"), ("height", "x_height")])
def test_unknown_choices_are_refused_by_name(cursive, field, value):
    with pytest.raises(ValueError, match=f"features.{field}.*{value}"):
        ink_features(cursive(), InkConfig(**{field: value}))

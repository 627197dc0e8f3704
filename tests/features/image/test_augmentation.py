"""Distorted lines: repeatable, within bounds, and nothing where nothing is asked for."""

import dataclasses

import numpy as np
import pytest
import tensorflow as tf

from seqapp.features.image.augmentation import augment_image, blur_image, change_strokes, erasures
from seqapp.features.image.line_image import line_features, to_float
from seqapp.features.image.warp import displacements, resample
from seqapp.recipe import ImageAugmentationConfig, LineImageConfig
from tests.small_lines import NO_AUGMENTATION, draw_line

LINE = line_features(to_float(draw_line("une ligne").T), LineImageConfig(height=32)).numpy()
SEED = tf.constant([3, 7])


def augmented(image=LINE, seed=SEED, **fields):
    return augment_image(tf.constant(image), seed, dataclasses.replace(NO_AUGMENTATION, **fields)).numpy()


def test_zeros_are_the_identity():
    np.testing.assert_allclose(augmented(), LINE, atol=2e-3)


def test_equal_seeds_give_equal_lines_in_a_graph_of_any_length_too():
    config = ImageAugmentationConfig()
    graph = tf.function(
        lambda x, seed: augment_image(x, seed, config),
        input_signature=[tf.TensorSpec([None, 32]), tf.TensorSpec([2], tf.int32)],
    )
    np.testing.assert_allclose(graph(LINE, SEED), augment_image(LINE, SEED, config), atol=1e-4)
    assert np.abs(graph(LINE, SEED)[:50] - graph(LINE, SEED + 1)[:50]).max() > 0.1
    for frames in (0, 1):
        assert graph(LINE[:frames], SEED).shape[1] == 32 and np.isfinite(graph(LINE[:frames], SEED)).all()


@pytest.mark.parametrize("seed", range(4))
def test_scale_changes_the_length_within_its_bounds(seed):
    ratio = len(augmented(seed=tf.constant([seed, 0]), scale=0.2)) / len(LINE)
    assert np.exp(-0.2) - 0.01 <= ratio <= np.exp(0.2) + 0.01 and ratio != 1


def test_shear_keeps_the_middle_row_and_moves_the_others():
    found = augmented(shear=0.5)
    middle = slice(15, 17)
    np.testing.assert_allclose(found[:, middle], LINE[:, middle], atol=0.35)
    assert np.abs(found - LINE).max() > 0.5


def test_shift_moves_up_or_down():
    rows = np.arange(32)
    middles = [(augmented(seed=tf.constant([s, 1]), shift=4.0).sum(axis=0) @ rows) / LINE.sum() for s in range(4)]
    assert np.ptp(middles) > 1


def test_strokes_become_thicker_and_thinner():
    masses = [float(tf.reduce_sum(change_strokes(LINE, tf.constant([s, 0])))) / LINE.sum() for s in range(8)]
    assert min(masses) < 0.95 and max(masses) > 1.05
    assert float(tf.reduce_max(change_strokes(LINE, SEED))) <= 1.001


def test_blur_keeps_the_ink_and_softens_it():
    found = blur_image(LINE, SEED).numpy()
    assert np.abs(np.diff(found, axis=0)).sum() < np.abs(np.diff(LINE, axis=0)).sum()
    assert found.sum() == pytest.approx(LINE.sum(), rel=0.05)


def test_erasures_are_spots_of_their_size():
    spots = erasures(tf.zeros([640, 32]), SEED, 3, 10.0).numpy()
    assert set(np.unique(spots)) <= {0.0, 1.0} and 0 < spots.mean() < 6 * 100 / (640 * 32)
    found = augmented(np.ones([640, 32], np.float32), erasures=3, erasure_size=10.0)
    assert (found == 0).sum() == pytest.approx(spots.sum(), abs=600) and found.min() == 0


def test_each_distortion_has_a_seed_of_its_own():
    both, one = augmented(contrast=0.5, noise=0.1), augmented(noise=0.1)
    grain = one - LINE
    np.testing.assert_allclose(both[LINE == 0], grain[LINE == 0], atol=2e-2)


def test_resampling_at_the_pixels_is_the_identity_and_beyond_them_is_paper():
    x, y = np.meshgrid(np.arange(len(LINE)) + 0.5, np.arange(32) + 0.5, indexing="ij")
    np.testing.assert_allclose(resample(LINE, tf.constant(x, tf.float32), tf.constant(y, tf.float32)), LINE, atol=2e-4)
    half = resample(tf.constant([[1.0], [3.0]]), tf.constant([[1.0, -5.0, 9.0]]), tf.constant([[0.5, 0.5, 0.5]]))
    np.testing.assert_allclose(half, [[2.0, 0.0, 0.0]], atol=0.01)


def test_displacements_are_smooth():
    field = displacements(tf.constant(300), tf.constant(32), SEED, 12.0).numpy()
    assert field.shape == (300, 32, 2) and 0.4 < field.std() < 1.2
    assert np.abs(np.diff(field, axis=0)).max() < 0.6


def test_masks_are_spans_of_whole_columns_and_the_rest_is_as_without_them():
    image = np.ones([900, 32], np.float32)
    plain, masked = augmented(image), augmented(image, mask_share=0.1, mask_frames=32)
    is_blank = (masked == 0).all(axis=1)
    edges = np.flatnonzero(np.diff(is_blank.astype(int)))
    assert 0 < is_blank.mean() < 0.4 and len(edges) <= 12  # two for each of six spans
    np.testing.assert_array_equal(masked[~is_blank], plain[~is_blank])


def test_zeros_of_other_distortions_leave_masks_as_they_were():
    image = np.ones([900, 32], np.float32)
    masked = augmented(image, mask_share=0.1) == 0
    np.testing.assert_array_equal(augmented(image, mask_share=0.1, contrast=0.3) == 0, masked)

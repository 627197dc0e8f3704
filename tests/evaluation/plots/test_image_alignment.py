"""The picture of a line is drawn from what it is given; data are compared, not pixels."""

import matplotlib
import numpy as np
import pytest

from seqapp.evaluation.plots.figure import ERROR, save_figure
from seqapp.evaluation.plots.image_alignment import plot_image_alignment
from seqapp.evaluation.recognition import Recognition
from seqapp.text.alphabet import Alphabet
from tests.small_lines import draw_line

ALPHABET = Alphabet(tuple(" ab\u05d0\u05d1"))


def example(read="ab a", written="ab b", num_frames=30, leftwards=False):
    """A line of four columns a frame."""
    columns = np.tile(draw_line("ab a", 24).T, (8, 1))[: 4 * num_frames, :]
    frames = [4 + 5 * i for i in range(len(read))]
    probabilities = np.full((num_frames, ALPHABET.num_classes), 1e-4)
    for frame, label in zip(frames, ALPHABET.encode(read), strict=True):
        probabilities[frame, label] = 0.9
    probabilities[:, -1] = 1 - probabilities[:, :-1].sum(axis=1)
    recognition = Recognition("p/l-1", "w1", written, read, 0.87, frames, [0.9] * len(read))
    middles = 4 * np.arange(num_frames) + 2.0
    return columns, np.log(probabilities), ALPHABET, recognition, 4 * num_frames - middles if leftwards else middles


def test_the_picture_repeats_byte_for_byte(tmp_path):
    first, second = (
        save_figure(plot_image_alignment(*example(), "m1"), tmp_path / f"{i}.png").read_bytes() for i in range(2)
    )
    assert first == second and np.frombuffer(first[16:24], ">u4").tolist() == [1600, 1000]


def test_line_and_posteriors_lie_over_the_same_frames():
    columns, *rest = example()
    posteriors, line, text = plot_image_alignment(columns, *rest).axes[:3]
    np.testing.assert_array_equal(line.images[0].get_array(), columns.T)
    assert line.images[0].get_extent()[:2] == [-0.5, 29.5]
    assert line.get_xlim() == posteriors.get_xlim() == text.get_xlim() == (-0.5, 29.5)


def test_a_line_keeps_its_shape_within_the_picture():
    for num_frames in (30, 200):
        figure = plot_image_alignment(*example(num_frames=num_frames))
        box, (width, height) = figure.axes[1].get_position(), figure.get_size_inches()
        columns = example(num_frames=num_frames)[0]
        shape = columns.shape[1] / columns.shape[0]
        assert box.height * height / (box.width * width) == pytest.approx(shape, rel=0.05)


def test_ink_is_painted_in_the_colour_of_the_nearest_character_and_errors_red():
    columns, *rest = example()
    painted = plot_image_alignment(columns, *rest).axes[3].images[0].get_array()
    red = np.array(matplotlib.colors.to_rgb(ERROR))
    is_red = np.abs(painted[0, :, :3] - red).max(axis=-1) < 1e-6
    frames = (np.arange(len(columns)) + 0.5) / 4 - 0.5
    np.testing.assert_array_equal(is_red, frames > 16.5)  # "a" read for "b" at frame 19, half-way from 14
    dark = columns.T < 120
    assert painted[..., 3][dark].min() > 0.3 and painted[..., 3][np.median(columns) <= columns.T].max() == 0


def test_what_is_read_leftwards_is_drawn_from_the_right():
    columns, *rest = example("\u05d0\u05d1 \u05d0", "\u05d0\u05d1 \u05d1", leftwards=True)
    posteriors, line, text = plot_image_alignment(columns, *rest).axes[:3]
    assert line.get_xlim() == posteriors.get_xlim() == text.get_xlim() == (29.5, -0.5)
    left, right = line.images[0].get_extent()[:2]  # the image's own left end stands at the last frame, which is left
    assert (left, right) == (29.5, -0.5)
    places = {t.get_text(): t.get_position()[0] for t in text.texts if t.get_text() in "\u05d0\u05d1"}
    assert places["\u05d1"] > 5  # frames rise with reading: the first letter stands rightmost


def test_what_does_not_belong_together_is_named():
    columns, log_probs, alphabet, recognition, places = example()
    with pytest.raises(ValueError, match=r"p/l-1: frame_columns must have shape \[30\]. Received: \[29\]"):
        plot_image_alignment(columns, log_probs, alphabet, recognition, places[1:])


def test_a_line_without_a_frame_is_drawn_empty(tmp_path):
    nothing = np.zeros((0, ALPHABET.num_classes))
    empty = plot_image_alignment(np.zeros((0, 64)), nothing, ALPHABET, Recognition("u", "", "a", ""), np.zeros(0))
    save_figure(empty, tmp_path / "empty.png")

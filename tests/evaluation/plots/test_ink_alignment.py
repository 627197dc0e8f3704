"""The alignment picture is drawn from what it is given; data are compared, not pixels."""

import numpy as np
import pytest
from matplotlib.collections import LineCollection

from seqapp.evaluation.plots.figure import save_figure
from seqapp.evaluation.plots.ink import CHARACTER_COLOURS
from seqapp.evaluation.plots.ink_alignment import plot_alignment
from seqapp.evaluation.recognition import Recognition
from seqapp.text.alphabet import Alphabet

ALPHABET = Alphabet(tuple(" $abn"))


def example(reference="a $b$", hypothesis="a $n$", num_frames=30):
    """Two strokes and a dot; one symbol every five frames."""
    points = np.zeros((41, 4), np.float32)
    points[:, 0] = np.linspace(0, 100, 41)
    points[:, 1] = 10 * np.sin(points[:, 0] / 5)
    points[[19, 39, 40], 3] = 1.0
    frame_of_point = np.linspace(0, num_frames - 1, 41).astype(np.int32)
    frames = [4 + 5 * i for i in range(len(hypothesis))]
    probabilities = np.full((num_frames, ALPHABET.num_classes), 1e-4)
    for frame, label in zip(frames, ALPHABET.encode(hypothesis), strict=True):
        probabilities[frame, label] = 0.9
    probabilities[:, -1] = 1 - probabilities[:, :-1].sum(axis=1)
    recognition = Recognition("line-1", "w1", reference, hypothesis, 0.87, frames, [0.9] * len(frames))
    return points, frame_of_point, np.log(probabilities), ALPHABET, recognition


def texts(figure):
    return [text.get_text() for axis in figure.axes for text in axis.texts] + [t.get_text() for t in figure.texts]


def test_picture_is_1600_by_1000_and_repeats_byte_for_byte(tmp_path):
    first = save_figure(plot_alignment(*example(), model_name="m1"), tmp_path / "sub" / "first.png").read_bytes()
    second = save_figure(plot_alignment(*example(), model_name="m1"), tmp_path / "second.png").read_bytes()
    assert first == second
    assert np.frombuffer(first[16:24], ">u4").tolist() == [1600, 1000]


def test_posteriors_shown_are_those_given():
    points, frame_of_point, log_probs, alphabet, recognition = example()
    axis = plot_alignment(points, frame_of_point, log_probs, alphabet, recognition).axes[0]
    assert [label.get_text() for label in axis.get_yticklabels()] == ["a", "␣", "$", "n"]
    shown = np.asarray(axis.images[0].get_array())
    np.testing.assert_allclose(shown, np.exp(log_probs[:, alphabet.encode("a $n")]).T)
    blank = axis.lines[-1].get_ydata()
    np.testing.assert_allclose(blank, 3.5 - 4 * np.exp(log_probs[:, -1]))


def test_text_is_never_read_as_a_formula(tmp_path):
    figure = plot_alignment(*example("$a b$ $", "$a b$ $", 60), model_name="$x^2$")
    save_figure(figure, tmp_path / "dollars.png")
    assert "$a b$ $" in texts(figure) and "model $x^2$" in texts(figure)
    assert not any(text.get_parse_math() for text in figure.texts)


def test_each_point_takes_the_colour_of_its_character():
    painted = plot_alignment(*example()).axes[3]
    (lines,) = [c for c in painted.collections if isinstance(c, LineCollection)]
    assert len(lines.get_segments()) == 38  # 41 points in strokes of 20, 20 and 1
    np.testing.assert_allclose(lines.get_colors()[0], CHARACTER_COLOURS[0])
    np.testing.assert_allclose(lines.get_colors()[-1], CHARACTER_COLOURS[4 % 4])
    dots = painted.collections[-1]
    assert len(dots.get_offsets()) == 1


def test_heading_and_footer_name_what_is_drawn():
    found = texts(plot_alignment(*example(), model_name="unipen 3"))
    assert "1 of 5 characters wrong, confidence 0.87" in found
    assert {"a $n$", "sample line-1   writer w1", "model unipen 3"} <= set(found)


def test_times_are_written_beside_the_frames():
    axis = plot_alignment(*example(), frame_times_s=np.arange(30) * 0.5).axes[2]
    assert axis.xaxis.get_major_formatter()(10, None) == "10\n5.0 s"
    assert axis.xaxis.get_major_formatter()(40, None) == "40"


@pytest.mark.parametrize(("reference", "hypothesis"), [("", ""), ("ab", ""), ("", "ab"), ("a" * 200, "a")])
def test_unusual_texts_are_drawn(tmp_path, reference, hypothesis):
    assert save_figure(plot_alignment(*example(reference, hypothesis)), tmp_path / "a.png").stat().st_size > 0


def test_empty_ink_is_drawn(tmp_path):
    nothing = np.zeros((0, 4)), np.zeros(0, int), np.zeros((0, 6)), ALPHABET, Recognition("e", "", "", "")
    assert save_figure(plot_alignment(*nothing), tmp_path / "a.png").stat().st_size > 0


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (0, np.zeros((41, 3)), r"line-1: points must have shape \[41, 4\]"),
        (1, np.zeros(40, int), "line-1: frame_of_point"),
        (1, np.full(41, 30), "line-1: frame 30 is beyond the 30 frames"),
        (2, np.zeros((30, 5)), r"line-1: log_probs must have shape \[30, 6\]"),
    ],
)
def test_arrays_that_do_not_belong_together_are_refused_by_id(place, value, message):
    arguments = list(example())
    arguments[place] = value
    with pytest.raises(ValueError, match=message):
        plot_alignment(*arguments)

"""The metrics file, whole or not, and its picture."""

import numpy as np
import pytest

from seqapp.evaluation.plots.figure import save_figure
from seqapp.evaluation.plots.learning_curves import (
    COLUMNS,
    best_step,
    plot_learning_curves,
    plot_several_learning_curves,
    read_metrics,
    save_learning_curves,
)

METRICS = """\
step,minutes,loss,grad_norm,learning_rate,validation_cer,validation_wer,blank_share
10,0.5,30.0,5.0,0.001,,,0.99
20,1.0,20.0,4.0,0.002,0.5,0.9,0.95
30,1.5,15.0,nan,0.002,0.2,0.5,0.9
20,1.1,19.0,4.0,0.002,0.4,0.8,0.94
40,2.0,14.0,3.0,0,0.2,0.6,
50,2.5,1"""


def written(tmp_path, text):
    path = tmp_path / "metrics.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_missing_cells_are_nan_resumed_steps_replaced_and_a_cut_line_left_out(tmp_path):
    metrics = read_metrics(written(tmp_path, METRICS))
    assert tuple(metrics) == COLUMNS
    np.testing.assert_array_equal(metrics["step"], [10, 20, 30, 40])
    np.testing.assert_array_equal(metrics["loss"], [30, 19, 15, 14])
    np.testing.assert_array_equal(metrics["validation_cer"], [np.nan, 0.4, 0.2, 0.2])
    np.testing.assert_array_equal(metrics["grad_norm"], [5, 4, np.nan, 3])


def test_chosen_checkpoint_is_the_first_of_the_best_unless_told(tmp_path):
    path = written(tmp_path, METRICS)
    assert best_step(read_metrics(path)) == 30
    dashed = [line for line in plot_learning_curves(path).axes[0].lines if line.get_linestyle() == "--"]
    assert [line.get_xdata()[0] for line in dashed] == [30]
    dashed = [line for line in plot_learning_curves(path, 40).axes[3].lines if line.get_linestyle() == "--"]
    assert [line.get_xdata()[0] for line in dashed] == [40]


def test_curves_are_the_columns(tmp_path):
    figure = plot_learning_curves(written(tmp_path, METRICS), model_name="m")
    curves = {line.get_label(): line for axis in figure.axes for line in axis.lines}
    np.testing.assert_array_equal(curves["validation_wer"].get_xydata(), [[20, 0.8], [30, 0.5], [40, 0.6]])
    np.testing.assert_array_equal(curves["learning_rate"].get_xdata(), [10, 20, 30])  # no zero on a log axis
    assert figure.axes[0].get_yscale() == figure.axes[1].get_yscale() == "log"
    save_figure(figure, tmp_path / "learning.png")


@pytest.mark.parametrize("rows", ["", "1,,,,,,,\n", "1,0,5,,,,,\n"])
def test_runs_that_have_hardly_begun_are_drawn(tmp_path, rows):
    path = written(tmp_path, ",".join(COLUMNS) + "\n" + rows)
    assert best_step(read_metrics(path)) is None
    assert save_figure(plot_learning_curves(path), tmp_path / "learning.png").stat().st_size > 0


def test_columns_may_be_missing_but_not_the_step(tmp_path):
    metrics = read_metrics(written(tmp_path, "loss,step,other\n3,1,x\n2,2,y\n"))
    np.testing.assert_array_equal(metrics["loss"], [3, 2])
    assert np.isnan(metrics["minutes"]).all()
    with pytest.raises(ValueError, match="column step"):
        read_metrics(written(tmp_path, "loss\n3\n"))


def test_a_workdir_is_drawn_once_its_training_has_begun(tmp_path):
    with pytest.raises(ValueError, match="has no metrics.csv. Expected the workdir of a training that has begun"):
        save_learning_curves(tmp_path, tmp_path / "curves.svg")
    written(tmp_path, METRICS)
    save_learning_curves(tmp_path, tmp_path / "running.svg")
    (tmp_path / "best.json").write_text('{"step": 40}', encoding="utf-8")
    save_learning_curves(tmp_path, tmp_path / "finished.svg")
    assert (tmp_path / "running.svg").read_bytes() != (tmp_path / "finished.svg").read_bytes()


def test_trainings_are_drawn_over_each_other_by_name(tmp_path):
    steps = {"lstm": [10, 20], "gru": [10, 30]}
    for name, (first, last) in steps.items():
        for run in ("a", "b"):
            (tmp_path / run / name).mkdir(parents=True)
            text = f"step,loss,validation_cer\n{first},3,0.5\n{last},2,0.4\n"
            (tmp_path / run / name / "metrics.csv").write_text(text, encoding="utf-8")
    metrics = {name: read_metrics(tmp_path / "a" / name / "metrics.csv") for name in steps}
    figure = plot_several_learning_curves(metrics)
    for axis in figure.axes[:2]:
        assert {line.get_label(): list(line.get_xdata()) for line in axis.lines} == steps
    assert len({line.get_color() for line in figure.axes[0].lines}) == 2
    workdirs = [tmp_path / "a" / "lstm", tmp_path / "b" / "lstm"]
    save_learning_curves(workdirs, tmp_path / "both.svg")
    assert "<!-- a/lstm -->" in (tmp_path / "both.svg").read_text(encoding="utf-8")

"""A panel shows the rows that differ along its axis alone."""

from seqapp.benchmark.lengths import with_cost_per_frame
from seqapp.benchmark.plot import curve, plot_costs
from seqapp.benchmark.sweep import shapes
from seqapp.evaluation.plots.figure import save_figure

BASE = (4, 64, 16)


def rows(names=("min_gru (auto)", "torch.nn.LSTM")):
    return [
        {"name": name, "shape": [b, t, h, h], "step_ms": 0.01 * b * t * h, "threads": 2}
        for name in names
        for b, t, h in shapes(*BASE)
    ]


def test_each_size_is_varied_alone_around_the_base():
    points = shapes(*BASE)
    assert points.count(BASE) == 1
    assert all(sum(size != held for size, held in zip(point, BASE)) <= 1 for point in points)
    assert (4, 16, 16) in points and (4, 256, 16) in points and (16, 64, 16) in points and (4, 64, 32) in points


def test_a_curve_has_the_rows_of_its_axis_in_order():
    held = dict(zip("BTH", BASE))
    sizes, costs = curve(rows(), "torch.nn.LSTM", "T", held)
    assert sizes == (16, 32, 64, 128, 256) and costs == tuple(0.01 * 4 * t * 16 for t in sizes)
    assert curve([], "gru", "T", held) == ((), ())


def test_picture_has_a_panel_an_axis_and_logarithmic_scales(tmp_path):
    figure = plot_costs(rows(), BASE)
    assert len(figure.axes) == 3
    assert all(axis.get_xscale() == axis.get_yscale() == "log" and len(axis.lines) == 2 for axis in figure.axes)
    assert save_figure(figure, tmp_path / "costs.png").stat().st_size > 10_000


def test_costs_of_a_length_are_divided_by_its_frames():
    row = with_cost_per_frame({"step_ms": 51.2, "memory_mb": 100}, 512)
    assert row["step_us_per_frame"] == 100 and row["memory_kb_per_frame"] == 200

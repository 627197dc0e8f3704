"""Learning curves: loss, error rates, gradient norm and share of blanks over steps, and the chosen checkpoint.

Reads the metrics.csv that training appends to. A run that was killed may leave a cut last line, and one that
was resumed repeats steps: the former counts as missing, of the latter the last is kept.
"""

import csv
import json
import logging
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter, PercentFormatter

from seqapp.evaluation.plots.figure import ERROR, FAINT, INK, QUIET, bare, footer, new_figure, plain, save_figure, title

logger = logging.getLogger(__name__)

COLUMNS = (
    "step", "minutes", "loss", "grad_norm", "learning_rate", "validation_cer", "validation_wer", "blank_share"
)  # fmt: skip
_DARK, _MIDDLE, _LIGHT = "#00224e", "#7d7c78", "#d0b541"  # cividis at 0, 0.5 and 0.85


def read_metrics(path: str | Path) -> dict[str, np.ndarray]:
    """Read a metrics file.

    Args:
        path: CSV with a header; columns other than COLUMNS are ignored, missing ones allowed, but not `step`.

    Returns:
        Each of COLUMNS: Float64 `[S]`, by rising step; NaN where a cell is missing or no number.

    Raises:
        ValueError: There is no column `step`.
    """
    with Path(path).open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if "step" not in (reader.fieldnames or ()):
            raise ValueError(f"{path}: expected a header with a column step. Received: {reader.fieldnames}.")
        whole = [row for row in reader if None not in row.values()]
    latest = {}
    for row in whole:
        cells = [_number(row.get(column)) for column in COLUMNS]
        if math.isnan(cells[0]):
            continue
        # A step has a row of training and one of validation; a resumed run may have written it twice.
        merged = latest.setdefault(cells[0], cells)
        merged[:] = [old if math.isnan(new) else new for old, new in zip(merged, cells)]
    table = np.array([latest[step] for step in sorted(latest)], np.float64).reshape(-1, len(COLUMNS))
    logger.info("%s: %d rows, %d distinct steps", path, len(whole), len(table))
    return dict(zip(COLUMNS, table.T, strict=True))


def best_step(metrics: dict[str, np.ndarray]) -> int | None:
    """Return the first step with the lowest validation CER, or None without any."""
    cer = metrics["validation_cer"]
    return None if np.isnan(cer).all() else int(metrics["step"][np.nanargmin(cer)])


def plot_learning_curves(metrics_csv: str | Path, chosen_step: int | None = None, model_name: str = "") -> Figure:
    """Draw loss, error rates, gradient norm with learning rate, and the blank's share, over steps.

    Args:
        metrics_csv: As for `read_metrics`.
        chosen_step: Step of the checkpoint that is kept; by default the one with the lowest validation CER.
        model_name: For the footer.

    Returns:
        A figure for `save_figure`.
    """
    metrics = read_metrics(metrics_csv)
    chosen_step = best_step(metrics) if chosen_step is None else chosen_step
    figure = new_figure()
    axes = [figure.add_axes(box) for box in _boxes()]
    _draw(axes[0], metrics, "training loss", loss=_DARK)
    _draw(axes[1], metrics, "validation error rate", validation_cer=_DARK, validation_wer=_LIGHT)
    _draw(
        axes[2],
        metrics,
        "gradient norm; learning rate",
        grad_norm=_MIDDLE,
        learning_rate=_LIGHT,
    )
    _draw(axes[3], metrics, "share of frames read as blank", logarithmic=False, blank_share=_DARK)
    for place in (axes[1].yaxis.set_major_formatter, axes[1].yaxis.set_minor_formatter):
        place(PercentFormatter(1.0, decimals=None))
    axes[3].set_ylim(0, 1.02)
    axes[3].yaxis.set_major_formatter(PercentFormatter(1.0))
    _finish(axes, metrics, chosen_step)
    footer(figure, _facts(metrics, chosen_step), f"model {model_name}" if model_name else "")
    return figure


def plot_several_learning_curves(metrics_by_name: Mapping[str, dict[str, np.ndarray]]) -> Figure:
    """Draw loss, CER, gradient norm and the blank's share of several trainings, one colour per training.

    Args:
        metrics_by_name: From the name of a training to its metrics, as `read_metrics` returns them.

    Returns:
        A figure for `save_figure`.
    """
    figure = new_figure()
    axes = [figure.add_axes(box) for box in _boxes()]
    panels = (("training loss", "loss"), ("validation CER", "validation_cer"), ("gradient norm", "grad_norm"))
    positions = np.linspace(0.0, 0.85, len(metrics_by_name))
    for (name, metrics), position in zip(metrics_by_name.items(), positions, strict=True):
        colour = matplotlib.colormaps["viridis"](position)
        for axis, (heading, column) in zip(axes, panels):
            _draw(axis, metrics, heading, labels={column: name}, **{column: colour})
        _draw(axes[3], metrics, "share of frames read as blank", logarithmic=False, blank_share=colour)
    axes[1].yaxis.set_major_formatter(PercentFormatter(1.0, decimals=None))
    axes[1].yaxis.set_minor_formatter(PercentFormatter(1.0, decimals=None))
    axes[3].set_ylim(0, 1.02)
    axes[3].yaxis.set_major_formatter(PercentFormatter(1.0))
    axes[0].legend(fontsize=7, frameon=False, labelcolor=INK)
    steps = np.concatenate([metrics["step"] for metrics in metrics_by_name.values()])
    _finish(axes, {"step": steps}, None)
    cers = {name: metrics["validation_cer"] for name, metrics in metrics_by_name.items()}
    best = [f"{name} {100 * np.nanmin(cer):.1f} %" for name, cer in cers.items() if not np.isnan(cer).all()]
    footer(figure, f"best validation CER: {', '.join(best)}" if best else "", f"{len(metrics_by_name)} trainings")
    return figure


def save_learning_curves(workdirs: str | Path | Sequence[str | Path], picture: str | Path) -> None:
    """Draw the curves of trainings, finished or running: all of one, or those of several over each other.

    Args:
        workdirs: One or several folders with metrics.csv, and with best.json once an evaluation has taken place.
        picture: The file to write.

    Raises:
        ValueError: There is no metrics.csv.
    """
    workdirs = [workdirs] if isinstance(workdirs, (str, Path)) else workdirs
    if len(workdirs) == 1:
        save_figure(_plot_one(Path(workdirs[0])), picture)
        return
    metrics = [read_metrics(_metrics_of(Path(workdir))) for workdir in workdirs]
    save_figure(plot_several_learning_curves(dict(zip(_names(workdirs), metrics))), picture)


def _names(workdirs):
    """Return short names of workdirs: the last parts of their paths, as many as it takes to tell them apart."""
    paths = [Path(workdir).resolve() for workdir in workdirs]
    for length in range(1, 1 + max(len(path.parts) for path in paths)):
        names = ["/".join(path.parts[-length:]) for path in paths]
        if len({*names}) == len({*paths}):
            break
    return names


def _metrics_of(workdir):
    metrics = workdir / "metrics.csv"
    if not metrics.is_file():
        raise ValueError(f"{workdir} has no metrics.csv. Expected the workdir of a training that has begun.")
    return metrics


def _plot_one(workdir):
    best = workdir / "best.json"
    chosen_step = json.loads(best.read_text(encoding="utf-8"))["step"] if best.is_file() else None
    return plot_learning_curves(_metrics_of(workdir), chosen_step, workdir.resolve().name)


def _number(cell: str | None) -> float:
    try:
        value = float(cell or "nan")
    except ValueError:
        return math.nan
    return value if math.isfinite(value) else math.nan


def _boxes() -> list[tuple[float, float, float, float]]:
    left = 0.06
    width = 0.42
    bottom = 0.10
    gap = 0.09
    high, low = 0.48, 0.25
    tops = bottom + low + gap
    return [
        (left, tops, width, high),
        (0.55, tops, width, high),
        (left, bottom, width, low),
        (0.55, bottom, width, low),
    ]


def _draw(
    axis: Axes,
    metrics: dict,
    heading: str,
    logarithmic: bool = True,
    labels: Mapping[str, str] | None = None,
    **colours,
) -> None:
    """Draw one curve per column, over the steps that have it; a logarithmic axis has no place for zeros."""
    steps = metrics["step"]
    for column, colour in colours.items():
        values = metrics[column]
        is_drawable = ~np.isnan(values) & ((values > 0) | (not logarithmic))
        marker = "." if is_drawable.sum() <= 40 else ""
        axis.plot(
            steps[is_drawable],
            values[is_drawable],
            color=colour,
            linewidth=1.4,
            marker=marker,
            markersize=5,
            label=(labels or {}).get(column, column),
        )
    if logarithmic:
        axis.set_yscale("log")
        axis.yaxis.set_major_formatter(_plain_number)
        low, high = axis.get_ylim()
        # Over many decades there is no room between the powers of ten.
        axis.yaxis.set_minor_formatter(_plain_number if high < 100 * low else NullFormatter())
    title(axis, heading)
    if len(colours) > 1:
        axis.legend(fontsize=7, frameon=False, labelcolor=INK)
    bare(axis, "left", "bottom")
    axis.grid(color=FAINT, linewidth=0.5)
    axis.tick_params(which="minor", labelsize=6, labelcolor=QUIET, length=1.5, color=QUIET)


def _plain_number(value: float, _position: int) -> str:
    """Write 20 rather than 2 x 10^1; only 1, 2 and 5 are written, for room."""
    digit = round(value / 10 ** math.floor(math.log10(value))) if value > 0 else 0
    return f"{value:g}" if digit in (1, 2, 5) else ""


def _finish(axes: list[Axes], metrics: dict, chosen_step: int | None) -> None:
    steps = metrics["step"]
    for axis in axes:
        axis.set_xlim(0, max(1.0, steps.max(initial=1.0)))
        if chosen_step is not None:
            axis.axvline(chosen_step, color=ERROR, linewidth=0.9, linestyle="--")
    for axis in axes[2:]:
        axis.set_xlabel("step", fontsize=7, color=QUIET)
    cer = metrics["validation_cer"][steps == chosen_step] if chosen_step is not None else ()
    if len(cer) and not np.isnan(cer[0]):
        note = axes[1].annotate(f"{100 * cer[0]:.1f} %", (chosen_step, cer[0]), (-4, 7), textcoords="offset points")
        plain(note).set(fontsize=8, color=ERROR, ha="right")


def _facts(metrics: dict, chosen_step: int | None) -> str:
    minutes = metrics["minutes"]
    checkpoint = "" if chosen_step is None else f"dashed: the chosen checkpoint, step {chosen_step}"
    spent = "" if np.isnan(minutes).all() else f"   {np.nanmax(minutes):.0f} core-minutes"
    return f"{checkpoint}{spent}".strip()

"""Learning curves: loss, error rates, gradient norm and share of blanks over steps, and the chosen checkpoint.

Reads the metrics.csv that training appends to. A run that was killed may leave a cut last line, and one that
was resumed repeats steps: the former counts as missing, of the latter the last is kept.
"""

import csv
import json
import logging
import math
from pathlib import Path

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


def save_learning_curves(workdir: str | Path, picture: str | Path) -> None:
    """Draw the curves of a training, finished or running.

    Args:
        workdir: Folder with metrics.csv, and with best.json once an evaluation has taken place.
        picture: The file to write.

    Raises:
        ValueError: There is no metrics.csv.
    """
    workdir = Path(workdir)
    metrics = workdir / "metrics.csv"
    best = workdir / "best.json"
    if not metrics.is_file():
        raise ValueError(f"{workdir} has no metrics.csv. Expected the workdir of a training that has begun.")
    chosen_step = json.loads(best.read_text(encoding="utf-8"))["step"] if best.is_file() else None
    save_figure(plot_learning_curves(metrics, chosen_step, workdir.resolve().name), picture)


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


def _draw(axis: Axes, metrics: dict, heading: str, logarithmic: bool = True, **colours: str) -> None:
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
            label=column,
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
    cer = metrics["validation_cer"][steps == chosen_step]
    if len(cer) and not np.isnan(cer[0]):
        note = axes[1].annotate(f"{100 * cer[0]:.1f} %", (chosen_step, cer[0]), (-4, 7), textcoords="offset points")
        plain(note).set(fontsize=8, color=ERROR, ha="right")


def _facts(metrics: dict, chosen_step: int | None) -> str:
    minutes = metrics["minutes"]
    checkpoint = "" if chosen_step is None else f"dashed: the chosen checkpoint, step {chosen_step}"
    spent = "" if np.isnan(minutes).all() else f"   {np.nanmax(minutes):.0f} core-minutes"
    return f"{checkpoint}{spent}".strip()

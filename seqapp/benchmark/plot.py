"""Cost plot: milliseconds of a training step over T, H and B, one panel each, both axes logarithmic."""

from collections.abc import Sequence

from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullFormatter, NullLocator

from seqapp.evaluation.plots.figure import FAINT, QUIET, bare, footer, new_figure, title

PLACES = {"T": 1, "H": 3, "B": 0}  # of each axis in a row's shape [B, T, F, H]
NAMES = {"T": "frames T", "H": "units H = features F", "B": "rows B"}
OURS = ("#00224e", "#b5561b", "#2a7f62", "#7d3c8c", "#a08a00", "#1f77b4", "#8c564b")  # dark on white, told apart
PEER = "#8a8a8a"
DASHES = ("--", ":", "-.", (0, (5, 1, 1, 1, 1, 1)))


def plot_costs(rows: Sequence[dict], base: tuple[int, int, int]) -> Figure:
    """Draw the rows of a sweep.

    Args:
        rows: List of dicts with name, shape `[B, T, F, H]`, step_ms and threads.
        base: (B, T, H), the sizes that the other panels hold.

    Returns:
        A figure for `save_figure`.
    """
    figure = new_figure(height_in=4.6)
    styles = _styles(list(dict.fromkeys(row["name"] for row in rows)))
    held = dict(zip("BTH", base))
    first = None
    for column, axis_name in enumerate(PLACES):
        axis = figure.add_axes((0.06 + 0.255 * column, 0.13, 0.225, 0.79), sharey=first)
        first = first or axis
        axis.tick_params(labelleft=axis is first)  # the numbers would lie on the panel before
        for name, style in styles.items():
            axis.plot(*curve(rows, name, axis_name, held), label=name, **style)
        _dress(axis, axis_name, held)
    first.set_ylabel("ms a training step", fontsize=8, color=QUIET)
    first.legend(*first.get_legend_handles_labels(), loc="upper left", bbox_to_anchor=(3.42, 1.02), fontsize=8,
                 frameon=False)  # fmt: skip
    footer(figure, "median of forward and backward pass, gradients of inputs and weights", f"{_threads(rows)} threads")
    return figure


def curve(rows: Sequence[dict], name: str, axis_name: str, held: dict[str, int]) -> tuple:
    """Return (sizes, ms) of one layer along one axis, by rising size: the rows whose other sizes are those held."""
    points = []
    for row in rows:
        sizes = {axis: row["shape"][place] for axis, place in PLACES.items()}
        if row["name"] == name and all(sizes[axis] == held[axis] for axis in sizes if axis != axis_name):
            points.append((sizes[axis_name], row["step_ms"]))
    return tuple(zip(*sorted(points))) or ((), ())


def _styles(names):
    """Return line styles: ours in colour, peers grey and broken."""
    peers = [name for name in names if "." in name]
    ours = [name for name in names if name not in peers]
    colours = {name: {"color": OURS[i % len(OURS)], "linewidth": 1.8} for i, name in enumerate(ours)}
    broken = {name: {"color": PEER, "linestyle": DASHES[i % len(DASHES)]} for i, name in enumerate(peers)}
    return {name: {"marker": "o", "markersize": 3.5} | style for name, style in (colours | broken).items()}


def _dress(axis, axis_name, held):
    axis.set_xscale("log", base=2)
    axis.set_yscale("log")
    sizes = sorted({size for line in axis.lines for size in line.get_xdata()})
    axis.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axis.xaxis.set_minor_locator(NullLocator())
    axis.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}"))
    axis.yaxis.set_minor_formatter(NullFormatter())
    axis.grid(color=FAINT, linewidth=0.5)
    bare(axis, "left", "bottom")
    title(axis, f"{NAMES[axis_name]}   ({', '.join(f'{a} = {held[a]}' for a in held if a != axis_name)})")


def _threads(rows):
    return ", ".join(str(threads) for threads in sorted({row["threads"] for row in rows}))

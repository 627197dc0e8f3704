"""Error plot: character confusions, errors by length, errors by writer or speaker."""

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from seqapp.evaluation.evaluation import Evaluation, GroupErrors
from seqapp.evaluation.glyphs import visible
from seqapp.evaluation.plots.figure import ERROR, FAINT, INK, QUIET, bare, footer, new_figure, plain, title

MAX_CHARACTERS = 25
MAX_GROUPS = 30
SHARE_MAP = matplotlib.colormaps["cividis_r"].with_extremes(under="white", bad="white")
LOWEST_SHARE = 1e-3
_BAR = matplotlib.colormaps["cividis"](0.25)


def confusion_matrix(evaluation: Evaluation) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Count the confusions of each pair of characters.

    Args:
        evaluation: Any evaluation.

    Returns:
        The MAX_CHARACTERS characters that take part in most errors, sorted, then "" for none: C in all;
        counts, int64 `[C, C]` (row: written, column: read); and shares, float64 `[C, C]`, the counts over all
        that was written of the row's character, also what was read as a character not shown (rows of "": over
        all insertions). Rows of characters never written are zero.
    """
    errors = {}
    for (reference, hypothesis), count in evaluation.pairs.items():
        for character in {reference, hypothesis} - {""}:
            errors[character] = errors.get(character, 0) + count * (reference != hypothesis)
    ranked = sorted((c for c in errors if errors[c]), key=lambda c: (-errors[c], c))
    characters = [*sorted(ranked[:MAX_CHARACTERS]), ""]
    counts = np.array([[evaluation.pairs.get((r, h), 0) for h in characters] for r in characters], np.int64)
    totals = np.array([sum(n for (r, _), n in evaluation.pairs.items() if r == row) for row in characters])
    return characters, counts, counts / np.maximum(totals, 1)[:, None]


def plot_errors(evaluation: Evaluation, model_name: str = "") -> Figure:
    """Draw confusions at the left, CER by length and by writer or speaker at the right.

    Args:
        evaluation: Any evaluation, also an empty one.
        model_name: For the footer.

    Returns:
        A figure for `save_figure`.
    """
    figure = new_figure()
    _draw_confusions(figure.add_axes((0.045, 0.085, 0.525, 0.84)), evaluation)
    _draw_lengths(figure.add_axes((0.655, 0.605, 0.33, 0.32)), evaluation)
    _draw_groups(figure.add_axes((0.655, 0.085, 0.33, 0.39)), evaluation)
    interval = evaluation.cer_interval
    span = f" [{100 * interval.low:.1f}, {100 * interval.high:.1f}]" if interval else ""
    cer = f", CER {100 * evaluation.characters.rate:.2f} %{span}" if evaluation.examples else ""
    footer(figure, f"{len(evaluation.examples)} {evaluation.unit}s{cer}", f"model {model_name}" if model_name else "")
    return figure


def _draw_confusions(axis: Axes, evaluation: Evaluation) -> None:
    characters, counts, shares = confusion_matrix(evaluation)
    axis.imshow(shares, cmap=SHARE_MAP, norm=LogNorm(LOWEST_SHARE, 1.0), aspect="auto", interpolation="nearest")
    names = [visible(character) for character in characters]
    axis.set_xticks(range(len(characters)), names)
    axis.set_yticks(range(len(characters)), names)
    for label in [*axis.get_xticklabels(), *axis.get_yticklabels()]:
        plain(label)
    for row, column in np.argwhere(counts):
        _draw_count(axis, int(row), int(column), counts[row, column], shares[row, column])
    axis.set_xticks(np.arange(len(characters) + 1) - 0.5, minor=True)
    axis.set_yticks(np.arange(len(characters) + 1) - 0.5, minor=True)
    axis.grid(which="minor", color=FAINT, linewidth=0.4)
    bare(axis)
    axis.tick_params(which="both", length=0)
    axis.set_xlabel("read (ε: nothing)", fontsize=7, color=QUIET)
    axis.set_ylabel("written (ε: nothing)", fontsize=7, color=QUIET)
    title(axis, f"the {len(characters) - 1} characters with most errors: counts, coloured by share of the row (log)")


def _draw_count(axis: Axes, row: int, column: int, count: int, share: float) -> None:
    text = str(count) if count < 10_000 else f"{count // 1000}k"
    colour = "white" if share > 0.02 else INK  # cividis turns dark there
    weight = "bold" if row != column and share > 0.02 else "normal"
    size = 5.5 if len(text) < 3 else 4.5
    axis.text(column, row, text, ha="center", va="center", fontsize=size, color=colour, weight=weight)


def _draw_lengths(axis: Axes, evaluation: Evaluation) -> None:
    bins = [b for b in evaluation.length_bins if b.num_examples]
    axis.bar(range(len(bins)), [b.characters.rate for b in bins], color=_BAR, width=0.7)
    spans = [f"{b.low}-{b.high}" if b.high is not None else f"{b.low}+" for b in bins]
    counts = [f"{b.num_examples} {evaluation.unit}{'s' * (b.num_examples != 1)}" for b in bins]
    axis.set_xticks(range(len(bins)), [f"{span}\n{count}" for span, count in zip(spans, counts, strict=True)])
    axis.set_xlabel("characters in the reference", fontsize=7, color=QUIET)
    title(axis, f"CER by {evaluation.unit} length")
    _finish_bars(axis, evaluation)


def _draw_groups(axis: Axes, evaluation: Evaluation) -> None:
    groups = sorted(evaluation.groups, key=lambda group: (-group.characters.rate, group.group_id))
    bars = groups[:: max(1, -(-len(groups) // MAX_GROUPS))]  # evenly from worst to best, not the worst alone
    rates = [group.characters.rate for group in bars]
    axis.bar(range(len(bars)), rates, color=_BAR, width=0.7)
    axis.errorbar(range(len(bars)), rates, yerr=_bars(bars), fmt="none", ecolor=QUIET, elinewidth=1.0, capsize=1.5)
    axis.set_xticks([])
    every = "" if len(bars) == len(groups) else f" ({len(bars)} of {len(groups)}, evenly spaced)"
    axis.set_xlabel(f"{evaluation.group}s, worst to best{every}", fontsize=7, color=QUIET)
    title(axis, f"CER by {evaluation.group}, 95 % intervals over the {evaluation.group}'s {evaluation.unit}s")
    _finish_bars(axis, evaluation)


def _bars(groups: list[GroupErrors]) -> np.ndarray:
    """Return float64 `[2, W]`: how far the interval reaches below and above the rate; zero where there is none."""
    spans = [
        (group.characters.rate - group.interval.low, group.interval.high - group.characters.rate)
        if group.interval
        else (0.0, 0.0)
        for group in groups
    ]
    return np.maximum(np.array(spans, np.float64).reshape(-1, 2).T, 0.0)


def _finish_bars(axis: Axes, evaluation: Evaluation) -> None:
    axis.axhline(evaluation.characters.rate, color=ERROR, linewidth=0.8, linestyle="--")
    axis.yaxis.set_major_formatter(PercentFormatter(1.0))
    axis.set_ylim(bottom=0)
    axis.margins(y=0.12)
    bare(axis, "left", "bottom")
    axis.grid(axis="y", color=FAINT, linewidth=0.5)
    axis.set_axisbelow(True)

"""Sweep over sizes: cost over T, H and B in turn, the others held."""

from collections.abc import Sequence

from seqapp.benchmark.timing import compare
from seqapp.benchmark.work.rnn import work

# Multiples of the sizes asked for. Wider for B and T, which cost in proportion; H costs by its square.
FACTORS = {"frames": (0.25, 0.5, 1, 2, 4), "units": (0.25, 0.5, 1, 2), "batch": (0.0625, 0.25, 1, 4)}
DRAWN = ("min_gru (auto)", "lstm (auto)", "gru (auto)", "keras.layers.LSTM", "torch.nn.LSTM")


def shapes(batch: int, frames: int, units: int) -> list[tuple[int, int, int]]:
    """Return (B, T, H) of every point, each once, in order."""
    base = {"batch": batch, "frames": frames, "units": units}
    points = [base | {axis: max(1, round(f * base[axis]))} for axis, factors in FACTORS.items() for f in factors]
    return list(dict.fromkeys((point["batch"], point["frames"], point["units"]) for point in points))


def sweep(batch: int, frames: int, units: int, only: Sequence[str], repeats: int, threads: int) -> list[dict]:
    """Time all shapes, for the names in DRAWN, or those that hold part of `only`."""
    rows = []
    for shape in shapes(batch, frames, units):
        everything = work(*shape, threads)
        selected = everything if only else {name: everything[name] for name in DRAWN if name in everything}
        rows += compare(selected, only, repeats, threads)
    return rows

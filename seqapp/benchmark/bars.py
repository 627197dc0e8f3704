"""Speed targets of the project, and their verdicts on the rows of a benchmark run."""

import dataclasses
from collections.abc import Sequence


@dataclasses.dataclass(frozen=True)
class Bar:
    """One demand on the rows of one run.

    Attributes:
        name: What is demanded.
        ours: Name of our row.
        peer: Name of the row to compare with; empty where a number of ours is to be seen by itself.
        column: Which time.
        at_least: How many times as fast as the peer ours must be.
        at_most: How many times as long as the peer ours may take; without a peer, what its number may be.
        unit: Of a number without a peer.
    """

    name: str
    ours: str
    peer: str = ""
    column: str = "step_ms"
    at_least: float | None = None
    at_most: float | None = None
    unit: str = " ms"

    def verdict(self, rows: Sequence[dict]) -> str | None:
        """Return one line; None where the rows that it needs were not measured."""
        times = {row["name"]: row.get(self.column) for row in rows}
        ours = times.get(self.ours)
        peer = times.get(self.peer) if self.peer else 1.0
        if not ours or not peer:
            return None
        if self.at_least is not None:
            return _line(self.name, ">=", self.at_least, peer / ours, "x")
        return _line(self.name, "<=", self.at_most, ours / peer, "x" if self.peer else self.unit)


FORWARD = "forward_ms"
MIN_GRU, LSTM = "min_gru (auto)", "lstm (auto)"
OURS_CTC, TORCH_CTC = "forward_backward", "torch.nn.functional.ctc_loss"
BARS = (
    Bar("min_gru against torch.nn.LSTM", MIN_GRU, "torch.nn.LSTM", at_least=4),
    Bar("min_gru against keras.layers.LSTM", MIN_GRU, "keras.layers.LSTM", at_least=9),
    Bar("min_gru against its matmuls alone", MIN_GRU, "matmuls of min_gru alone", at_most=1.5),
    Bar("the same under XLA", "min_gru (auto, XLA)", "matmuls of min_gru alone, XLA", at_most=1.5),
    Bar("lstm against keras.layers.LSTM", LSTM, "keras.layers.LSTM", at_least=2),
    Bar("lstm against torch.nn.LSTM", LSTM, "torch.nn.LSTM", at_least=0.8),
    Bar("gru against keras.layers.GRU", "gru (auto)", "keras.layers.GRU", at_least=1.5),
    Bar("simple against keras.layers.SimpleRNN", "simple (auto)", "keras.layers.SimpleRNN", at_least=1),
    Bar("lstm forward against torch.nn.LSTM", LSTM, "torch.nn.LSTM", FORWARD, at_most=1.15),
    Bar("lstm forward against keras.layers.LSTM", LSTM, "keras.layers.LSTM", FORWARD, at_least=1),
    Bar("gru forward against torch.nn.GRU", "gru (auto)", "torch.nn.GRU", FORWARD, at_most=0.8),
    Bar("min_gru forward against its matmuls alone", MIN_GRU, "matmuls of min_gru alone", FORWARD, at_most=1.6),
    Bar("CTC loss and gradient", OURS_CTC, at_most=130),
    Bar("CTC against torch", OURS_CTC, TORCH_CTC, at_least=1),
    Bar("a streaming step of min_gru", "min_gru", column=FORWARD, at_most=1),
    Bar("a streaming step of lstm", "lstm", column=FORWARD, at_most=1),
    Bar("words behind a text, by a model of words", "next word, of words", column=FORWARD, at_most=20),
    Bar("words behind a text, by a model of characters", "next word, of characters", column=FORWARD, at_most=20),
    Bar("a line of ink with context", "ink, whole, with context", column=FORWARD, at_most=60),
    Bar("5 s of speech with context", "speech, whole, with context", column=FORWARD, at_most=60),
    Bar("the image of a line with context", "image, whole, with context", column=FORWARD, at_most=90),
    Bar("95 % of live texts of ink", "ink, partial, with context", column="p95_ms", at_most=100),
    Bar("95 % of live texts of speech", "speech, partial, with context", column="p95_ms", at_most=200),
    Bar("shapes of an epoch", "librispeech_100", column="shapes", at_most=25, unit=""),
    Bar("padding of these shapes", "librispeech_100", column="padding", at_most=16, unit=" %"),
    Bar("padding of ink", "unipen_wild", column="padding", at_most=16, unit=" %"),
    Bar("padding of line images", "lines", column="padding", at_most=16, unit=" %"),
)
LINEAR_WITHIN = 1.15


def verdicts(rows: Sequence[dict]) -> list[str]:
    """Return one line for each target whose rows are there. Rows of a sweep are no run of one size: they meet none."""
    is_sweep = len({row["name"] for row in rows}) < len(rows)
    return _linear(rows) if is_sweep else [line for bar in BARS if (line := bar.verdict(rows))]


def _linear(rows):
    """Return the verdicts on cost per frame from the shortest to the longest sequence, where several were measured."""
    if len(rows) < 2 or any("step_us_per_frame" not in row for row in rows):
        return []
    times, memory = ([row[f"{name}_per_frame"] for row in rows] for name in ("step_us", "memory_kb"))
    return [
        _line("time a frame, dearest to cheapest length", "<=", LINEAR_WITHIN, max(times) / min(times), "x"),
        # A process has a size of its own, which makes the frames of a short sequence dearer.
        _line("memory a frame, longest to shortest sequence", "<=", LINEAR_WITHIN, memory[-1] / memory[0], "x"),
    ]


def _line(name, sign, required, measured, unit):
    is_met = measured >= required if sign == ">=" else measured <= required
    return f"{name}: required {sign} {required:g}{unit}, seen {measured:.2f}{unit}: {'met' if is_met else 'MISSED'}"

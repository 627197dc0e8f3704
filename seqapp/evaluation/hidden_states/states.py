"""Hidden states of recurrent layers over one example, with its input, symbols and outputs."""

import dataclasses
from collections.abc import Sequence

import numpy as np

BLANK = "blank"
QUOTES = {'"': '"', "\u201c": "\u201d", "\u00ab": "\u00bb", "\u201e": "\u201c"}


@dataclasses.dataclass(frozen=True)
class Memory:
    """One example as a network reads it, in T steps.

    Attributes:
        layers: Float `[T, H]` each, the outputs of every recurrent layer; where there are two directions, of the one
            that reads forward.
        marks: Float `[T]` by name: what units may follow, such as a pen-up.
        symbols: `[T]` strings, what is read or emitted at each step; "" where there is nothing to show.
        outputs: `[T]` tuples of (symbol, probability), the likeliest three first.
        sense: "text", "ink", "speech" or "image".
        raw: What was read: points `[N, 4]`, features `[S, F]`, columns of an image, or the text.
        places: Int `[N]`, the step that each point belongs to; of ink alone.
        name: Of the model.
        is_bidirectional: Whether there is another direction, which is not looked at.
    """

    layers: list[np.ndarray]
    marks: dict[str, np.ndarray]
    symbols: list[str]
    outputs: list[tuple[tuple[str, float], ...]]
    sense: str
    raw: object
    places: np.ndarray | None = None
    name: str = ""
    is_bidirectional: bool = False

    def __len__(self):
        return len(self.symbols)


def text_memory(layers, log_probs, symbols: Sequence[str], tokens: Sequence[str], name: str = "") -> Memory:
    """Return the hidden states of a language model with what it read.

    Args:
        layers: Float `[T, H]` each.
        log_probs: Float `[T, V]`, of what comes behind each token.
        symbols: `[T]` strings, the tokens read.
        tokens: `[V]` strings.
        name: Of the model.
    """
    marks = {"gaps between words": [not symbol[0].isalnum() for symbol in symbols], "quotes": _quoted(symbols)}
    return Memory(layers, that_vary(marks), list(symbols), likeliest(log_probs, tokens), "text", symbols, name=name)


def likeliest(log_probs, names: Sequence[str], count: int = 3) -> list[tuple[tuple[str, float], ...]]:
    """Return for each row of log-probabilities float `[T, V]` the likeliest names with probabilities, best first."""
    order = np.argsort(-log_probs, axis=1, kind="stable")[:, :count]
    return [tuple((names[i], float(np.exp(row[i]))) for i in best) for row, best in zip(log_probs, order)]


def _quoted(symbols):
    """Return 1 from an opening quotation mark to the one that closes it."""
    marks = np.zeros(len(symbols))
    closing = None
    for t, symbol in enumerate(symbols):
        marks[t] = closing is not None or symbol in QUOTES
        closing = None if symbol == closing else (closing or QUOTES.get(symbol))
    return marks


def that_vary(marks: dict) -> dict:
    """Return marks by name as float `[T]`, without those that are everywhere or nowhere."""
    marks = {name: np.asarray(values, np.float64) for name, values in marks.items()}
    return {name: values for name, values in marks.items() if np.ptp(values) > 0}

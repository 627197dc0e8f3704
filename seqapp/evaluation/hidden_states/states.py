"""What recurrent layers hold in mind while they read one example, beside what there was to read."""

import dataclasses

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


def text_memory(layers, log_probs, symbols, tokens, name="") -> Memory:
    """The memory of a language model.

    Args:
        layers: Float `[T, H]` each.
        log_probs: Float `[T, V]`, of what comes behind each token.
        symbols: `[T]` strings, the tokens read.
        tokens: `[V]` strings.
        name: Of the model.
    """
    marks = {"gaps between words": [not symbol[0].isalnum() for symbol in symbols], "quotes": _quoted(symbols)}
    return Memory(layers, that_vary(marks), list(symbols), likeliest(log_probs, tokens), "text", symbols, name=name)


def likeliest(log_probs, names, count=3):
    """For each row of log-probabilities float `[T, V]` the likeliest names with their probabilities, best first."""
    order = np.argsort(-log_probs, axis=1, kind="stable")[:, :count]
    return [tuple((names[i], float(np.exp(row[i]))) for i in best) for row, best in zip(log_probs, order)]


def _quoted(symbols):
    """1 from an opening quotation mark to the one that closes it."""
    marks, closing = np.zeros(len(symbols)), None
    for t, symbol in enumerate(symbols):
        marks[t] = closing is not None or symbol in QUOTES
        closing = None if symbol == closing else (closing or QUOTES.get(symbol))
    return marks


def that_vary(marks):
    """Marks by name as float `[T]`, without those that are everywhere or nowhere."""
    marks = {name: np.asarray(values, np.float64) for name, values in marks.items()}
    return {name: values for name, values in marks.items() if np.ptp(values) > 0}

"""Predicted words as lines of text or JSON, and typed lines as contexts for the predictor."""

import dataclasses
import json
from collections.abc import Iterable, Iterator


@dataclasses.dataclass(frozen=True)
class Prediction:
    """A word that may come next, and its probability."""

    word: str
    probability: float


def to_text(predictions: Iterable[Prediction]) -> str:
    """Return one line per word with its probability, and an empty one behind the last."""
    return "".join(f"{p.word}\t{p.probability:.4f}\n" for p in predictions) + "\n"


def to_json(context: str, predictions: Iterable[Prediction], is_exact: bool) -> str:
    """Return one line: an object of the text, the words that may follow, and whether no likelier one was overlooked."""
    words = [dataclasses.asdict(prediction) for prediction in predictions]
    return json.dumps({"context": context, "words": words, "is_exact": is_exact}, ensure_ascii=False) + "\n"


def typed(lines: Iterable[str], before: str = "") -> Iterator[tuple[str, bool]]:
    """Yield lines as they come in, and whether the last word of each is half typed: a space ends it.

    Args:
        lines: Of a file or a terminal.
        before: What stands in front of the first one.
    """
    for line in lines:
        text = before + line.rstrip("\n")
        before = ""
        yield text, bool(text) and not text[-1].isspace()

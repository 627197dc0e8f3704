"""Predictions as one reads them, and texts as one types them."""

import dataclasses
import json
from collections.abc import Iterable, Iterator


@dataclasses.dataclass(frozen=True)
class Prediction:
    """A word that may come next, and its probability."""

    word: str
    probability: float


def to_text(predictions) -> str:
    """A line each, word and probability; an empty one behind the last."""
    return "".join(f"{p.word}\t{p.probability:.4f}\n" for p in predictions) + "\n"


def to_json(context, predictions, is_exact) -> str:
    """One line: an object of the text, of what may follow it, and of whether no likelier word was overlooked."""
    words = [dataclasses.asdict(prediction) for prediction in predictions]
    return json.dumps({"context": context, "words": words, "is_exact": is_exact}, ensure_ascii=False) + "\n"


def typed(lines: Iterable[str], before="") -> Iterator[tuple[str, bool]]:
    """Lines as they come in, and whether the last word of each is half typed: a space ends it.

    Args:
        lines: Of a file or a terminal.
        before: What stands in front of the first one.
    """
    for line in lines:
        text, before = before + line.rstrip("\n"), ""
        yield text, bool(text) and not text[-1].isspace()

"""Skipped examples, counted and listed with their reasons: none is dropped silently, none stops a whole corpus."""

import collections
import json
import logging
from collections.abc import Iterable, Iterator
from pathlib import Path

logger = logging.getLogger(__name__)

SKIPPED_FILE = "skipped.json"  # lies beside the prepared examples


class Skipped:
    """Counts and lists what was left out: by a reader, by the survey of a training, by an evaluation.

    Args:
        items: (id, reason) of each; another `Skipped` is copied.

    Example:
        >>> skipped = Skipped()
        >>> skipped.add("a01-000u-03", "no strokes")
        >>> len(skipped), dict(skipped.counts())
        (1, {'no strokes': 1})
    """

    def __init__(self, items: Iterable[tuple[str, str]] = ()) -> None:
        self.items: list[tuple[str, str]] = []
        for id, reason in items:
            self.add(id, reason)

    def add(self, id: str, reason: str) -> None:
        """Note one example.

        Args:
            id: Which one.
            reason: Why. Text before the first colon is the kind under which it is counted.
        """
        self.items.append((str(id), str(reason)))

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.items)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Skipped) and self.items == other.items

    def __add__(self, other: "Skipped") -> "Skipped":
        return Skipped([*self, *other])

    def __repr__(self) -> str:
        return f"Skipped({self.items})"

    def counts(self) -> collections.Counter[str]:
        """Return how many examples were left out for each kind of reason."""
        return collections.Counter(reason.split(":")[0] for _, reason in self.items)

    def summary(self) -> str:
        """Return "7 (5 no audio file, 2 empty file); the first: utterance-3"; "0" where nothing was left out."""
        reasons = ", ".join(f"{count} {reason}" for reason, count in self.counts().most_common())
        return f"{len(self)} ({reasons}); the first: {self.items[0][0]}" if self.items else "0"

    def first(self, count: int = 3) -> str:
        """Return the first few as "u-3: empty file; u-9: no samples; ..."; "none" where there is none."""
        shown = [f"{id}: {reason}" for id, reason in self.items[:count]]
        return "; ".join([*shown, *["..."] * (len(self) > count)]) or "none"

    def log(self, source: str, num_examples: int) -> None:
        """Write one line: how many examples of `source` were kept, how many left out, and why."""
        level = logging.WARNING if self.items else logging.INFO
        logger.log(level, "%s: kept %d, skipped %s", source, num_examples, self.summary())

    def to_dict(self) -> dict:
        """Return the whole list as plain types: {"counts": {reason: n}, "items": [[id, reason], ...]}."""
        return {"counts": dict(self.counts()), "items": [list(item) for item in self.items]}

    def write(self, path: str | Path) -> None:
        """Write `to_dict()` as JSON."""
        text = json.dumps(self.to_dict(), indent=1, ensure_ascii=False)
        Path(path).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def read(cls, path: str | Path) -> "Skipped":
        """Return what `write` wrote; nothing skipped where there is no such file."""
        path = Path(path)
        return cls(json.loads(path.read_text(encoding="utf-8"))["items"] if path.is_file() else ())

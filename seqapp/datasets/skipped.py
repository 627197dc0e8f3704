"""The tally of examples left out: nothing is dropped silently, and nothing broken stops a whole corpus."""

import collections
import json
import logging
from pathlib import Path

logger = logging.getLogger(__name__)

SKIPPED_FILE = "skipped.json"  # lies beside the prepared examples


class Skipped:
    """Counts and lists what a reader leaves out.

    Example:
        >>> skipped = Skipped()
        >>> skipped.add("a01-000u-03", "no strokes")
        >>> len(skipped), dict(skipped.counts())
        (1, {'no strokes': 1})
    """

    def __init__(self) -> None:
        self.items: list[tuple[str, str]] = []

    def add(self, id: str, reason: str) -> None:
        """Notes one example.

        Args:
            id: Which one.
            reason: Why. Text before the first colon is the kind under which it is counted.
        """
        self.items.append((id, reason))

    def __len__(self) -> int:
        return len(self.items)

    def counts(self) -> collections.Counter[str]:
        """Returns how many examples were left out for each kind of reason."""
        return collections.Counter(reason.split(":")[0] for _, reason in self.items)

    def summary(self) -> str:
        """Returns "7 (5 no audio file, 2 empty file); the first: utterance-3"; "0" where nothing was left out."""
        reasons = ", ".join(f"{count} {reason}" for reason, count in self.counts().most_common())
        return f"{len(self)} ({reasons}); the first: {self.items[0][0]}" if self.items else "0"

    def log(self, source: str, kept: int) -> None:
        """Writes one line: how many examples of `source` were kept, how many left out, and why."""
        level = logging.WARNING if self.items else logging.INFO
        logger.log(level, "%s: kept %d, skipped %s", source, kept, self.summary())

    def write(self, path: str | Path) -> None:
        """Writes the whole list as JSON: {"counts": {reason: n}, "items": [[id, reason], ...]}."""
        content = {"counts": dict(self.counts()), "items": self.items}
        Path(path).write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

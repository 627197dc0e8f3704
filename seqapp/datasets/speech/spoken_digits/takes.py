"""Free Spoken Digit Dataset: its recordings and their splits."""

import dataclasses
import re
from pathlib import Path

from seqapp.datasets.distribution import below
from seqapp.datasets.hashed_names import hashed_name

WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_NAME = re.compile(r"(\d)_(.+)_(\d+)\.wav")


@dataclasses.dataclass(frozen=True)
class Take:
    """One recording of one digit."""

    digit: int
    speaker: str  # as written: a first name or an account's
    number: int  # 0 to 49 of each digit and speaker
    file: Path

    @property
    def id(self) -> str:
        """Id of digit, hashed speaker and number: "7_2c8a0d91_32"."""
        return f"{self.digit}_{self.speaker_id.rpartition('/')[2]}_{self.number}"

    @property
    def speaker_id(self) -> str:
        """Hashed speaker."""
        return hashed_name("spoken_digits", self.speaker)


def find_root(folder: Path) -> Path | None:
    """Return the folder that holds recordings/: `folder` or one up to two levels below; else None."""
    recordings = below(folder, "recordings")
    return next((path.parent for path in recordings if next(path.glob("[0-9]_*_*.wav"), None)), None)


def find_takes(root: Path) -> list[Take]:
    """Return all recordings, sorted by speaker, number and digit; files of other names are no recordings."""
    matches = ((_NAME.fullmatch(file.name), file) for file in (root / "recordings").iterdir())
    takes = [Take(int(match[1]), match[2], int(match[3]), file) for match, file in matches if match]
    return sorted(takes, key=lambda take: (take.speaker, take.number, take.digit))


def split(take: Take, leave_out: str = "") -> str:
    """Return "train", "validation" or "test".

    Args:
        take: Any recording.
        leave_out: A speaker who alone is the test set; "": the official test set, takes 0-4 of everybody.
            Validation is takes 5-9 of those who are not left out.
    """
    is_test = take.speaker == leave_out if leave_out else take.number < 5
    return "test" if is_test else "validation" if 5 <= take.number < 10 else "train"

"""Text files read as one text in blocks: whatever their size, a megabyte of them is in memory."""

from collections.abc import Iterator
from pathlib import Path

BLOCK = 1 << 20  # characters


class TextFiles:
    """A text file, or all .txt files under a folder by name, as one text with a line break between two files.

    Args:
        path: Of the file or folder.

    Raises:
        ValueError: There is no such file.

    Attributes:
        files: The files.
    """

    def __init__(self, path: Path):
        self.files = [path] if path.is_file() else sorted(path.rglob("*.txt"))
        if not self.files:
            raise ValueError(f"{path} holds no text file. Expected a .txt file in UTF-8, or a folder of them.")
        self._path = path

    @property
    def num_bytes(self) -> int:
        """Size of the files."""
        return sum(file.stat().st_size for file in self.files)

    def blocks(self, start: int = 0, stop: int | None = None) -> Iterator[str]:
        """Read the characters from `start` to `stop` (None: to the end), block by block.

        Raises:
            ValueError: A file is not UTF-8.
        """
        place = 0
        for block in self._all_blocks():
            if stop is not None and place >= stop:
                return
            piece = block[max(start - place, 0) : None if stop is None else stop - place]
            place += len(block)
            if piece:
                yield piece

    def num_characters(self) -> int:
        """Count the characters; raises as `blocks`."""
        return sum(map(len, self._all_blocks()))

    def line_end(self, place: int) -> int:
        """Find the place behind the first line break from a place on; raises as `blocks`.

        Returns:
            The same place where there is none.
        """
        begin = place
        for block in self.blocks(place):
            if (position := block.find("\n")) >= 0:
                return begin + position + 1
            begin += len(block)
        return place

    def _all_blocks(self):
        for number, file in enumerate(self.files):
            if number:
                yield "\n"
            try:
                with file.open(encoding="utf-8-sig") as text:
                    while block := text.read(BLOCK):
                        yield block
            except UnicodeDecodeError as error:
                raise ValueError(f"{self._path} is not UTF-8: {error}.") from error

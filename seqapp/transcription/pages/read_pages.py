"""Reading of several pages: while one is recognised, the lines of the next are found."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from seqapp.datasets.image.page_picture import PagePicture
from seqapp.models.page_reader import PageReader
from seqapp.models.page_reading import PageReading


def read_pages(reader: PageReader, pages: Sequence[PagePicture]) -> Iterator[Callable[[], PageReading]]:
    """Read pages in their order; two of them are in memory at once.

    Args:
        reader: `PageReader`.
        pages: Decoded when it is their turn.

    Yields:
        For each page a function without arguments that gives its reading, or raises its ValueError; to be called
        before the next one is asked for.
    """
    with ThreadPoolExecutor(1) as ahead:
        coming = ahead.submit(reader.prepare, pages[0]) if pages else None
        for number in range(1, len(pages) + 1):
            prepared = coming
            coming = ahead.submit(reader.prepare, pages[number]) if number < len(pages) else None
            yield lambda prepared=prepared: reader.recognise(prepared.result())

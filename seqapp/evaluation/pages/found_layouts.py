"""Lines that another tool found on pages, from the ALTO or PAGE files that it wrote."""

from pathlib import Path

from seqapp.datasets.image.layout import is_layout, read_layout
from seqapp.datasets.image.page_layouts.read import LayoutPage, layout_lines
from seqapp.datasets.image.page_reading import layout_files
from seqapp.models.line_finder.found_line import FoundLine


def found_layouts(folder: str | Path) -> dict[str, Path]:
    """Return the layouts below a folder by their names without suffix, which are those of the pages they are of.

    Raises:
        ValueError: There is none, or two are of one name.
    """
    layouts: dict[str, Path] = {}
    for path in filter(is_layout, layout_files(Path(folder))):
        if other := layouts.get(path.stem):
            raise ValueError(f"Expected one layout for each page. Received: {other} and {path}.")
        layouts[path.stem] = path
    if not layouts:
        raise ValueError(f"{folder} holds no layout. Expected ALTO or PAGE, a file for each page, of the page's name.")
    return layouts


def lines_of_layout(path: Path) -> list[FoundLine]:
    """Read the lines of a layout, in its order; those without a baseline are left out.

    Raises:
        ValueError: Broken XML, or neither ALTO nor PAGE.
    """
    return [FoundLine(*line) for line in layout_lines(read_layout(path))]


def name_of(page: LayoutPage) -> str:
    """Return the name by which the layout of a page is looked up."""
    return page.id.rsplit("/", 1)[-1]

"""Page layout: a page and its text lines, as the readers of ALTO and PAGE give them."""

import dataclasses
import re
from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

import numpy as np

# As PAGE names them, and ALTO since 4.3.
DIRECTIONS = {
    "left_to_right": ("left-to-right", "ltr"),
    "right_to_left": ("right-to-left", "rtl"),
    "top_to_bottom": ("top-to-bottom", "ttb"),
    "bottom_to_top": ("bottom-to-top", "btt"),
}
VERTICAL = ("top_to_bottom", "bottom_to_top")
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


@dataclasses.dataclass(frozen=True)
class TextLine:
    """One line of a page.

    Args:
        id: As the file names it; empty where it does not.
        polygon: Float64 `[n, 2]` of x, y in pixels, y growing down: what belongs to the line; empty when unknown.
        baseline: Float64 `[m, 2]` of x, y, in the direction of reading: what the letters stand on; empty when unknown.
        text: Transcript in logical order, the order of reading; empty when unknown.
        direction: Direction of reading, if the file states it: a key of `DIRECTIONS`; empty when unknown.
        missing_text: Reason of an empty text, for the list of what was skipped.
    """

    id: str
    polygon: np.ndarray
    baseline: np.ndarray
    text: str = ""
    direction: str = ""
    missing_text: str = "no text"


@dataclasses.dataclass(frozen=True)
class Page:
    """One page.

    Args:
        image: Its picture, as the file names it: a name, a path or a URL.
        width: Of the picture that the coordinates belong to, in pixels; 0 when unknown.
        height: Likewise.
        lines: `TextLine`s in the file's order; no two have one id.
        left_out: (id, reason) of what the file describes and is not read.
    """

    image: str
    width: int
    height: int
    lines: tuple[TextLine, ...]
    left_out: tuple[tuple[str, str], ...] = ()

    def scaled_to(self, width: int, height: int) -> "Page":
        """Return the page for a picture of another size: archives describe scans and hand out smaller copies.

        Raises:
            ValueError: The two sizes are not of one shape, within 2 %: then the picture is another one, or turned.
        """
        if not self.width or not self.height or (self.width, self.height) == (width, height):
            return self
        factor = np.array([width / self.width, height / self.height])
        if abs(np.log(factor[0] / factor[1])) > 0.02:
            raise ValueError(
                f"wrong size: the layout is of {self.width} x {self.height} pixels, the image has {width} x {height}"
            )
        lines = [
            dataclasses.replace(line, polygon=line.polygon * factor, baseline=line.baseline * factor)
            for line in self.lines
        ]
        return dataclasses.replace(self, width=width, height=height, lines=tuple(lines))


def directed_lines(element: Element, attribute: str, direction: str = "") -> Iterator[tuple[Element, str]]:
    """Find the text lines in an element of a layout, and the direction of reading of each.

    Args:
        element: Without namespaces, as `read_xml` gives it.
        attribute: Name of the attribute that states it, of the line or of an element around it: the nearest counts.
        direction: As stated around `element`.

    Yields:
        (line, key of `DIRECTIONS` or empty), in the file's order.
    """
    value = (element.get(attribute) or "").strip().lower()
    direction = next((name for name, names in DIRECTIONS.items() if value in names), direction)
    if element.tag == "TextLine":
        yield element, direction
        return
    for child in element:
        yield from directed_lines(child, attribute, direction)


def with_own_ids(lines: Iterable[TextLine]) -> tuple[TextLine, ...]:
    """Give every line an id of its own: the second "l1" becomes "l1_2"."""
    taken: set[str] = set()
    own = []
    for line in lines:
        number = 1
        id = line.id
        while id in taken:
            number += 1
            id = f"{line.id}_{number}"
        taken.add(id)
        own.append(line if id == line.id else dataclasses.replace(line, id=id))
    return tuple(own)


def points(text: str | None) -> np.ndarray:
    """Read a point list, "x,y x,y" as PAGE and older ALTO write it, or "x y x y".

    Returns:
        Float64 `[n, 2]`; a last coordinate without its partner is left out.
    """
    numbers = [float(number) for number in _NUMBER.findall(text or "")]
    return np.array(numbers[: len(numbers) // 2 * 2], np.float64).reshape(-1, 2)


def box(x: float, y: float, width: float, height: float) -> np.ndarray:
    """Return the polygon, float64 `[4, 2]`, of a box."""
    return np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]], np.float64)

"""A corpus of all that is wrong with scans: what can be read is read alike, the rest is counted by its reason."""

import numpy as np
import pytest
from PIL import Image

from seqapp.datasets.load import left_out, load
from tests.small_lines import LINES, draw_page, page_xml

PAGE, SHAPES = draw_page()
SIZE = PAGE.shape[::-1]
TURNED = 6  # EXIF: a quarter turn clockwise makes it upright


def as_16_bits(page):
    return Image.fromarray((page.astype(np.uint16) * 257).astype(np.uint16))


def moved(shape, by):
    return [tuple(np.add(point, by)) for point in shape[0]], shape[1]


def write(folder, name, picture=None, shapes=SHAPES, size=SIZE, texts=LINES, **options):
    """A page; without a picture its layout alone."""
    suffix = "jpg" if picture is not None and picture.mode == "CMYK" else "png"
    (folder / f"{name}.xml").write_text(page_xml(texts, shapes, size, f"{name}.{suffix}"), encoding="utf-8")
    if picture is not None:
        picture.save(folder / f"{name}.{suffix}", **options)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bad") / "train"
    folder.mkdir()
    plain, exif = Image.fromarray(PAGE), Image.Exif()
    exif[0x0112] = TURNED
    dot = [(100, 100), (101, 100), (101, 101), (100, 101)]
    long = np.tile(PAGE[:80], (1, 60))[:, :20_000]
    around = [(0, 5), (20_000, 5), (20_000, 75), (0, 75)]
    write(folder, "plain", plain)
    write(folder, "missing_image")
    write(folder, "outside_the_page", plain, [SHAPES[0], moved(SHAPES[1], (0, 9_000)), moved(SHAPES[2], (-900, 0))])
    write(folder, "partly_outside", plain, [([(-50, -20), (900, -20), (900, 80), (-50, 80)], SHAPES[0][1])])
    write(folder, "one_pixel", plain, [(dot, [])])
    write(folder, "twenty_thousand_pixels", Image.fromarray(long), [(around, [])], long.shape[::-1])
    write(folder, "cmyk", plain.convert("CMYK"), quality=95)
    write(folder, "deep", as_16_bits(PAGE))
    write(folder, "turned_by_exif", Image.fromarray(np.rot90(PAGE, 1)), exif=exif)
    write(folder, "wrong_size", plain, size=(SIZE[0], 3 * SIZE[1]))
    write(folder, "half_the_size", plain.resize((SIZE[0] // 2, SIZE[1] // 2)))
    return folder.parent


@pytest.fixture(scope="module")
def prepared(corpus, tmp_path_factory):
    cache = tmp_path_factory.mktemp("cache")
    lines = {e["id"].decode(): e["columns"] for e in load("page_lines", "train", corpus, cache).as_numpy_iterator()}
    return lines, left_out("page_lines", corpus, cache)


def test_what_cannot_be_read_is_counted_and_named(prepared):
    _, skipped = prepared
    reasons = {id: reason.split(":")[0] for id, reason in skipped}
    assert reasons == {
        "missing_image": "no image",
        "outside_the_page/l1": "outside the page",
        "outside_the_page/l2": "outside the page",
        "twenty_thousand_pixels/l0": "too wide",
        "wrong_size": "wrong size",
    }
    assert dict(skipped.items)["wrong_size"] == (
        "wrong size: the layout is of 400 x 660 pixels, the image has 400 x 220"
    )


@pytest.mark.parametrize("name, tolerance", [("deep", 1), ("turned_by_exif", 0), ("cmyk", 25)])
def test_formats_of_scanners_and_telephones_give_the_same_lines(prepared, name, tolerance):
    lines, _ = prepared
    for number in range(3):
        found, wanted = lines[f"{name}/l{number}"].astype(int), lines[f"plain/l{number}"].astype(int)
        width = min(len(found), len(wanted))
        assert abs(len(found) - len(wanted)) <= 2
        assert np.abs(found[:width] - wanted[:width]).max() <= tolerance + 40 * (len(found) != len(wanted))


def test_odd_lines_are_lines(prepared):
    lines, _ = prepared
    assert lines["one_pixel/l0"].shape[1] == 64 and len(lines["one_pixel/l0"]) >= 1
    assert len(lines["partly_outside/l0"]) > 100
    assert len(lines["half_the_size/l0"]) == pytest.approx(len(lines["plain/l0"]), rel=0.05)

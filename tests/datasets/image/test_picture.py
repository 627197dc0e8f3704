"""Whatever a scanner, a telephone or an archive writes becomes the same grey."""

import numpy as np
import pytest
from PIL import Image

from seqapp.datasets.image import picture
from seqapp.datasets.image.picture import read_picture
from tests.small_lines import INK, PAPER, draw_line

GREY = draw_line("abc")


def saved(tmp_path, image, name="x.png", **options):
    image.save(tmp_path / name, **options)
    return read_picture(tmp_path / name)


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "LA", "P", "I;16", "I"])
def test_modes_of_png_agree(tmp_path, mode):
    image = Image.fromarray(GREY)
    if mode.startswith("I"):
        image = Image.fromarray((GREY.astype(np.uint16) * 257).astype(np.uint16))
    else:
        image = image.convert(mode)
    np.testing.assert_allclose(saved(tmp_path, image).astype(int), GREY, atol=1)


def test_cmyk_is_light_where_there_is_no_ink(tmp_path):
    found = saved(tmp_path, Image.fromarray(GREY).convert("CMYK"), "x.jpg", quality=95).astype(int)
    np.testing.assert_allclose(found, GREY, atol=12)


def test_one_bit_and_float_tiffs(tmp_path):
    bits = Image.fromarray(GREY).point(lambda level: 255 * (level > 128), mode="1")
    assert set(np.unique(saved(tmp_path, bits, "b.tif"))) == {0, 255}
    floats = saved(tmp_path, Image.fromarray(GREY.astype(np.float32) / 255), "f.tif")
    np.testing.assert_allclose(floats.astype(int), GREY, atol=1)


def test_a_transparent_background_is_paper(tmp_path):
    image = np.zeros((*GREY.shape, 4), np.uint8)
    image[..., 3] = 255 - GREY
    found = saved(tmp_path, Image.fromarray(image)).astype(int)
    assert found.max() >= PAPER - 2 and found.min() <= INK + 2


@pytest.mark.parametrize("orientation, turns", [(3, 2), (6, 3), (8, 1)])
def test_exif_orientation_is_obeyed(tmp_path, orientation, turns):
    exif = Image.Exif()
    exif[0x0112] = orientation
    found = saved(tmp_path, Image.fromarray(GREY), "x.png", exif=exif)
    np.testing.assert_array_equal(found, np.rot90(GREY, turns))


def test_errors_name_the_file_and_its_fault(tmp_path, monkeypatch):
    with pytest.raises(ValueError, match="no image: expected gone.png"):
        read_picture(tmp_path / "gone.png")
    (tmp_path / "text.png").write_text("not a picture")
    with pytest.raises(ValueError, match="broken image: text.png"):
        read_picture(tmp_path / "text.png")
    Image.fromarray(np.tile(GREY, (9, 9))).save(tmp_path / "half.png")
    whole = (tmp_path / "half.png").read_bytes()
    (tmp_path / "half.png").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ValueError, match="broken image: half.png"):
        read_picture(tmp_path / "half.png")
    monkeypatch.setattr(picture, "MAX_PIXELS", 10)
    Image.fromarray(GREY).save(tmp_path / "large.png")
    with pytest.raises(ValueError, match="too large"):
        read_picture(tmp_path / "large.png")

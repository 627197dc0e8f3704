"""Pages and lines that a test can make: words in a typeface, on paper, described as ALTO and PAGE describe them."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from seqapp.datasets.image.line_height import to_columns
from seqapp.input_pipeline import Examples
from seqapp.recipe import (
    DataConfig,
    EncoderConfig,
    ImageAugmentationConfig,
    LineImageConfig,
    OutputConfig,
    Recipe,
    TrainingConfig,
)
from seqapp.senses import ImageSense

PAPER, INK = 235, 40
LINES = ("une ligne gelée", "puis la deuxième", "et la fin")
LEFT, TOP, STEP, BELOW = 30, 20, 60, 14  # pixels: margin, first line's top, from line to line, under the baseline
NO_AUGMENTATION = ImageAugmentationConfig(
    scale=0.0, rotation_deg=0.0, shear=0.0, shift=0.0, warp=0.0, stroke_probability=0.0, contrast=0.0,
    blur_probability=0.0, noise=0.0, erasures=0,
)  # fmt: skip


def draw_line(text, size=32, margin=6):
    """Grey uint8 `[h, w]`: a text in a typeface."""
    font = ImageFont.load_default(size)
    left, top, right, bottom = font.getbbox(text)
    picture = Image.new("L", (int(right - left) + 2 * margin, int(bottom - top) + 2 * margin), PAPER)
    ImageDraw.Draw(picture).text((margin - left, margin - top), text, INK, font)
    return np.asarray(picture)


def draw_page(texts=LINES, width=400):
    """A page, and for each of its lines (polygon, baseline), lists of (x, y)."""
    picture = Image.new("L", (width, TOP + STEP * len(texts) + 20), PAPER)
    font, shapes = ImageFont.load_default(32), []
    for number, text in enumerate(texts):
        baseline = TOP + STEP * number + 40
        right = LEFT + int(font.getlength(text))
        ImageDraw.Draw(picture).text((LEFT, baseline), text, INK, font, anchor="ls")
        polygon = [(LEFT - 4, baseline - 36), (right + 4, baseline - 36), (right + 4, baseline + BELOW)]
        shapes.append(([*polygon, (LEFT - 4, baseline + BELOW)], [(LEFT, baseline), (right, baseline)]))
    return np.asarray(picture), shapes


def point_list(points, between=" ", behind=" "):
    return behind.join(f"{x}{between}{y}" for x, y in points)


def alto(texts, shapes, size, image="page.png", version=4):
    """ALTO as eScriptorium writes it: blanks between numbers, one String a line."""
    lines = "".join(
        f'<TextLine ID="l{i}" HPOS="{polygon[0][0]}" VPOS="{polygon[0][1]}" WIDTH="9" HEIGHT="9" '
        f'BASELINE="{point_list(baseline)}"><Shape><Polygon POINTS="{point_list(polygon)}"/></Shape>'
        f'<String CONTENT="{text}" HPOS="1" VPOS="1" WIDTH="9" HEIGHT="9"/></TextLine>'
        for i, (text, (polygon, baseline)) in enumerate(zip(texts, shapes))
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><alto xmlns="http://www.loc.gov/standards/alto/ns-v{version}#">'
        f"<Description><MeasurementUnit>pixel</MeasurementUnit><sourceImageInformation><fileName>{image}</fileName>"
        f'</sourceImageInformation></Description><Layout><Page WIDTH="{size[0]}" HEIGHT="{size[1]}"><PrintSpace>'
        f"<TextBlock>{lines}</TextBlock></PrintSpace></Page></Layout></alto>"
    )


def page_xml(texts, shapes, size, image="page.png", version="2013-07-15"):
    """PAGE as Transkribus writes it: commas between coordinates."""
    lines = "".join(
        f'<TextLine id="l{i}"><Coords points="{point_list(polygon, ",")}"/>'
        f'<Baseline points="{point_list(baseline, ",")}"/><TextEquiv><Unicode>{text}</Unicode></TextEquiv></TextLine>'
        for i, (text, (polygon, baseline)) in enumerate(zip(texts, shapes))
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/'
        f'{version}"><Page imageFilename="{image}" imageWidth="{size[0]}" imageHeight="{size[1]}"><TextRegion>{lines}'
        f"<TextEquiv><Unicode>all of it</Unicode></TextEquiv></TextRegion></Page></PcGts>"
    )


def write_page(folder: Path, name="page", write=alto, texts=LINES, image_folder=None):
    """A layout and its picture; returns the layout's path."""
    folder, image_folder = Path(folder), Path(image_folder or folder)
    for place in (folder, image_folder):
        place.mkdir(parents=True, exist_ok=True)
    picture, shapes = draw_page(texts)
    Image.fromarray(picture).save(image_folder / f"{name}.png")
    path = folder / f"{name}.xml"
    path.write_text(write(texts, shapes, picture.shape[::-1], f"{name}.png"), encoding="utf-8")
    return path


def records(texts):
    """Dicts as a corpus of lines yields them, by two writers in turn."""
    return [
        {"id": f"l{i}", "text": text, "writer_id": f"w{i % 2}", "columns": to_columns(draw_line(text))}
        for i, text in enumerate(texts)
    ]


def small_examples(texts=("ab", "ba a", "b", "aab")):
    return Examples.from_iterable(records(texts), ImageSense)


def image_recipe(augmentation=NO_AUGMENTATION, training=None, **encoder):
    encoder = {
        "units": 8, "num_layers": 1, "image_channels": (3, 4), "image_strides": (2, 2), "image_row_strides": (2, 2),
        "stem_kernel": 1, "stem_strides": (1,), "dropout": 0.0, "execution": "loop", **encoder,
    }  # fmt: skip
    return Recipe(
        data=DataConfig(batch_frames=400, max_batch_size=4),
        features=LineImageConfig(height=24),
        augmentation=augmentation,
        encoder=EncoderConfig(**encoder),
        output=OutputConfig(confidence_examples=0),
        training=TrainingConfig(**(training or {})),
    )

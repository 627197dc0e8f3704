"""Table of the recording conditions of line images."""

import numpy as np

from seqapp.conditions.condition import Damage, drawn, of_strength
from seqapp.conditions.image.binarisation import binarise
from seqapp.conditions.image.edges import add_margins, crop, frame
from seqapp.conditions.image.geometry import perspective, skew
from seqapp.conditions.image.grain import grain, salt_and_pepper
from seqapp.conditions.image.jpeg import jpeg
from seqapp.conditions.image.light import shadow, vignette
from seqapp.conditions.image.neighbours import intrude, show_through
from seqapp.conditions.image.reread import read_again
from seqapp.conditions.image.ruling import rule, rule_across
from seqapp.conditions.image.sharpness import blur, shrink
from seqapp.conditions.image.tone import darken, fade, invert
from seqapp.recipe.rules import CORPUS_HEIGHT

# Rows of a line that corpora keep: its middle is 32, small letters reach from about 25 to 39.
BASELINE = 39.5
LINE_SPACING = 36.0
SQUARES = 18.0


def _shadow(columns, brightness, rng, others):
    return shadow(columns, brightness, rng.uniform(0.3, 0.7), 0.5, rng.uniform(-1.0, 1.0))


def _ruled(columns, darkness, *_):
    return rule(columns, BASELINE, LINE_SPACING, 1.5, darkness, wobble=0.5)


def _squared(columns, darkness, rng, others):
    columns = rule(columns, BASELINE, SQUARES, 1.0, darkness)
    return rule_across(columns, rng.uniform(0.0, SQUARES), SQUARES, 1.0, darkness)


def _resolution(columns, rows, *_):
    return shrink(columns, rows / CORPUS_HEIGHT)


def _frame(columns, pixels, *_):
    return frame(columns, *[pixels] * 4)


def _neighbours(columns, heights, rng, others):
    above, below = (_as_wide(others(rng), columns) for _ in range(2))
    return intrude(columns, above, below, heights * CORPUS_HEIGHT)


def _show_through(columns, strength, rng, others):
    back = np.roll(_as_wide(others(rng), columns), rng.integers(-12, 13), axis=1)
    return show_through(columns, back, strength)


def _as_wide(other, columns):
    """Cut or repeat another line so that it is as long as this one."""
    return np.resize(other, columns.shape)


DAMAGES = {
    "inverted": Damage(lambda columns, *_: invert(columns), "", (1.0,), "white on black"),
    "faint": Damage(of_strength(fade), "of the contrast", (0.25,), "pencil, or ink that paled"),
    "shadow": Damage(_shadow, "of the light", (0.45,), "a broad shadow across the middle"),
    "vignette": Damage(of_strength(vignette), "of the light", (0.45,), "dark corners"),
    "dark_paper": Damage(of_strength(darken), "of the light", (0.6,), "paper that is grey, brown or red"),
    "ruled": Damage(_ruled, "of the light taken", (0.5,), "lines at the baseline and above"),
    "squared": Damage(_squared, "of the light taken", (0.5,), "squares of half a line"),
    "resolution": Damage(_resolution, "rows", (24.0, 16.0), "few pixels"),
    "blur": Damage(of_strength(blur), "pixels of 64 rows", (1.5,), "out of focus, standard deviation"),
    "noise": Damage(drawn(grain), "of full scale", (0.1,), "a sensor in the dark, standard deviation"),
    "specks": Damage(drawn(salt_and_pepper), "of the pixels", (0.02,), "white and black pixels"),
    "jpeg": Damage(lambda columns, quality, *_: jpeg(columns, int(quality)), "quality", (15.0,), "written as JPEG"),
    "skew": Damage(of_strength(skew), "degrees", (3.0,), "turned clockwise"),
    "perspective": Damage(of_strength(perspective), "of the height", (0.6,), "one end farther away"),
    "loose": Damage(of_strength(add_margins), "heights", (0.5,), "paper on all sides"),
    "tight": Damage(of_strength(crop), "of the rows", (0.2,), "cut off at the top and again at the bottom"),
    "frame": Damage(_frame, "pixels of 64 rows", (4.0,), "black edges all around"),
    "neighbours": Damage(_neighbours, "heights", (0.6,), "lines so far above and below reach in"),
    "show_through": Damage(_show_through, "of the darkness", (0.3,), "the back of the paper"),
    "binarised": Damage(lambda columns, *_: binarise(columns), "", (1.0,), "black and white"),
}
# A condition may change the size of a picture: whatever it gives is read as a file would be.
TABLE = read_again(DAMAGES)

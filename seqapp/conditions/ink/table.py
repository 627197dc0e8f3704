"""Table of the recording conditions of ink."""

from seqapp.conditions.condition import Damage, drawn, of_strength
from seqapp.conditions.ink.corrections import strike_through, underline
from seqapp.conditions.ink.device import decimate, jitter, round_to_grid, sample, without_times
from seqapp.conditions.ink.hand import rotate, slant, stretch
from seqapp.conditions.ink.late_strokes import late_dots

TABLE = {
    "jitter": Damage(drawn(jitter), "heights", (0.02,), "every point moved by itself, standard deviation"),
    "every": Damage(
        lambda points, step, *_: decimate(points, int(step)), "points", (6.0,), "one point kept of so many"
    ),
    "sample_rate": Damage(of_strength(sample), "points/s", (20.0,), "sampled anew at equal steps of time"),
    "grid": Damage(of_strength(round_to_grid), "cells a line", (20.0,), "coordinates rounded to a grid"),
    "no_times": Damage(lambda points, *_: without_times(points), "", (1.0,), "all times 0"),
    "narrow": Damage(of_strength(stretch), "times as wide", (0.6,), "x multiplied"),
    "slant": Damage(of_strength(slant), "x per y", (-0.7,), "leaning: negative to the right"),
    "rotate": Damage(of_strength(rotate), "degrees", (20.0,), "turned on the tablet, downhill"),
    "late_dots": Damage(of_strength(late_dots), "heights", (0.12,), "flatter strokes written behind everything else"),
    "underlined": Damage(drawn(underline), "heights", (0.1,), "a stroke so far below the writing"),
    "struck_through": Damage(drawn(strike_through), "heights", (0.0,), "a stroke so far above the middle"),
}

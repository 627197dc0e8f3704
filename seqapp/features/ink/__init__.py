"""Features of pen ink: points float32 `[N, 4]` (x, y down, time_s, pen_up) to frames float32 `[T, F]`.

ink_features      points to frames, and the frame of each point
normalization     size, slope and place made alike; resampling: points at equal distances along the strokes
even_hand         slants, and lines under the writing, taken out; smooth_path: few points joined by curves
line_moments      where the drawn lines lie, each weighted by its length
point_features    the frames of resampled points; curve_features: those of fitted Bezier curves
strokes           the strokes of an ink; joining: two inks as one line
written_lines     the line of every stroke of a note; stroke_boxes, stroke_runs: what finds them
augmentation      distorted training ink
"""

from seqapp.features.ink.augmentation import augment
from seqapp.features.ink.ink_features import frame_of_point, ink_features, num_features
from seqapp.features.ink.joining import join

__all__ = ["augment", "frame_of_point", "ink_features", "join", "num_features"]

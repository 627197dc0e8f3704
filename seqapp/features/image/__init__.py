"""Features of line images: columns of grey to columns of darkness float32 `[T, F]`.

line_image        contrast, height and aspect made alike; line_extent: where the ink of a line lies
even_ink          the same for kind "even", free of light, ruling and frames; even_extent: in spite of neighbours
augmentation      distorted training lines; warp: resampling at displaced places
"""

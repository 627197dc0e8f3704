"""Features of line images: columns of grey to columns of darkness float32 `[T, F]`.

line_image        contrast, height and aspect made alike; line_extent: where the ink of a line lies
augmentation      distorted training lines; warp: resampling at displaced places
"""

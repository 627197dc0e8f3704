"""Recording conditions of line images: light, paper, ruling, camera, scanner, cropping, neighbours.

Functions of columns float32 `[W, H]` in [0, 1], 1 white, of any W and H above 0: TensorFlow operations, so that
augmentation draws the very damage that evaluation measures. Some are for evaluation alone (NumPy and Pillow): JPEG,
binarisation, turned and distorted pictures. Lengths are in pixels unless said otherwise.

tone              inverted, faint, dark paper; light: shadows
ruling            ruled and squared paper
neighbours        other lines above, below and behind
sharpness         resolution and blur; grain: noise; jpeg, binarisation
edges             margins, cropping, frames
geometry          turned and seen from the side
reread            a damaged picture read as a file is
table             conditions for evaluation
kept_out          conditions that no model is trained with
paper             random damage of training lines
"""

"""Recording conditions of ink: the device, the way of holding it, the order of strokes, and corrections.

TensorFlow operations on points float32 `[N, 4]` (x, y growing down, time in s, pen_up), of any N, so that augmentation
draws the very damage that evaluation measures. Heights are those of the ink's bounding box.

device            jitter, few points, coarse grids, missing times
hand              narrow or wide, slanted, turned
late_strokes      dots and bars written behind everything else
corrections       lines under and through the writing
table             conditions for evaluation
kept_out          conditions that no model is trained with
pen               random damage of training ink
"""

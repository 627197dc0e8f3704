"""Line finder: the picture of a page to its text lines, in reading order.

found_line         FoundLine: a line as a finder gives it
"""

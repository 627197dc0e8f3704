"""Line finder: the picture of a page to its text lines, in reading order.

found_line         FoundLine: a line as a finder gives it
network            the network: convolutions, recurrent sweeps along rows and columns, maps
loss               its loss
page_module        a page to maps as a graph; export writes it as a SavedModel
ridges, find_lines maps to lines; reading_order sorts them
line_finder        LineFinder: a picture to lines
"""

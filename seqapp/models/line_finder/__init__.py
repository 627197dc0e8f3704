"""Line finder: the picture of a page to its text lines, in reading order.

found_line         FoundLine: a line as a finder gives it
network            the network: convolutions, recurrent sweeps along rows and columns, maps
loss               its loss
page_module        a page to maps as a graph; export writes it as a SavedModel
ridges, find_lines maps to lines; reading_order sorts them
rulings            lines across the rulings of a table to those of its cells
small_print        lines of print on a page of handwriting, left out
starting_weights   weights of another line finder, to begin a training with
line_finder        LineFinder: a picture to lines
"""

"""Corpora of line images: one folder each, and what their readers share.

line_image     LineImage: columns, text, writer and id of one example
line_builder   the base of TFDS builders; page_builder: of those that read page layouts
line_files     any file, folder or archive of lines or pages that a user gives
line_reading   files of one line each; page_reading: pages with their layouts
layout         files of ALTO and PAGE, parsed once; page: the layout of a page
picture        image files as grey arrays
straightening  a line cut out along its baseline; line_height: lines in one size of letters
line_isolation the line in the middle of a rectangle, without its neighbours
even_ink       ink free of light and ruling; even_extent: its extent and slope in damaged pictures
"""

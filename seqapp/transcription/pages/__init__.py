"""Pages of images: the line finder that a script's option names, pages read with progress, and what is written of them.

line_finders       opened when the first page comes; the error where there is none
read_pages         pages one after the other, the next one prepared meanwhile
page_formats       txt, json, trn, ALTO and PAGE of a page; new_layouts: the XML of the latter two
given_layouts      layouts that lie beside page pictures
text_evaluation    page texts with found lines beside those with the true layout (evaluate_pages.py --recogniser)
"""

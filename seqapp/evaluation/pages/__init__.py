"""Evaluation of whole pages: page_texts, character errors of texts in reading order, lines found beside the layout;
found_layouts, lines that another tool found.
"""

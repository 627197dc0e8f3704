"""Bentham papers: English manuscripts around 1800, mostly in one hand."""

"""Corpora of pen ink: one folder each, and what their readers share.

ink            Ink: points, text, writer and id of one example
ink_builder    the base of TFDS builders
ink_files      any file, folder or archive of ink that a user gives
line_division  unlabelled ink by lines, for models that read one; note_composition: lines composed to notes
"""

from seqapp.datasets.ink.ink import Ink

__all__ = ["Ink"]

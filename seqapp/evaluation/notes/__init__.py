"""Evaluation of notes of several lines: composed_notes, of single lines of a corpus, with the line of every stroke."""

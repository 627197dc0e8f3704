"""Plots of evaluations and models as matplotlib figures. Each module needs matplotlib: import it where it is used.

ink_alignment, speech_alignment, image_alignment      the alignment of one example: input, posteriors, text
alignment_columns, posteriors, texts, ink             their parts
errors           confusions, errors by length, errors by writer or speaker
reliability      accuracy over confidence
learning_curves  metrics of a training over its steps
pictures         figures as files; figure: what all of them share
"""

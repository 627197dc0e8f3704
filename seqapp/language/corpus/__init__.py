"""Text corpora of language models: files to token ids in three parts, and the windows that training reads.

text_corpus   text files to training, validation and test; text_windows: windows of truncated backpropagation
vocabulary    tokens and their ids
"""

"""Beam search decoding with language models: log-probabilities of frames to texts, n-best and confidences.

beam_search      CTC prefix beam search, whole or as a stream
scorers          what may speak for a text beside the network: characters, words, a lexicon, hotwords
token_fit        language models of other programs in the symbols of an alphabet
spelling         any text in the symbols of an alphabet; lexicon: word lists and pronunciation dictionaries
decoder          a search and its scorers from the few values of config; options are those of scripts
rescoring        a second look at the texts found, by models that want to see them whole
sentences        texts as tokens; text_files: lines of files, folders and archives
ngram            n-gram models: estimate, read_arpa, write_arpa
confidence       of a word or text, from those of its characters
tuning           weights from a validation set; calibration: confidences that mean what they say

Floor 1. NumPy alone, and nothing imported here: a script's --help needs the options only.
"""

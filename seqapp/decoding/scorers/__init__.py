"""Scorers of prefix beam search: what may speak for a text beside the network.

scorer             the protocol of all of them
character_scorer   an n-gram over characters; word_scorer: over words, with or without a lexicon
hotword_scorer     words and phrases to be preferred
automaton, trie    automata of n-grams and of words, which scorers walk
"""

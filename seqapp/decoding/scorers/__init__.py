"""Scorers of the prefix beam search: n-gram models of characters and words, lexicon, hotwords.

scorer             the protocol of all of them
character_scorer   an n-gram over characters; word_scorer: over words, with or without a lexicon
hotword_scorer     words and phrases to be preferred
automaton, trie    automata of n-grams and of words, which scorers walk
"""

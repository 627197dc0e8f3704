"""The graph of an exported language model: text in, next tokens and words out.

language_module   functions of the signatures; word_search: whole words from characters; word_choice: from words
"""

"""Language models as a product: what comes next in a text, of characters or of words. Floor 3.

corpora        a user's text files -> train, validation and test, as ids of a Vocabulary
model          LanguageModel: embedding, recurrent layers that carry their state on, softmax
windows        what a step of truncated backpropagation reads; seqapp.training trains
perplexity     bits and perplexity of a text, every token counted; comparison: beside torch.nn.LSTM
open_model     a workdir or a SavedModel -> functions; module says which, export writes them
predictor      what comes next: ranked words, texts drawn at random, as one types
word_search    whole words from letters, and word_choice from a softmax over words, inside the graph
memory         the states of all layers while a text is read
rescoring      how likely texts are: a second look at what a recogniser's search found
"""

"""Language models as a product: what comes next in a text, of characters or of words. Floor 5.

corpora        a user's text files -> train, validation and test, as ids of a Vocabulary
model          LanguageModel: embedding, recurrent layers that carry their state on, softmax
training       windows of truncated backpropagation, the checkpoints and logs of seqapp.training
perplexity     bits and perplexity of a text, every token counted
predictor      what comes next: ranked words, texts drawn at random, as one types
export         the SavedModel
"""

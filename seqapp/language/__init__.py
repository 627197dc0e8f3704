"""Language models: the next token of a text, of characters or of words. Floor 5.

corpus/        text files to token ids; the windows that training reads
network/       LanguageModel: embedding, recurrent layers, softmax
exported/      the graph of an exported model; export writes it
open_model     a workdir or a SavedModel as functions
predictor      next words with probabilities, completions, sampled texts; prediction, sampling: its parts
perplexity     bits and perplexity of a text, every token counted
rescorer       log-probabilities of the n-best texts of a recogniser
hidden_states  states of all layers while a text is read
"""

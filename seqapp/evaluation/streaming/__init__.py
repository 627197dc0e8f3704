"""Evaluation of streaming: chunks beside whole utterances, silence, endurance (evaluate_stream.py).

chunkwise    texts, errors, latency of chunks beside the same model on each utterance as a whole
silence      words that a model emits in silence and noise; endurance: memory and time of hours of audio
report       the results as a table and as plain values
"""

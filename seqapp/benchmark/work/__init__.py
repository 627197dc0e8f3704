"""Workloads of the benchmark: each module maps the name of a row to a function that builds its runs.

rnn, ctc, features    layers, losses and front ends beside their peers
stream, next_word, decoders      streaming steps, next words, decoders of a trained model
"""

"""Transcribers: a trained model as an object that turns raw examples into Readings, whole or as a stream.

transcriber             a model of a workdir or SavedModel; beam_transcriber: decoded by beam search
streaming_transcriber   one stream of audio; endpointing: rules that end an utterance
greedy_characters, beam_characters      characters of an utterance, frame by frame
"""

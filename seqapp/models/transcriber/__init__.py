"""Transcribers: trained models as objects that turn raw examples into Readings, whole or as a stream.

transcriber             the protocol of all of them; local_transcriber: a model of a workdir, a SavedModel or memory
decoding                the strategies: greedy, beam search with language models
greedy_characters, beam_characters      characters of an utterance of a stream, frame by frame
streaming_transcriber   one stream of audio; endpointing: rules that end an utterance
padding                 examples as one batch
"""

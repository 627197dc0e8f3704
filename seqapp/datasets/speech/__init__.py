"""Corpora of speech: one folder each, and what their readers share.

audio          Audio: samples, text, speaker and id of one example; utterance: decoded and checked
audio_builder  the base of TFDS builders
audio_files    any file, folder or archive of speech that a user gives
audio_source   audio in chunks: a file, standard input, a microphone
waveform       any audio file as int16 at one rate; steady_file and truncation guard its decoder
container_file M4A, WebM, AMR ... by PyAV, for waveform
"""

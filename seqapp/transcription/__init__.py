"""Transcribing files and streams: a model and a user's files to text, subtitles, ALTO and PAGE. Floor 6.

model              Model, the Python API: seqapp.load_model
open_transcriber   the transcriber that options of a script ask for
transcripts        readings written as txt, json, trn, srt, vtt; subtitles: cues of the latter two
output_paths       files of ids; output_options: format, folder, resuming
recording          recordings of any length: pauses, pieces, their readings joined
layouts            readings written back into ALTO and PAGE
listen             one stream from a file, standard input or a microphone; stream_options: its options
"""

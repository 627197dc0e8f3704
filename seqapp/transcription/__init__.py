"""Transcribing files and streams: a model and a user's files to text, subtitles, ALTO and PAGE. Floor 6.

model              Model, the Python API: seqapp.load_model
open_transcriber   the transcriber that options of a script ask for
transcripts        readings written in every format; subtitles: cues of srt and vtt
transcription_job  examples read in groups, each written as soon as it is read
output_paths       files of ids; output_options: format, folder, resuming
recording          recordings of any length: pauses, pieces, their readings joined
layouts            readings written back into ALTO and PAGE
pages              pages of images: line finders, reading, what is written
listen             one stream from a file, standard input or a microphone; stream_options: its options
"""

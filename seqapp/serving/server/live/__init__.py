"""Live streams over WebSockets: ink and speech recognised while they arrive, next words.

routes         /live and /live/MODEL; connection: one WebSocket and one conversation; next_words: their requests
ink_conversation, audio_conversation      answers to a stream of ink or audio
settled_lines  lines of live ink that are not read again; words: hotwords and lexicon
message, answer   JSON in and out; agreement: the stable part of partial texts
models         models that can stream; limits: bounds of one stream and of all; streams: those that are open
"""

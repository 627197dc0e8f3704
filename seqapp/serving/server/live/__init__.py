"""Live streams over WebSockets: ink and speech recognised while they arrive, next words.

routes         /live and /live/MODEL; connection: one WebSocket and one conversation
ink_conversation, audio_conversation      what a stream of ink or audio answers
message, answer   JSON in and out; agreement: the stable part of partial texts
models         models that can stream; limits: bounds of one stream and of all
"""

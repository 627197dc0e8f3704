"""Recordings of any length: cut at pauses, read in batches, joined.

pauses           silence, by energy above a running noise floor
pieces           a recording cut while it is decoded
nothing_said     music and noise: their text is left out
read_recording   its parts, read in order; joining: parts as one reading
long_evaluation  utterances joined to a recording, beside each alone (evaluate_recording.py)
"""

"""Recording conditions of speech: level, noise, room, microphone, line and codec.

TensorFlow operations on waveforms float32 `[N]` of full scale 1, so that augmentation draws the very damage that
evaluation measures; codecs, which are no TensorFlow operations, are for evaluation alone.

level, clipping, interference, pauses, telephone, codec     the functions
table             conditions for evaluation
kept_out          conditions that no model is trained with
channel           random damage of training audio
"""

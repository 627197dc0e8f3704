"""Raw input to text as one graph: features, network, decoding; the content of a recogniser's SavedModel.

raw_to_text     the base of all senses; ink_to_text, speech_to_text, image_to_text
ink_rows        lines of a note as rows of a batch, and back
speech_stream   the signatures stream_init and stream_step; leading_silence: blank frames before the first sound
character_places      places of characters outside of the graph
best_texts      the signature beam; score_texts: the signature score_text
to_text_class   the class for a recipe
"""

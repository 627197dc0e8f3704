"""seqapp: handwriting and speech to text with recurrent networks, from raw data to one SavedModel."""

__version__ = "0.1.0"

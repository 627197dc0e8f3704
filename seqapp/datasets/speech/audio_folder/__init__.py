"""Audio files with their transcripts beside them."""

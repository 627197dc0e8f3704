"""LibriSpeech: chapters of audio books, cut into utterances."""

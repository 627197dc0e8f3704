"""TIMIT: phonetically rich sentences by speakers of eight dialects of American English."""

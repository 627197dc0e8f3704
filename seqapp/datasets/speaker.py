"""Names of speakers, hashed as those of writers are: real names occur as speaker ids, and none is written out."""

from seqapp.datasets.writer import hashed_writer


def hashed_speaker(corpus: str, speaker: str) -> str:
    """Hashes a speaker.

    Args:
        corpus: Name of the corpus: equal ids of two corpora are two speakers.
        speaker: As written in the corpus; empty when unknown.

    Returns:
        "corpus/" and the first 8 hex digits of sha1("corpus/speaker"); empty for an unknown speaker.

    Example:
        >>> hashed_speaker("an4", "fash")
        'an4/01c607c3'
    """
    return hashed_writer(corpus, speaker)

"""N-gram language models: estimation from a text, ARPA files, perplexity."""

from seqapp.decoding.ngram.arpa_reader import read_arpa
from seqapp.decoding.ngram.arpa_writer import write_arpa
from seqapp.decoding.ngram.compact import (
    quantised,
    read_compact,
    read_ngram_model,
    write_beside,
    write_compact,
    write_ngram_model,
)
from seqapp.decoding.ngram.estimate import estimate, estimate_encoded
from seqapp.decoding.ngram.model import BEGIN, END, UNKNOWN, NGramModel
from seqapp.decoding.ngram.perplexity import log_prob, perplexity
from seqapp.decoding.ngram.sums import check_sums, review_sums

__all__ = [
    "BEGIN",
    "END",
    "UNKNOWN",
    "NGramModel",
    "check_sums",
    "estimate",
    "estimate_encoded",
    "log_prob",
    "perplexity",
    "quantised",
    "read_arpa",
    "read_compact",
    "read_ngram_model",
    "review_sums",
    "write_arpa",
    "write_beside",
    "write_compact",
    "write_ngram_model",
]

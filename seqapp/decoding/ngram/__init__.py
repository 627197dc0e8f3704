"""N-gram language models: estimation from a text, ARPA files, perplexity."""

from seqapp.decoding.ngram.arpa_reader import read_arpa
from seqapp.decoding.ngram.arpa_writer import write_arpa
from seqapp.decoding.ngram.byte_columns import back_off_costs, depths, in_bytes, parents
from seqapp.decoding.ngram.compact import (
    COMPACT,
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
    "COMPACT",
    "END",
    "UNKNOWN",
    "NGramModel",
    "back_off_costs",
    "check_sums",
    "depths",
    "estimate",
    "estimate_encoded",
    "in_bytes",
    "log_prob",
    "parents",
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

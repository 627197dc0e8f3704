"""CTC prefix beam search in TensorFlow operations, with a language model's help: whole rows, or chunk by chunk."""

from seqapp.ctc.prefix_search.beams import Beams, begin, choose, settle
from seqapp.ctc.prefix_search.pruning import Pruning
from seqapp.ctc.prefix_search.scorer import LabelScorer
from seqapp.ctc.prefix_search.search import finish, search

__all__ = ["Beams", "LabelScorer", "Pruning", "begin", "choose", "finish", "search", "settle"]

"""Evaluation: recognised texts to error rates, tables and plots; knows no model and imports no TensorFlow. Floor 5.

Recognition     one example: reference, hypothesis, the frames of its characters
summarise       Recognitions -> Evaluation: CER and WER with intervals, groups, confusions, lengths, samples
pool            Evaluations of models with a test set each -> Evaluation: cross-validation
training_texts  texts of a model's corpora and of files, by which an Evaluation tells new texts from those that recur
comparison      Evaluations of the same examples -> paired differences; comparison_report: as text and JSON
to_text, to_json, write_trn     Evaluation -> table, JSON, sclite's files
plots/          plots of alignments, errors, reliability and learning curves; need matplotlib
notes/          notes of several lines, composed of single ones, beside these alone
streaming/      chunks beside whole utterances, silence, endurance
hidden_states/  states of recurrent layers over time
"""

from seqapp.evaluation.bootstrap import Interval, PairedDifference, bootstrap_interval, paired_bootstrap
from seqapp.evaluation.comparison import Comparison, Contrast, compare, pool_or_compare
from seqapp.evaluation.comparison_report import comparison_to_json, comparison_to_text
from seqapp.evaluation.evaluation import Confusion, Evaluation, GroupErrors, LengthBin, ScoredExample
from seqapp.evaluation.pool import pool
from seqapp.evaluation.recognition import Recognition
from seqapp.evaluation.report import to_text
from seqapp.evaluation.report_json import to_dict, to_json
from seqapp.evaluation.summarise import summarise
from seqapp.evaluation.trn import write_trn

__all__ = [
    "Comparison",
    "Confusion",
    "Contrast",
    "Evaluation",
    "GroupErrors",
    "Interval",
    "LengthBin",
    "PairedDifference",
    "Recognition",
    "ScoredExample",
    "bootstrap_interval",
    "compare",
    "comparison_to_json",
    "comparison_to_text",
    "paired_bootstrap",
    "pool",
    "pool_or_compare",
    "summarise",
    "to_dict",
    "to_json",
    "to_text",
    "write_trn",
]

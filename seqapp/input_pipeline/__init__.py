"""Input pipeline: a corpus on disk to padded batches (read, survey, plan, augment, pad, prefetch). Floor 4."""

from seqapp.input_pipeline.batch_plan import BatchPlan
from seqapp.input_pipeline.batches import Corpus, evaluation_batches, training_batches
from seqapp.input_pipeline.bucket_plan import BucketPlan
from seqapp.input_pipeline.examples import Examples
from seqapp.input_pipeline.record_examples import RecordExamples
from seqapp.input_pipeline.statistics import feature_statistics
from seqapp.input_pipeline.stretch import stretches
from seqapp.input_pipeline.survey import Survey, survey

__all__ = [
    "BatchPlan",
    "BucketPlan",
    "Corpus",
    "Examples",
    "RecordExamples",
    "Survey",
    "evaluation_batches",
    "feature_statistics",
    "stretches",
    "survey",
    "training_batches",
]

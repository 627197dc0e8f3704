"""Evaluation under recording conditions: error rates and confidence when the raw input is damaged.

confidence_quality      whether confidence tells right readings from wrong: AUROC, calibration
condition_scores        one evaluation for each condition
fit_confidence          what makes the confidence of a model's readings the probability that they are right
report                  these as a table and as JSON
"""

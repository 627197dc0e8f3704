"""Evaluation under recording conditions: error rates and confidence when the raw input is damaged.

confidence_quality      whether confidence tells right readings from wrong: AUROC, calibration
condition_scores        one evaluation for each condition
report                  these as a table and as JSON
"""

"""IAM: English handwriting on forms, line by line."""

"""Mozilla Common Voice: sentences read by volunteers in many languages."""

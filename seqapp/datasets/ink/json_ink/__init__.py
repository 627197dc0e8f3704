"""Ink as JSON: what a web page or a few lines of script write."""

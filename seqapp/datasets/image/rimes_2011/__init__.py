"""RIMES 2011: French letters written by hand, as paragraphs with their lines."""

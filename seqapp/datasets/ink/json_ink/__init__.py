"""JSON ink, as a web page or a few lines of script write it."""

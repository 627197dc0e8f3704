"""Pages of several archives: one folder a source, ALTO or PAGE beside the pictures, marks written one way."""

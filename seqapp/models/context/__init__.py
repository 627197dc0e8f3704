"""Context in the graph: a language model of characters and the search that reads with it."""

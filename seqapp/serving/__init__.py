"""Serving: export of a workdir as a SavedModel, the server, its clients and page. Floor 6.

Nothing is imported here: a client, and `--help`, need no TensorFlow.
"""

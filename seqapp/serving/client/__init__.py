"""Clients of the server: requests from Python, models on a server used as local ones, load tests.

client             Client, with Python's standard library alone
remote_transcriber a model on a server with the methods of a local transcriber
load_test          request load: many clients, at full speed or at a rate; stream_load_test: many live streams
"""

from seqapp.serving.client.client import Client

__all__ = ["Client"]

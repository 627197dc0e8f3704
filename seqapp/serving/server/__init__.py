"""Server of models: those of a folder behind TensorFlow Serving's REST and gRPC contracts, and a route for files.

`Settings` imports without TensorFlow, so that `--help` answers at once.
"""

from seqapp.serving.server.settings import Settings

__all__ = ["Settings"]

"""Ray Serve: the same server on many machines, models as autoscaling deployments behind our own application.

    client -> Ray's proxy -> Ingress: REST, gRPC, WebSockets, page (`seqapp.serving.server`)
                                 -> Replicas of one version of one model, each with its own SavedModel and batches

A client sees the very application of `pipelines/serve.py`; Ray chooses a replica that computes, call by call.
Streams keep their state in the calls, so that any replica can take any chunk. `Scaling` imports without TensorFlow and
Ray.
"""

from seqapp.serving.ray_serve.scaling import Scaling

__all__ = ["Scaling"]

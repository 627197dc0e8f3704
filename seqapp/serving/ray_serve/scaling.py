"""Settings of replicas: name, default, meaning; `pipelines/serve_ray.py` makes an option of each."""

import dataclasses

from seqapp.serving.server.option_fields import knob


@dataclasses.dataclass(frozen=True)
class Scaling:
    """Number of replicas of a model, resources of each, and the cluster that they run in.

    Raises:
        ValueError: Fewer than one replica, more at least than at most, or a number that cannot be.
    """

    min_replicas: int = knob(1, "of each model, at least")
    max_replicas: int = knob(4, "of each model, at most")
    target_requests: float = knob(4.0, "requests at once in a replica, above which Ray starts another one")
    downscale_delay_s: float = knob(600.0, "seconds with fewer of them after which Ray ends one")
    cpus: float = knob(0.0, "cores that a replica reserves; 0: one, or an equal share where there are too few")
    gpus: float = knob(0.0, "GPUs that a replica reserves")
    ray_address: str = knob("", "of a Ray cluster, or auto; without one it is started here and ends with this program")
    object_store_mb: float = knob(256.0, "of memory for messages between processes, where Ray is started here")

    def __post_init__(self):
        if not 1 <= self.min_replicas <= self.max_replicas:
            raise ValueError(
                "Expected 1 <= min_replicas <= max_replicas. "
                f"Received: min_replicas={self.min_replicas}, max_replicas={self.max_replicas}."
            )
        for name in ("target_requests", "object_store_mb"):
            if not getattr(self, name) > 0:
                raise ValueError(f"Expected {name} above 0. Received: {getattr(self, name)}.")
        for name in ("cpus", "gpus", "downscale_delay_s"):
            if not getattr(self, name) >= 0:
                raise ValueError(f"Expected {name} of 0 or more. Received: {getattr(self, name)}.")

    def cpus_of_each(self, num_models: int, num_cores: float) -> float:
        """Compute the cores that one replica reserves, so that all models start where nothing else is asked for.

        Args:
            num_models: Versions of models that are served.
            num_cores: Of the whole cluster.

        Raises:
            ValueError: More are asked for than there are: Ray would wait for them for ever.
        """
        least = num_models * self.min_replicas
        cpus = self.cpus or min(1.0, int(100 * num_cores / least) / 100)
        if cpus * least > num_cores + 1e-6 or not cpus:
            raise ValueError(
                f"Expected room for {least} replicas of {cpus or 0.01:g} cores, {self.min_replicas} of each model. "
                f"Received: a cluster of {num_cores:g} cores. Give fewer --min-replicas or --cpus, or more nodes."
            )
        return cpus

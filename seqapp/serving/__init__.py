"""From a workdir to what is served: one SavedModel a task. Floor 3."""

from seqapp.serving.export import export

__all__ = ["export"]

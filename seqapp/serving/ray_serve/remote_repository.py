"""The models of a cluster, for an application that expects a repository."""

from pathlib import Path

from seqapp.serving.ray_serve.remote_model import RemoteModel
from seqapp.serving.server.loaded_models.repository import Repository, VersionStatus


class RemoteRepository(Repository):
    """A `Repository` that loads nothing: which versions there are was decided when they were deployed.

    Args:
        places: {name: {version: (folder, handle of the deployment)}}.
        settings: `Settings`.
        loop: Event loop of this process.
    """

    def __init__(self, places, settings, loop):
        super().__init__(".", settings)
        self._models = {
            name: {
                version: RemoteModel(name, version, Path(folder), handle, loop)
                for version, (folder, handle) in versions.items()
            }
            for name, versions in places.items()
        }
        for name, versions in places.items():
            for version in versions:
                self._set(name, VersionStatus(version, "AVAILABLE"))
        self.is_loaded = True

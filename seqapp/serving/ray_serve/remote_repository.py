"""Remote repository: the models of a cluster, with the interface of those in a folder."""

import asyncio
from pathlib import Path

from seqapp.serving.ray_serve.remote_model import RemoteModel
from seqapp.serving.server.loaded_models.repository import Repository, VersionStatus
from seqapp.serving.server.settings import Settings


class RemoteRepository(Repository):
    """A `Repository` that loads nothing: which versions there are was decided when they were deployed.

    Args:
        places: {name: {version: (folder, handle of the deployment)}}.
        settings: `Settings`.
        loop: Event loop of this process.
    """

    def __init__(self, places: dict, settings: Settings, loop: asyncio.AbstractEventLoop):
        super().__init__(".", settings)
        self._models = {
            name: {
                version: RemoteModel(name, version, Path(folder), handle, loop, settings)
                for version, (folder, handle) in versions.items()
            }
            for name, versions in places.items()
        }
        for name, versions in places.items():
            for version in versions:
                self._set(name, VersionStatus(version, "AVAILABLE"))
        self.is_loaded = True

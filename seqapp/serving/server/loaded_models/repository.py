"""Repository of models: new versions in a folder are loaded beside the old, which end when nobody uses them."""

import collections
import concurrent.futures
import dataclasses
import functools
import gc
import logging
import threading
import time
import weakref
from pathlib import Path

from seqapp.serving.server.budget import Budget
from seqapp.serving.server.loaded_models.model import Model
from seqapp.serving.server.loaded_models.versions import find_models, fingerprint
from seqapp.serving.server.loaded_models.warm_up import warm_up
from seqapp.serving.server.metrics import Metrics
from seqapp.serving.server.refusal import Refusal
from seqapp.serving.server.settings import Settings

log = logging.getLogger(__name__)

RETRY_AFTER_S = 2  # loading takes seconds


@dataclasses.dataclass(frozen=True)
class VersionStatus:
    """State of a version: START, LOADING, AVAILABLE, UNLOADING or END, and the error that kept it from loading."""

    version: int
    state: str
    error_code: str = "OK"
    error_message: str = ""


class Repository:
    """Serves the newest versions of every model of a folder.

    Only one thread looks at the folder; all others see whole dicts that are never changed, but replaced. A
    model answers as soon as it is loaded, whatever still loads; its first answers are slow until it has warmed up, in
    a thread beside.

    Args:
        path: As `find_models` takes it.
        settings: `Settings`.
        metrics: `Metrics`; None: new ones.

    Attributes:
        is_loaded: Whether the folder was looked at once, and all that can be loaded is.
        is_draining: Set when the server is about to end.
        budget: `Budget` of the memory of requests.
    """

    def __init__(self, path: str | Path, settings: Settings | None = None, metrics: Metrics | None = None):
        self.path = Path(path)
        self.settings = settings or Settings()
        self.metrics = metrics or Metrics()
        self.budget = Budget(self.settings)
        self._pool = concurrent.futures.ThreadPoolExecutor(self.settings.num_parallel, "model")
        self._heavy_pool = concurrent.futures.ThreadPoolExecutor(1, "heavy")
        self._warming = concurrent.futures.ThreadPoolExecutor(1, "warm-up")
        self._cold = set()  # names of models that are to warm up
        self._models: dict[str, dict[int, Model]] = {}
        self._statuses: dict[str, dict[int, VersionStatus]] = {}
        self._failed: dict[Path, tuple] = {}
        self._files: dict[Path, tuple] = {}  # as they were when their version was loaded
        self._ended = collections.deque()  # (name, version) of models that nobody holds any more
        self._num_looks = 0  # since something was unloaded
        self._stopped = threading.Event()
        self._watcher = None
        self.is_loaded = self.is_draining = False

    @property
    def is_ready(self) -> bool:
        """True where it answers; a model that is broken does not keep the others from it."""
        return self.is_loaded and not self.is_draining and bool(self.names())

    def names(self) -> list[str]:
        """List the names of the models that can be asked, sorted."""
        return sorted(name for name, versions in self._models.items() if versions)

    def states(self) -> dict[str, str]:
        """Get the state of the newest version of each model of the folder, with "WARMING" for one that is AVAILABLE,
        and whose first answers will be slow.
        """
        states = {name: versions[max(versions)].state for name, versions in self._statuses.items()}
        return {n: "WARMING" if s == "AVAILABLE" and n in self._cold else s for n, s in sorted(states.items())}

    def model(self, name: str, version: int | None = None, label: str | None = None) -> Model:
        """Get a loaded model; who holds it can finish with it, whatever happens to the folder.

        Args:
            name: Of the model.
            version: Number; None: the newest.
            label: Of `Settings.labels`, in place of a version.

        Raises:
            Refusal: NOT_FOUND; INVALID_ARGUMENT for an unknown label; UNAVAILABLE before all was loaded once.
        """
        versions = self._models.get(name, {})
        number = max(versions, default=None) if version is label is None else self._number(name, version, label)
        if number in versions:
            return versions[number]
        servable = f"Latest({name})" if number is None else f"Specific({name}, {number})"
        if not self.is_loaded:
            raise Refusal("UNAVAILABLE", f"Servable not yet available for request: {servable}", RETRY_AFTER_S)
        raise Refusal("NOT_FOUND", f"Servable not found for request: {servable}")

    def statuses(self, name: str, version: int | None = None, label: str | None = None) -> list[VersionStatus]:
        """Get the states of the versions of a model, the newest first.

        Args:
            name: Of the model.
            version: Number; None: all.
            label: Of `Settings.labels`, in place of a version.

        Raises:
            Refusal: NOT_FOUND; INVALID_ARGUMENT for an unknown label.
        """
        statuses = self._statuses.get(name, {})
        if version is label is None:
            if not statuses:
                raise Refusal("NOT_FOUND", f"Could not find any versions of model {name}")
            return [statuses[number] for number in sorted(statuses, reverse=True)]
        number = self._number(name, version, label)
        if number not in statuses:
            raise Refusal("NOT_FOUND", f"Could not find version {number} of model {name}")
        return [statuses[number]]

    def start(self) -> None:
        """Load all, and follow the folder, in a thread of its own."""
        self._watcher = threading.Thread(target=self._watch, name="repository", daemon=True)
        self._watcher.start()

    def close(self) -> None:
        """Stop following the folder; batches that are being computed are finished."""
        self._stopped.set()
        if self._watcher:
            self._watcher.join()
        self._warming.shutdown(cancel_futures=True)
        self._pool.shutdown()
        self._heavy_pool.shutdown()

    def refresh(self) -> None:
        """Look at the folder once: load what is new, then let go of what is old.

        Raises:
            ValueError: No such folder.
        """
        models = find_models(self.path)
        for name in models.keys() - self._statuses.keys():
            self._set(name, VersionStatus(max(models[name]), "START"))
        for name, versions in models.items():
            self._follow(name, versions)
        for name in self._models.keys() - models.keys():
            self._keep(name, set())
            self._models = {other: versions for other, versions in self._models.items() if other != name}
        self.is_loaded = True
        self._bury()

    def _watch(self):
        while not self._stopped.is_set():
            try:
                self.refresh()
            except (OSError, ValueError) as error:  # a folder that is away for a moment: what is loaded goes on
                log.warning("cannot look at %s: %s", self.path, error)
            self._stopped.wait(self.settings.poll_s)

    def _follow(self, name, folders):
        """Load the versions wanted of those that lie there, the newest first; then let go of the others."""
        labelled = set(self.settings.labels.get(name, {}).values())
        served = {*sorted(folders)[-self.settings.num_versions :], *(labelled & folders.keys())}
        self._models = {name: {}, **self._models}
        loaded = self._models[name].keys()
        changed = {version for version in served & loaded if self._has_changed(folders[version])}
        for version in sorted(changed | (served - loaded), reverse=True):
            start = time.perf_counter()
            if model := self._load(name, version, folders[version]):
                self._models = {**self._models, name: {**self._models[name], version: model}}
                self._set(name, VersionStatus(version, "AVAILABLE"))  # who reads this may ask
                log.info("%s/%d: available after %.1f s", name, version, time.perf_counter() - start)
            elif version in changed:  # what was loaded before goes on
                self._set(name, VersionStatus(version, "AVAILABLE"))
        # An old version stays where a new one is broken: somebody must answer.
        is_broken = bool(served - self._models[name].keys())
        self._keep(name, served | folders.keys() if is_broken else served)

    def _has_changed(self, folder):
        """Tell whether files of a loaded version are others now: it was loaded while they were copied, or replaced."""
        try:
            return fingerprint(folder) != self._files[folder]
        except OSError:  # it is being removed
            return False

    def _keep(self, name, versions):
        """Let go of all versions but these."""
        old = self._models[name]
        remaining = {version: model for version, model in old.items() if version in versions}
        for version in old.keys() - remaining.keys():
            self._set(name, VersionStatus(version, "UNLOADING"))
            self._num_looks = 0
            log.info("%s/%d: unloading", name, version)
        self._models = {**self._models, name: remaining}

    def _load(self, name, version, folder):
        """Load a version; None for one that cannot be loaded, which is tried again when its files have changed."""
        try:
            files = fingerprint(folder)
        except OSError as error:  # it is being written, or removed, or not for us
            log.warning("%s/%d: cannot be read: %s", name, version, error)
            return None
        if self._failed.get(folder) == files:
            return None
        self._set(name, VersionStatus(version, "LOADING"))
        try:
            observe = functools.partial(self.metrics.batch, name)
            model = Model(name, version, folder, self.settings, self._pool, observe, self.budget, self._heavy_pool)
            _ = (
                model.language_models
            )  # an alphabet, recipe or decoder that cannot be read is found now, not by a request
            if self._models[name]:  # another version answers meanwhile
                warm_up(model)
            else:
                self._cold.add(name)
                self._warming.submit(self._warm_up, model)
        except Exception as error:  # whatever lies in that folder, the other models are served
            self._failed[folder] = files
            self._set(name, VersionStatus(version, "END", "UNKNOWN", str(error)))
            log.error("%s/%d: cannot be loaded: %s", name, version, error)
            return None
        self._files[folder] = files
        weakref.finalize(model, self._ended.append, (name, version)).atexit = False
        return model

    def _warm_up(self, model):
        try:
            warm_up(model)
        except Exception:  # a request will hear of it, too
            log.exception("%s/%d: cannot warm up", model.name, model.version)
        self._cold.discard(model.name)

    def _bury(self):
        """Set the state of models that have ended.

        Graphs refer to themselves in circles, and finding these takes tenths of a second: it is done less and less
        often for one that is still held.
        """
        is_power_of_two = self._num_looks & (self._num_looks - 1) == 0
        statuses = [status for versions in self._statuses.values() for status in versions.values()]
        if is_power_of_two and any(status.state == "UNLOADING" for status in statuses):
            gc.collect()
        self._num_looks += 1
        while self._ended:
            name, version = self._ended.popleft()
            if version not in self._models.get(name, {}):
                self._set(name, VersionStatus(version, "END"))

    def _set(self, name, status):
        self._statuses = {**self._statuses, name: {**self._statuses.get(name, {}), status.version: status}}

    def _number(self, name, version, label):
        if label is None:
            return version
        if label not in self.settings.labels.get(name, {}):
            raise Refusal("INVALID_ARGUMENT", f"Unrecognized servable version label: {label}")
        return self.settings.labels[name][label]

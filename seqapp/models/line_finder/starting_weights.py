"""Starting weights: a line finder that begins with what another one knows."""

import dataclasses
from pathlib import Path

from seqapp.models.line_finder.line_finder import is_line_finder, load_network
from seqapp.models.line_finder.network import LineFinderNetwork
from seqapp.models.model_folder import ModelFolder
from seqapp.models.workdir import Workdir
from seqapp.recipe import LineFinderConfig


def starting_weights(config: LineFinderConfig, path: str | Path) -> list:
    """Return the weights of a trained line finder, in the order of `LineFinderNetwork.weights`.

    Args:
        config: Of the network that is to begin with them; its dropout may be another.
        path: A workdir with its best weights, a SavedModel, or the folder of its versions.

    Raises:
        ValueError: There is no line finder, or it is of another size.
    """
    folder = ModelFolder.find(path)
    if not is_line_finder(folder.path):
        raise ValueError(f"{folder.path} holds no line finder to begin with. Expected the model of a PageRecipe.")
    own = folder.recipe.finder
    if differences := _differences(own, config):
        raise ValueError(f"--from: expected the sizes of {folder.path}, {differences[0]}. Received: {differences[1]}.")
    if not folder.is_saved_model:
        return load_network(Workdir(folder.path)).get_weights()
    network = LineFinderNetwork(own)
    network.build()
    for variable, value in zip(network.variables, folder.load_graph()._variables, strict=True):
        variable.assign(value)
    return network.get_weights()


def _differences(own, config):
    """Return what differs as two texts, of a model's own and of a new one's; an empty list where nothing does."""
    names = [field.name for field in dataclasses.fields(own) if field.name != "dropout"]
    names = [name for name in names if getattr(own, name) != getattr(config, name)]
    return [", ".join(f"finder.{name}={getattr(finder, name)}" for name in names) for finder in (own, config) if names]

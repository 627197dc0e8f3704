"""Serve models on many machines: the server of serve.py in front of autoscaling replicas, by Ray Serve.

python pipelines/serve_ray.py saved_models/
python pipelines/serve_ray.py /models --ray-address auto --min-replicas 2 --max-replicas 16 --host 0.0.0.0

Run again in a cluster, it takes up new versions; Ray exchanges the replicas while they answer.
"""

import argparse
import dataclasses
import importlib.util
from pathlib import Path

from seqapp import command_line
from seqapp.serving.ray_serve import Scaling
from seqapp.serving.server import Settings
from seqapp.serving.server.installed import check_installed
from seqapp.serving.server.versions import find_models

TYPES = {"tls_certificate": Path, "tls_key": Path}
OTHERWISE = ("poll_s", "num_parallel", "labels", "api_keys", "origins", "live")  # Ray's business, or no single value


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", type=Path, help="a folder NAME/VERSION/, the folder of one model, or one version")
    names = [add_options(parser, knobs) for knobs in (Settings(), Scaling())]
    parser.add_argument("--api-key-file", type=Path, help="a key a line (default: none, open to all who reach it)")
    parser.add_argument("--origin", nargs="+", default=[], dest="origins", help="web pages elsewhere that may call")
    given = vars(parser.parse_args(argv))
    settings, scaling = ({name: given[name] for name in some} for some in names)
    keys = given["api_key_file"].read_text("utf-8").split() if given["api_key_file"] else ()
    settings = Settings(**settings, origins=tuple(given["origins"]), api_keys=tuple(keys))
    scaling = Scaling(**scaling)
    find_models(given["models"])  # a mistake here answers at once
    check_installed()
    if importlib.util.find_spec("ray") is None:
        raise ValueError("Ray is not installed. Try: pip install -e '.[ray]'; pipelines/serve.py needs none.")

    command_line.import_tensorflow()
    from seqapp.serving.ray_serve.deployment import deploy, wait_for_end

    deploy(given["models"].resolve(), settings, scaling)
    if not scaling.ray_address:  # the cluster is ours, and ends with us
        wait_for_end()


def add_options(parser, knobs):
    """An option for each field but a few; their names."""
    fields = [field for field in dataclasses.fields(knobs) if field.name not in OTHERWISE]
    for field in fields:
        default = getattr(knobs, field.name)
        shown = "" if default in (None, "") else f" (default: {default})"
        name, kind = f"--{field.name.replace('_', '-')}", TYPES.get(field.name, type(default))
        parser.add_argument(name, type=kind, default=default, help=field.metadata["meaning"] + shown)
    return [field.name for field in fields]


if __name__ == "__main__":
    command_line.run(main)

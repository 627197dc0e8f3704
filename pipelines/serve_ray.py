"""Serve models on many machines, with Ray Serve.

python pipelines/serve_ray.py saved_models/
python pipelines/serve_ray.py /models --ray-address auto --min-replicas 2 --max-replicas 16 --host 0.0.0.0

The server of pipelines/serve.py stands in front of autoscaling replicas. Run again in a cluster, it takes up
new versions; there is no answer for as long as these take to load.
"""

import dataclasses
import importlib.util

from seqapp import command_line
from seqapp.serving.ray_serve import Scaling
from seqapp.serving.server.installed import check_installed
from seqapp.serving.server.loaded_models.versions import find_models
from seqapp.serving.server.option_fields import add_options
from seqapp.serving.server.options import add_server_options, settings_of

OF_RAY = ("poll_s", "num_parallel", "processes")  # knobs of one process: Ray's own business here


def main(argv=None):
    parser = command_line.make_parser(__doc__)
    add_server_options(parser, without=OF_RAY)
    add_options(parser.add_argument_group("replicas"), Scaling())
    arguments = parser.parse_args(argv)
    settings = settings_of(arguments)
    scaling = Scaling(**{field.name: getattr(arguments, field.name) for field in dataclasses.fields(Scaling)})
    command_line.expect_paths(settings.tls_certificate, settings.tls_key)
    find_models(arguments.models)  # a mistake here answers at once
    check_installed()
    if importlib.util.find_spec("ray") is None:
        raise ValueError("Ray is not installed. Try: pip install -e '.[ray]'; pipelines/serve.py needs none.")

    command_line.import_tensorflow()
    from seqapp.serving.ray_serve.deployment import deploy, wait_for_end

    deploy(arguments.models.resolve(), settings, scaling)
    if not scaling.ray_address:  # the cluster is ours, and ends with us
        wait_for_end()


if __name__ == "__main__":
    command_line.run(main)
